// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/archive_arrays.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/checksum.hpp>

namespace linnet::rom {

namespace {

constexpr std::int64_t most_rows = 1 << 20;

/// Sum over the ranks modulo 2^64, which does not depend on who adds what.
std::uint64_t over_ranks(MPI_Comm comm, std::uint64_t mine) {
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_UINT64_T, MPI_SUM, comm);
  return mine;
}

std::uint64_t hash_of(const linalg::ColumnStore& fields, std::int64_t rows,
                      std::span<const std::int64_t> numbers) {
  std::uint64_t sum = 0;
  for (PetscInt k = 0; k < fields.size(); ++k) {
    const auto column = fields.column(k);
    for (std::size_t i = 0; i < column.size(); ++i)
      sum += io::number_hash(static_cast<std::uint64_t>(k * rows + numbers[i]), column[i]);
  }
  return over_ranks(fields.comm(), sum);
}

template <class T>
std::uint64_t hash_of(std::span<const T> values) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += io::number_hash(i, static_cast<double>(values[i]));
  return sum;
}

void write_checksum(io::H5File& file, const std::string& dataset, std::uint64_t sum) {
  file.write_attribute(dataset, "checksum", static_cast<std::int64_t>(sum));
}

void require_checksum(const io::H5File& file, const std::string& dataset, std::uint64_t sum) {
  if (!file.has_attribute(dataset, "checksum") ||
      file.read_integer(dataset, "checksum") != static_cast<std::int64_t>(sum))
    core::throw_data(file.path() + ": " + dataset + ": is damaged (wrong checksum); " +
                     archive_kind.remedy);
}

[[noreturn]] void wrong_shape(const io::H5File& file, const std::string& dataset,
                              const io::Shape& shape, const std::string& allowed) {
  core::throw_data(file.path() + ": " + dataset + ": has the shape " + io::to_string(shape) +
                   ", not " + allowed + "; " + archive_kind.remedy);
}

} // namespace

void write_fields(io::H5File& file, const std::string& dataset, const linalg::RowOrder& order,
                  std::span<const std::int64_t> numbers, const linalg::ColumnStore& fields) {
  if (fields.size() == 0) return;
  file.create_dataset(dataset, io::NumberType::float64, {fields.size(), order.rows()});
  for (PetscInt k = 0; k < fields.size(); ++k) write_row(file, dataset, order, k, fields.column(k));
  write_checksum(file, dataset, hash_of(fields, order.rows(), numbers));
}

linalg::ColumnStore read_fields(const io::H5File& file, const std::string& dataset,
                                const linalg::RowOrder& order,
                                std::span<const std::int64_t> numbers) {
  linalg::ColumnStore fields(file.comm(), static_cast<PetscInt>(numbers.size()));
  const std::int64_t rows = rows_of(file, dataset, order.rows());
  if (rows == 0) return fields;
  fields.reserve(static_cast<PetscInt>(rows));
  for (std::int64_t row = 0; row < rows; ++row)
    read_row(file, dataset, order, row, fields.append());
  require_checksum(file, dataset, hash_of(fields, order.rows(), numbers));
  return fields;
}

void write_numbers(io::H5File& file, const std::string& dataset, const io::Shape& shape,
                   std::span<const double> values) {
  if (values.empty()) return;
  write_small(file, dataset, shape, values);
  write_checksum(file, dataset, hash_of(values));
}

void write_integers(io::H5File& file, const std::string& dataset,
                    std::span<const std::int64_t> values) {
  if (values.empty()) return;
  int rank = 0;
  MPI_Comm_rank(file.comm(), &rank);
  const auto count = static_cast<std::int64_t>(values.size());
  file.create_dataset(dataset, io::NumberType::int64, {count});
  file.write(dataset, {{0}, {rank == 0 ? count : 0}}, values.data());
  write_checksum(file, dataset, hash_of(values));
}

std::vector<double> read_numbers(const io::H5File& file, const std::string& dataset) {
  if (!file.exists(dataset)) return {};
  std::vector<double> values = read_small(file, dataset);
  require_checksum(file, dataset, hash_of(std::span<const double>(values)));
  return values;
}

std::vector<std::int64_t> read_integers(const io::H5File& file, const std::string& dataset) {
  const std::int64_t count = size_of(file, dataset);
  std::vector<std::int64_t> values(static_cast<std::size_t>(count));
  if (count == 0) return values;
  file.require(dataset, {count}, true);
  file.read(dataset, {{0}, {count}}, values.data());
  require_checksum(file, dataset, hash_of(std::span<const std::int64_t>(values)));
  return values;
}

std::int64_t rows_of(const io::H5File& file, const std::string& dataset, std::int64_t columns) {
  if (!file.exists(dataset)) return 0;
  const io::Shape shape = file.info(dataset).shape;
  if (shape.size() != 2 || shape[0] < 1 || shape[0] > most_rows || shape[1] != columns)
    wrong_shape(file, dataset, shape, "(rows," + std::to_string(columns) + ")");
  file.require(dataset, shape);
  return shape[0];
}

std::int64_t size_of(const io::H5File& file, const std::string& dataset) {
  if (!file.exists(dataset)) return 0;
  const io::Shape shape = file.info(dataset).shape;
  if (shape.size() != 1 || shape[0] < 1 || shape[0] > std::int64_t{1} << 31)
    wrong_shape(file, dataset, shape, "a list");
  file.require(dataset, shape);
  return shape[0];
}

} // namespace linnet::rom
