// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Moves fields between the boxes of all ranks and the whole grid on the first one.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/grid/index_box.hpp>

#include <petscvec.h>

#include <span>
#include <vector>

namespace linnet::grid {

/// Numbers of the points of @p box in a grid of @p points, x fastest in both.
std::vector<PetscInt> natural_numbers(const IndexBox& box, const core::Index3& points);

/// Values are doubles in memory of the host, channels behind each other, x fastest in each.
class FieldGather {
public:
  /// @p box: of this rank; may be empty. The boxes of all ranks make up the grid of @p points
  /// without overlap. Collective, as are the calls below. @throws core::Error on all ranks where
  /// they do not.
  FieldGather(MPI_Comm comm, const core::Index3& points, const IndexBox& box);

  /// Values of a channel in this rank's box, and in what the first rank has: all points there,
  /// none on other ranks.
  [[nodiscard]] std::size_t part_size() const { return part_size_; }
  [[nodiscard]] std::size_t whole_size() const { return whole_size_; }

  /// From the boxes to the first rank: @p part has @p channels times part_size() values and
  /// @p whole @p channels times whole_size().
  void gather(int channels, std::span<const double> part, std::span<double> whole);
  /// From the first rank to the boxes.
  void scatter(int channels, std::span<const double> whole, std::span<double> part);

private:
  struct ScatterDeleter {
    void operator()(VecScatter scatter) const { static_cast<void>(VecScatterDestroy(&scatter)); }
  };
  void make_scatter(MPI_Comm comm, const std::vector<PetscInt>& numbers);
  void move(int channels, const double* part, const double* whole, ScatterMode mode);

  std::size_t part_size_, whole_size_ = 0;
  core::Owned<Vec> part_, whole_; ///< one channel, without memory of their own
  std::unique_ptr<std::remove_pointer_t<VecScatter>, ScatterDeleter> scatter_;
};

} // namespace linnet::grid
