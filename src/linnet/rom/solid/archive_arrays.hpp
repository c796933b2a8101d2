// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Arrays of archives of reduced models, each with a checksum.
#pragma once

#include <linnet/linalg/column_store.hpp>
#include <linnet/rom/solid/solid_file.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace linnet::rom {

/// What archives say of themselves.
inline constexpr SolidFileKind archive_kind{"linnet-solid-archive", 2,
                                            "make it anew with this mesh and material: a model by "
                                            "-solid_solver train, a checkpoint without "
                                            "-solid_restart"};

/// The columns as rows of @p dataset, (columns, N); @p numbers: of this rank's rows. No columns: no
/// dataset. Collective.
void write_fields(io::H5File& file, const std::string& dataset, const linalg::RowOrder& order,
                  std::span<const std::int64_t> numbers, const linalg::ColumnStore& fields);
/// Collective; @throws core::Error (data) for another checksum or values not finite.
linalg::ColumnStore read_fields(const io::H5File& file, const std::string& dataset,
                                const linalg::RowOrder& order,
                                std::span<const std::int64_t> numbers);

/// A small dataset, the same on all ranks; empty ones are left out. Collective.
void write_numbers(io::H5File& file, const std::string& dataset, const io::Shape& shape,
                   std::span<const double> values);
void write_integers(io::H5File& file, const std::string& dataset,
                    std::span<const std::int64_t> values);
/// Empty where there is none. Collective; @throws as read_fields.
std::vector<double> read_numbers(const io::H5File& file, const std::string& dataset);
std::vector<std::int64_t> read_integers(const io::H5File& file, const std::string& dataset);

/// Rows of the dataset (rows, @p columns), 0 where there is none: nothing is read. @throws
/// core::Error (data) for another shape.
std::int64_t rows_of(const io::H5File& file, const std::string& dataset, std::int64_t columns);
/// Entries of a dataset of one direction, likewise.
std::int64_t size_of(const io::H5File& file, const std::string& dataset);

} // namespace linnet::rom
