// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Dense distributed columns and lists of numbers in HDF5 files, rows in an order that does not
/// depend on the number of ranks. Everything is collective and throws core::Error on all ranks.
#pragma once

#include <linnet/io/h5_file.hpp>
#include <linnet/linalg/column_store.hpp>
#include <linnet/linalg/row_order.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace linnet::rom {

/// Creates an HDF5 file under a temporary name, has @p write fill it, flushes it to the disk and
/// renames it to @p path: an older file survives every failure.
void write_atomically(MPI_Comm comm, const std::string& path,
                      const std::function<void(io::H5File&)>& write);

/// Writes @p columns as @p dataset, float64 of shape (columns, rows), rows in the original order.
void write_columns(io::H5File& file, const std::string& dataset, const linalg::ColumnStore& columns,
                   const linalg::RowOrder& order);
/// Writes numbers that all ranks have as a dataset of one direction.
void write_numbers(io::H5File& file, const std::string& dataset, std::span<const double> values);
void write_numbers(io::H5File& file, const std::string& dataset,
                   std::span<const std::int64_t> values);

/// Reads a dataset of shape (columns, rows) of any HDF5 file; each rank reads its part. @throws
/// (data) for a file that is damaged, of another number of rows, or with values that are not
/// finite.
linalg::ColumnStore read_columns(MPI_Comm comm, const std::string& path, const std::string& dataset,
                                 const linalg::RowOrder& order);
/// Reads a dataset of one direction with at most @p most numbers, on all ranks.
std::vector<double> read_numbers(MPI_Comm comm, const std::string& path, const std::string& dataset,
                                 std::int64_t most = std::int64_t{1} << 24);
/// The same for whole numbers up to 2^53 in size; others are refused.
std::vector<std::int64_t> read_integers(MPI_Comm comm, const std::string& path,
                                        const std::string& dataset,
                                        std::int64_t most = std::int64_t{1} << 24);

} // namespace linnet::rom
