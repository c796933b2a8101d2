// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the files of reduced models of solids have in common: a format, a version, the fingerprints
/// of mesh and materials, and arrays with rows in the numbering of the mesh's file.
#pragma once

#include <linnet/io/h5_file.hpp>
#include <linnet/linalg/row_order.hpp>
#include <linnet/rom/solid/solid_numbering.hpp>

#include <span>
#include <string>

namespace linnet::rom {

/// Orders of the rows of files.
struct SolidRows {
  linalg::RowOrder unknowns, points, components;
  /// Collective.
  SolidRows(MPI_Comm comm, const SolidNumbering& numbering);
};

/// What a file says of itself.
struct SolidFileKind {
  const char* format;   ///< attribute `format`
  std::int64_t version; ///< attribute `version`
  const char* remedy;   ///< of a file that does not fit: "record the snapshots anew"
};

/// Writes the attributes that require_solid_file() looks at. Collective.
void mark_solid_file(io::H5File& file, const SolidFileKind& kind, const fem::SolidModel& model,
                     const std::string& materials);
/// Collective; @throws core::Error (data), one line, for another format or version.
void require_format(const io::H5File& file, const SolidFileKind& kind);
/// The same, and for another mesh or other materials.
void require_solid_file(const io::H5File& file, const SolidFileKind& kind,
                        const fem::SolidModel& model, const std::string& materials);

/// Row @p row of @p dataset (rows, N) from or to this rank's @p values. Collective. @throws
/// core::Error (data) for values that are not finite.
void write_row(io::H5File& file, const std::string& dataset, const linalg::RowOrder& order,
               std::int64_t row, std::span<const double> values);
void read_row(const io::H5File& file, const std::string& dataset, const linalg::RowOrder& order,
              std::int64_t row, std::span<double> values);

/// A dataset that is the same on all ranks. Collective.
void write_small(io::H5File& file, const std::string& dataset, const io::Shape& shape,
                 std::span<const double> values);
/// All of it, finite, on all ranks. Collective.
std::vector<double> read_small(const io::H5File& file, const std::string& dataset);

/// Refuses a file that is shorter than the @p numbers of eight bytes that its arrays claim. Not
/// collective. @throws core::Error (data).
void require_room(const io::H5File& file, const SolidFileKind& kind, std::int64_t numbers);

/// Closes @p file, which was written as @p temporary, and gives it the name @p path. Collective.
void finish_solid_file(io::H5File& file, const std::string& temporary, const std::string& path);

} // namespace linnet::rom
