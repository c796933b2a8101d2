// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where consecutive rows of a matrix lie on its grid, and how far away their columns do.
#pragma once

#include <linnet/grid/grid_map.hpp>

namespace linnet::grid {

/// GridMap::point_of and GridMap::step for one row after the other of this rank, without divisions
/// where a column is a neighbour in the part of the grid that is numbered as the row is.
class RowSteps {
public:
  /// Begins at @p row, of this rank. Not collective; @p map must outlive it.
  RowSteps(const GridMap& map, PetscInt row)
      : map_(&map), numbered_(map.numbered_box()), row_(row), point_(map.point_of(row)),
        width_(numbered_.extent()[0]), plane_(width_ * numbered_.extent()[1]) {}

  /// To the next row.
  void advance() {
    ++row_;
    if (++point_[0] < numbered_.hi[0]) return;
    point_[0] = numbered_.lo[0];
    if (++point_[1] < numbered_.hi[1]) return;
    point_[1] = numbered_.lo[1];
    ++point_[2];
  }

  [[nodiscard]] const core::Index3& point() const { return point_; }

  /// From the point to that of @p column, of any rank.
  [[nodiscard]] core::Index3 step_to(PetscInt column) const {
    PetscInt rest = column - row_;
    const int z = nearest(rest, plane_);
    const int y = nearest(rest, width_);
    if (rest >= -1 && rest <= 1) {
      const core::Index3 s{static_cast<int>(rest), y, z};
      if (numbered_.contains({point_[0] + s[0], point_[1] + s[1], point_[2] + s[2]})) return s;
    }
    return map_->step(point_, map_->point_of(column));
  }

private:
  /// -1, 0 or 1 times @p stride, taken from @p rest.
  static int nearest(PetscInt& rest, PetscInt stride) {
    const int n = (rest > stride / 2) - (rest < -(stride / 2));
    rest -= n * stride;
    return n;
  }

  const GridMap* map_;
  IndexBox numbered_;
  PetscInt row_;
  core::Index3 point_;
  PetscInt width_, plane_; // rows from a point to the next ones along y and z
};

} // namespace linnet::grid
