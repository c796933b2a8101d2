// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/field_writer.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/vec_array.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::io {
namespace {

/// Components first ... first+count of all points; components that do not exist are zero.
std::vector<double> extract(const VecLayout& layout, const double* local, int first, int count) {
  const std::int64_t n = layout.slab.size();
  std::vector<double> result(static_cast<std::size_t>(n * count), 0.0);
  const int present = std::min(count, layout.dof - first);
  for (std::int64_t i = 0; i < n; ++i)
    for (int c = 0; c < present; ++c)
      result[static_cast<std::size_t>(i * count + c)] = local[i * layout.dof + first + c];
  return result;
}

std::vector<std::int32_t> rounded(const std::vector<double>& values, const std::string& name) {
  std::vector<std::int32_t> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) <= 2147483647.0))
      core::throw_data("field '" + name + "': " + std::to_string(values[i]) +
                       " is not a 32-bit integer");
    result[i] = static_cast<std::int32_t>(std::lround(values[i]));
  }
  return result;
}

} // namespace

FieldWriter::FieldWriter(MPI_Comm comm, const std::string& stem, const UniformGrid& grid,
                         const RunDescription& run, std::optional<double> restart_time)
    : StepWriter(comm, stem, std::make_unique<UniformGeometry>(grid), run, restart_time),
      dim_(grid.dim) {}

FieldWriter FieldWriter::append(MPI_Comm comm, const std::string& stem, const UniformGrid& grid,
                                const RunDescription& run, double restart_time) {
  return FieldWriter(comm, stem, grid, run, restart_time);
}

void FieldWriter::write_cell(const std::string& name, Vec values) {
  write_field(name, values, Center::cell, false);
}

void FieldWriter::write_point(const std::string& name, Vec values) {
  write_field(name, values, Center::point, false);
}

void FieldWriter::write_cell_integers(const std::string& name, Vec values) {
  write_field(name, values, Center::cell, true);
}

// A line is written as a plane of one row.
namespace {

void add_row_index(VecLayout& layout) {
  layout.shape.insert(layout.shape.begin(), 1);
  layout.slab.offset.insert(layout.slab.offset.begin(), 0);
  layout.slab.count.insert(layout.slab.count.begin(), 1);
}

} // namespace

void FieldWriter::write_field(const std::string& name, Vec values, Center center, bool integer) {
  within_step([&] {
    VecLayout layout;
    core::together(comm(), [&] {
      require_name(name);
      layout = layout_of(values);
      if (dim_ == 1) {
        if (center == Center::cell)
          throw core::Error(core::ExitCode::internal,
                            "field '" + name + "': a line has data at its points only");
        add_row_index(layout);
      }
      const Shape expected = geometry().shape(center);
      if (layout.shape != expected)
        throw core::Error(core::ExitCode::internal, "field '" + name + "' has the shape " +
                                                        to_string(layout.shape) + "; expected " +
                                                        to_string(expected));
    });
    const VecReadArray array(values);
    if (layout.dof <= 3) {
      write_array(name, layout, array.data(), center, integer, 0, layout.dof == 1 ? 1 : 3);
      return;
    }
    for (int c = 0; c < layout.dof; ++c)
      write_array(name + "_" + std::to_string(c), layout, array.data(), center, integer, c, 1);
  });
}

void FieldWriter::write_array(const std::string& name, const VecLayout& layout, const double* local,
                              Center center, bool integer, int first, int components) {
  const std::string dataset = create_field(name, center, components, integer);
  VecLayout stored = layout;
  stored.dof = components;
  if (layout.dof == 1 && !integer) {
    file().write(dataset, stored.full_slab(), local);
  } else if (!integer) {
    const auto values = extract(layout, local, first, components);
    file().write(dataset, stored.full_slab(), values.data());
  } else {
    std::vector<std::int32_t> values;
    core::together(comm(),
                   [&] { values = rounded(extract(layout, local, first, components), name); });
    file().write(dataset, stored.full_slab(), values.data());
  }
}

} // namespace linnet::io
