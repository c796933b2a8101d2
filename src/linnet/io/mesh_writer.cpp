// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/mesh_writer.hpp>

#include <linnet/core/agreement.hpp>

namespace linnet::io {

MeshWriter::MeshWriter(MPI_Comm comm, const std::string& stem, MeshPart part,
                       const RunDescription& run, std::optional<double> restart_time)
    : StepWriter(comm, stem, std::make_unique<MeshGeometry>(comm, std::move(part)), run,
                 restart_time) {}

MeshWriter MeshWriter::append(MPI_Comm comm, const std::string& stem, MeshPart part,
                              const RunDescription& run, double restart_time) {
  return MeshWriter(comm, stem, std::move(part), run, restart_time);
}

const FileOrder& MeshWriter::order(Center center) const {
  return static_cast<const MeshGeometry&>(geometry()).order(center); // as the constructor made it
}

void MeshWriter::write(const std::string& name, Center center, std::span<const double> values) {
  within_step([&] { write_field(name, center, 1, values); });
}

void MeshWriter::write_vector(const std::string& name, Center center,
                              std::span<const double> values) {
  within_step([&] { write_field(name, center, 3, values); });
}

void MeshWriter::write_components(const std::string& name, Center center,
                                  const std::vector<std::string>& components,
                                  std::span<const double> values) {
  const std::size_t width = components.size();
  within_step([&] {
    require_size(name, center, static_cast<int>(width), values.size());
    std::vector<double> one(values.size() / width);
    for (std::size_t c = 0; c < width; ++c) {
      for (std::size_t i = 0; i < one.size(); ++i) one[i] = values[i * width + c];
      write_field(name + "_" + components[c], center, 1, one);
    }
  });
}

void MeshWriter::write_quadrature(const std::string& name, int points, int components,
                                  std::span<const double> values) {
  within_step([&] {
    require_size(name, Center::cell, points * components, values.size());
    Shape more{points};
    if (components > 1) more.push_back(components);
    Shape shape{order(Center::cell).total()};
    shape.insert(shape.end(), more.begin(), more.end());
    const std::string dataset = create_array(name, shape);
    const auto block = order(Center::cell).to_file(values, points * components);
    file().write(dataset, order(Center::cell).slab(more), block.data());
  });
}

void MeshWriter::require_size(const std::string& name, Center center, int components,
                              std::size_t values) const {
  core::together(comm(), [&] {
    require_name(name);
    const std::int64_t expected = order(center).items() * components;
    if (static_cast<std::int64_t>(values) != expected)
      throw core::Error(core::ExitCode::internal,
                        "field '" + name + "' has " + std::to_string(values) +
                            " values; expected " + std::to_string(expected));
  });
}

void MeshWriter::write_field(const std::string& name, Center center, int components,
                             std::span<const double> values) {
  require_size(name, center, components, values.size());
  const std::string dataset = create_field(name, center, components, false);
  const auto block = order(center).to_file(values, components);
  const Shape more = components > 1 ? Shape{components} : Shape{};
  file().write(dataset, order(center).slab(more), block.data());
}

} // namespace linnet::io
