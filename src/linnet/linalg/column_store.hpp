// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A dense distributed matrix that columns are appended to.
///
/// Columns lie one after the other; where room is exhausted it grows by half, so that appending n
/// columns copies less than three times n columns in all. While it grows, the old and the new room
/// exist together; reserve() avoids that.
#pragma once

#include <linnet/core/owned.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace linnet::linalg {

class ColumnStore {
public:
  /// No columns, @p local_rows rows on this rank. Collective.
  ColumnStore(MPI_Comm comm, PetscInt local_rows);
  /// A copy of the dense @p columns. Collective.
  explicit ColumnStore(Mat columns);

  [[nodiscard]] MPI_Comm comm() const { return comm_; }
  [[nodiscard]] PetscInt size() const { return size_; }
  [[nodiscard]] PetscInt local_rows() const { return local_rows_; }
  [[nodiscard]] PetscInt rows() const { return rows_; } ///< of all ranks
  /// Bytes that this rank holds.
  [[nodiscard]] std::int64_t bytes() const;

  /// Room for @p columns columns in all. Not collective.
  void reserve(PetscInt columns);
  /// Copies this rank's part of a column. Logically collective. @throws core::Error (usage) on this
  /// rank where the number of values is not local_rows().
  void append(std::span<const double> values);
  /// The same with a vector. @throws core::Error on all ranks. Collective.
  void append(Vec v);
  /// A new column of zeros, to be filled in. Logically collective.
  std::span<double> append();
  /// Keeps the first @p columns columns. Logically collective.
  void truncate(PetscInt columns);

  [[nodiscard]] std::span<double> column(PetscInt j);
  [[nodiscard]] std::span<const double> column(PetscInt j) const;
  /// A dense matrix whose entries are those here (no copy), valid until the next append or the end
  /// of this object. Collective.
  [[nodiscard]] core::Owned<Mat> matrix() const;

private:
  MPI_Comm comm_;
  PetscInt local_rows_ = 0, rows_ = 0, size_ = 0;
  std::vector<double> values_;
};

} // namespace linnet::linalg
