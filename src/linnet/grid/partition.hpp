// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How a structured grid is cut over ranks: a product of 1-D cuts, rank numbers with x fastest, as
/// DMDA does it.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/grid/index_box.hpp>

#include <petscdmda.h>

#include <vector>

namespace linnet::grid {

class Partition {
public:
  Partition() = default;
  /// @p starts[d] holds the first index of every part in direction d and, at the end, the number of
  /// points; parts may be empty. @p periodic says which directions wrap.
  Partition(std::array<std::vector<int>, 3> starts, std::array<bool, 3> periodic);

  /// The cut of a DMDA (2-D or 3-D). Not collective.
  static Partition of(DM da);
  /// A cut of @p points over @p ranks with blocks as cubic as the counts allow.
  static Partition balanced(const core::Index3& points, std::array<bool, 3> periodic, int ranks);

  [[nodiscard]] core::Index3 points() const;
  [[nodiscard]] core::Index3 parts() const;
  [[nodiscard]] int ranks() const;
  [[nodiscard]] const std::array<bool, 3>& periodic() const { return periodic_; }
  [[nodiscard]] const std::vector<int>& starts(int direction) const { return starts_[direction]; }
  /// Position of @p rank in the grid of ranks.
  [[nodiscard]] core::Index3 coordinates(int rank) const;
  [[nodiscard]] int rank_at(const core::Index3& coordinates) const;
  /// The box that @p rank owns.
  [[nodiscard]] IndexBox box(int rank) const;
  /// Fewest points that any part has in @p direction.
  [[nodiscard]] int thinnest(int direction) const;
  bool operator==(const Partition&) const = default;

private:
  std::array<std::vector<int>, 3> starts_;
  std::array<bool, 3> periodic_{false, false, false};
};

} // namespace linnet::grid
