// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/column_files.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/h5_layout.hpp>
#include <linnet/io/numeric_array.hpp>

#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>

namespace linnet::rom {

namespace {

int rank_of(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

/// All of it from rank 0, nothing from the others.
io::Slab whole(MPI_Comm comm, std::int64_t count) {
  return {{0}, {rank_of(comm) == 0 ? count : 0}};
}

/// Leaves no temporary file behind.
void remove_quietly(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

} // namespace

void write_atomically(MPI_Comm comm, const std::string& path,
                      const std::function<void(io::H5File&)>& write) {
  const std::string temporary = path + ".tmp";
  core::on_first_rank(comm, [&] { io::require_writable(path); });
  try {
    io::H5File file = io::H5File::create(comm, temporary);
    write(file);
    file.close();
    core::on_first_rank(comm, [&] { io::put_in_place(temporary, path); });
  } catch (...) {
    if (rank_of(comm) == 0) remove_quietly(temporary);
    throw;
  }
}

void write_columns(io::H5File& file, const std::string& dataset, const linalg::ColumnStore& columns,
                   const linalg::RowOrder& order) {
  file.create_dataset(dataset, io::NumberType::float64, {columns.size(), order.rows()});
  std::vector<double> block(static_cast<std::size_t>(order.count()));
  for (PetscInt j = 0; j < columns.size(); ++j) {
    order.to_original(columns.column(j), block);
    file.write(dataset, {{j, order.begin()}, {1, order.count()}}, block.data());
  }
}

void write_numbers(io::H5File& file, const std::string& dataset, std::span<const double> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  file.create_dataset(dataset, io::NumberType::float64, {count});
  file.write(dataset, whole(file.comm(), count), values.data());
}

void write_numbers(io::H5File& file, const std::string& dataset,
                   std::span<const std::int64_t> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  file.create_dataset(dataset, io::NumberType::int64, {count});
  file.write(dataset, whole(file.comm(), count), values.data());
}

linalg::ColumnStore read_columns(MPI_Comm comm, const std::string& path, const std::string& dataset,
                                 const linalg::RowOrder& order) {
  std::unique_ptr<io::NumericArray> array;
  core::together(comm, [&] {
    array = std::make_unique<io::NumericArray>(path, dataset);
    const io::Shape& shape = array->shape();
    if (shape.size() != 2 || array->is_matlab() || shape[1] != order.rows() ||
        shape[0] > std::numeric_limits<PetscInt>::max())
      core::throw_data(array->name() + ": has the shape " + io::to_string(shape) +
                       ", not (columns," + std::to_string(order.rows()) + ")");
  });
  linalg::ColumnStore columns(comm, static_cast<PetscInt>(order.local_rows()));
  std::vector<double> block(static_cast<std::size_t>(order.count()));
  for (std::int64_t j = 0; j < array->shape()[0]; ++j) {
    core::together(comm, [&] {
      array->read({{j, order.begin()}, {1, order.count()}}, block.data());
    });
    order.from_original(block, columns.append());
  }
  return columns;
}

std::vector<double> read_numbers(MPI_Comm comm, const std::string& path, const std::string& dataset,
                                 std::int64_t most) {
  std::vector<double> values;
  core::together(comm, [&] {
    const io::NumericArray array(path, dataset);
    const io::Shape& shape = array.shape();
    if (shape.size() != 1 || shape[0] > most)
      core::throw_data(array.name() + ": has the shape " + io::to_string(shape) +
                       ", not one direction of at most " + std::to_string(most) + " numbers");
    values.resize(static_cast<std::size_t>(shape[0]));
    if (!values.empty()) array.read({{0}, shape}, values.data());
  });
  return values;
}

std::vector<std::int64_t> read_integers(MPI_Comm comm, const std::string& path,
                                        const std::string& dataset, std::int64_t most) {
  std::vector<std::int64_t> integers;
  const std::vector<double> values = read_numbers(comm, path, dataset, most);
  core::together(comm, [&] {
    for (const double value : values) {
      if (std::abs(value) > 0x1p53 || value != std::floor(value))
        core::throw_data(path + ": '" + dataset + "' holds " + std::to_string(value) +
                         ", which is no whole number up to 2^53");
      integers.push_back(static_cast<std::int64_t>(value));
    }
  });
  return integers;
}

} // namespace linnet::rom
