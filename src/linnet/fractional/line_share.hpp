// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How the values of one line are spread over ranks, and whether transforms of it are.
#pragma once

#include <mpi.h>

#include <vector>

namespace linnet::fractional {

class LineShare {
public:
  /// This rank has the values begin .. end-1, in the order of the ranks. @p replicated: every rank
  /// gathers the line and transforms all of it, which is faster for short ones. Collective.
  LineShare(MPI_Comm comm, long begin, long end, bool replicated);
  /// A whole line on this rank alone.
  explicit LineShare(long size) : LineShare(MPI_COMM_SELF, 0, size, false) {}

  [[nodiscard]] MPI_Comm comm() const { return comm_; }
  [[nodiscard]] long begin() const { return begin_; }
  [[nodiscard]] long end() const { return end_; }
  [[nodiscard]] long count() const { return end_ - begin_; }
  [[nodiscard]] bool replicated() const { return replicated_; }
  /// Of those that transform together.
  [[nodiscard]] MPI_Comm transform_comm() const { return replicated_ ? MPI_COMM_SELF : comm_; }
  /// The whole line, from and to kernel memory. Collective.
  void gather(const double* mine, double* whole) const;

private:
  MPI_Comm comm_;
  long begin_, end_;
  bool replicated_;
  std::vector<int> counts_, starts_; ///< of the ranks
};

} // namespace linnet::fractional
