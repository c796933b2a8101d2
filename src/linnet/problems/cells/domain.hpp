// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The physical box that a grid of cells fills.
#pragma once

#include <linnet/core/types.hpp>

namespace linnet::problems {

/// The box [lower, upper]; 2-D problems use x and y alone.
struct Domain {
  core::Real3 lower{0.0, 0.0, 0.0};
  core::Real3 upper{1.0, 1.0, 1.0};

  [[nodiscard]] double length(int direction) const { return upper[direction] - lower[direction]; }
  /// Coordinate of the centre of cell @p i out of @p cells in @p direction.
  [[nodiscard]] double center(int direction, int i, int cells) const {
    return lower[direction] + length(direction) * ((i + 0.5) / cells);
  }
};

} // namespace linnet::problems
