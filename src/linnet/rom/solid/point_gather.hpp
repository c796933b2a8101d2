// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Values of distributed fields at a few quadrature points, on all ranks, again and again.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

namespace linnet::rom {

/// The points of one list. Every value comes from the one rank that owns the point, so all ranks
/// get its bits, whatever their number.
class PointGather {
public:
  /// @p numbers: of this rank's points; @p points: those wanted, each on one rank. Collective.
  /// @throws core::Error (data) on all ranks for a point that is on none.
  PointGather(MPI_Comm comm, std::span<const std::int64_t> numbers,
              std::span<const std::int64_t> points);

  [[nodiscard]] std::size_t size() const { return local_.size(); }
  /// @p components values of each of this rank's points, side by side: size() x components,
  /// likewise, on all ranks. One Allreduce of so many numbers. Collective.
  [[nodiscard]] std::vector<double> operator()(std::span<const double> values,
                                               int components) const;
  [[nodiscard]] std::vector<int> operator()(std::span<const int> values) const;

private:
  MPI_Comm comm_;
  std::vector<std::int64_t> local_; ///< place among this rank's points, -1 elsewhere
};

} // namespace linnet::rom
