// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Tensors that are distributed by slabs: each rank has whole planes of the last direction. For
/// work along that direction they are exchanged for pencils: each rank gets a share of the lines.
#pragma once

#include <mpi.h>

#include <vector>

namespace linnet::fractional {

class SlabLayout {
public:
  /// This rank has the planes begin .. end-1 of @p planes, in the order of the ranks. Collective.
  SlabLayout(MPI_Comm comm, long planes, long begin, long end);

  [[nodiscard]] MPI_Comm comm() const { return comm_; }
  [[nodiscard]] long planes() const { return planes_; }
  [[nodiscard]] long begin() const { return begin_; }
  [[nodiscard]] long local_planes() const { return end_ - begin_; }
  /// This rank's share of @p lines, the number of values of a plane.
  [[nodiscard]] long pencils(long lines) const;
  [[nodiscard]] long first_pencil(long lines) const { return first_line(lines, rank_); }

  /// From slabs (values of a plane, planes of this rank) to pencils (lines of this rank, all
  /// planes), first index fastest, both in kernel memory. Collective.
  void to_pencils(long lines, const double* slab, double* pencils);
  /// The inverse.
  void to_slabs(long lines, const double* pencils, double* slab);

private:
  [[nodiscard]] long first_line(long lines, int rank) const { return lines * rank / ranks_; }
  void count(long lines);

  MPI_Comm comm_;
  int rank_ = 0, ranks_ = 1;
  long planes_, begin_, end_;
  std::vector<long> first_plane_; ///< of each rank, and the end
  std::vector<int> slab_counts_, slab_starts_, pencil_counts_, pencil_starts_;
  std::vector<double> buffer_;
};

} // namespace linnet::fractional
