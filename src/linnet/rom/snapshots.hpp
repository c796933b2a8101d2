// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// States of a run, kept as columns of a dense distributed matrix and written to HDF5.
#pragma once

#include <linnet/linalg/column_store.hpp>
#include <linnet/linalg/row_order.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace linnet::rom {

/// Snapshots of one quantity: of a Vec, or of values at quadrature points.
class Snapshots {
public:
  /// @p numbers of this rank's rows that do not depend on the number of ranks
  /// (linalg/row_order.hpp); their order is that of the files. @p most_bytes: what all snapshots of
  /// all ranks may take; 0: no bound. Collective.
  Snapshots(MPI_Comm comm, std::span<const std::int64_t> numbers, std::int64_t most_bytes = 0);
  /// Of vectors with the layout of @p like: natural order of a DMDA, global order else. Collective.
  explicit Snapshots(Vec like, std::int64_t most_bytes = 0);

  /// Appends a copy; @p label is a time, or any number that tells what it is. Collective. @throws
  /// core::Error on all ranks: (usage) for another layout or beyond the bound, (data) for values
  /// that are not finite; nothing is appended then.
  void append(Vec v, double label);
  void append(std::span<const double> values, double label);

  [[nodiscard]] PetscInt size() const { return columns_.size(); }
  [[nodiscard]] const linalg::ColumnStore& columns() const { return columns_; }
  [[nodiscard]] std::span<const double> labels() const { return labels_; }
  [[nodiscard]] const linalg::RowOrder& order() const { return order_; }
  /// Bytes on this rank.
  [[nodiscard]] std::int64_t bytes() const { return columns_.bytes(); }

private:
  linalg::RowOrder order_;
  linalg::ColumnStore columns_;
  std::int64_t most_bytes_;
  std::vector<double> labels_;
};

/// Writes /snapshots/<name>/values (snapshots, rows) and /snapshots/<name>/label (snapshots) for
/// every entry to @p path: temporary name, flushed, renamed, so that an older file survives every
/// failure. Rows are in the original order: any number of ranks can read them. Collective; @throws
/// core::Error on all ranks.
void write_snapshots(MPI_Comm comm, const std::string& path,
                     const std::map<std::string, const Snapshots*>& snapshots);

/// Appends the snapshots @p name of the file @p path to @p to; returns how many. Collective.
/// @throws core::Error (data) on all ranks for a file that is damaged, of another number of rows,
/// or with values that are not finite; nothing is appended then.
PetscInt read_snapshots(const std::string& path, const std::string& name, Snapshots& to);

} // namespace linnet::rom
