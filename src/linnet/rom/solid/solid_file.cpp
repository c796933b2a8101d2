// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/solid_file.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/h5_layout.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace linnet::rom {

namespace {

bool all_finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

io::Slab row_slab(const linalg::RowOrder& order, std::int64_t row) {
  return {{row, order.begin()}, {order.count() > 0 ? 1 : 0, order.count()}};
}

std::string text_of(const io::H5File& file, const std::string& name, const SolidFileKind& kind) {
  if (!file.has_attribute("/", name))
    core::throw_data(file.path() + ": has no attribute '" + name + "'; " + kind.remedy);
  return file.read_string("/", name);
}

} // namespace

SolidRows::SolidRows(MPI_Comm comm, const SolidNumbering& numbering)
    : unknowns(comm, numbering.unknowns), points(comm, numbering.points),
      components(comm, numbering.components) {}

void mark_solid_file(io::H5File& file, const SolidFileKind& kind, const fem::SolidModel& model,
                     const std::string& materials) {
  file.write_attribute("/", "format", kind.format);
  file.write_attribute("/", "version", kind.version);
  file.write_attribute("/", "mesh", model.mesh().fingerprint());
  file.write_attribute("/", "materials", materials);
}

void require_format(const io::H5File& file, const SolidFileKind& kind) {
  if (!file.has_attribute("/", "format") || file.read_string("/", "format") != kind.format)
    core::throw_data(file.path() + ": its attribute 'format' is not '" + kind.format +
                     "', so it is another kind of file; " + kind.remedy);
  const std::int64_t version =
      file.has_attribute("/", "version") ? file.read_integer("/", "version") : 0;
  if (version != kind.version)
    core::throw_data(file.path() + ": has version " + std::to_string(version) + " and " +
                     std::to_string(kind.version) + " is known here; " + kind.remedy);
}

void require_solid_file(const io::H5File& file, const SolidFileKind& kind,
                        const fem::SolidModel& model, const std::string& materials) {
  require_format(file, kind);
  const std::string mesh = text_of(file, "mesh", kind), used = text_of(file, "materials", kind);
  if (mesh != model.mesh().fingerprint())
    core::throw_data(file.path() + ": was made with another mesh (fingerprint " + mesh + ", here " +
                     model.mesh().fingerprint() + "); " + kind.remedy);
  if (used != materials)
    core::throw_data(file.path() + ": was made with other materials (fingerprint " + used +
                     ", here " + materials + "); " + kind.remedy);
}

void write_row(io::H5File& file, const std::string& dataset, const linalg::RowOrder& order,
               std::int64_t row, std::span<const double> values) {
  core::together(file.comm(), [&] {
    if (!all_finite(values))
      core::throw_data(file.path() + ": " + dataset + ": row " + std::to_string(row) +
                       " has values that are not finite");
  });
  std::vector<double> block(static_cast<std::size_t>(order.count()));
  order.to_original(values, block);
  file.write(dataset, row_slab(order, row), block.data());
}

void read_row(const io::H5File& file, const std::string& dataset, const linalg::RowOrder& order,
              std::int64_t row, std::span<double> values) {
  std::vector<double> block(static_cast<std::size_t>(order.count()));
  file.read(dataset, row_slab(order, row), block.data());
  core::together(file.comm(), [&] {
    if (!all_finite(block))
      core::throw_data(file.path() + ": " + dataset + ": row " + std::to_string(row) +
                       " has values that are not finite; make the file anew");
  });
  order.from_original(block, values);
}

void write_small(io::H5File& file, const std::string& dataset, const io::Shape& shape,
                 std::span<const double> values) {
  int rank = 0;
  MPI_Comm_rank(file.comm(), &rank);
  file.create_dataset(dataset, io::NumberType::float64, shape);
  const io::Shape none(shape.size(), 0);
  file.write(dataset, {none, rank == 0 ? shape : none}, values.data());
}

std::vector<double> read_small(const io::H5File& file, const std::string& dataset) {
  const io::DatasetInfo info = file.info(dataset);
  const io::Slab all{io::Shape(info.shape.size(), 0), info.shape};
  std::vector<double> values(static_cast<std::size_t>(all.size()));
  file.read(dataset, all, values.data());
  if (!all_finite(values))
    core::throw_data(file.path() + ": " + dataset +
                     ": has values that are not finite; make the file anew");
  return values;
}

void require_room(const io::H5File& file, const SolidFileKind& kind, std::int64_t numbers) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file.path(), error);
  if (!error && numbers > static_cast<std::int64_t>(bytes / sizeof(double)))
    core::throw_data(file.path() + ": is shorter than its arrays; " + kind.remedy);
}

void finish_solid_file(io::H5File& file, const std::string& temporary, const std::string& path) {
  const MPI_Comm comm = file.comm();
  file.close();
  core::on_first_rank(comm, [&] { io::put_in_place(temporary, path); });
}

} // namespace linnet::rom
