// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Sixteen squares of side 1/8 in the unit square, slightly out of line: a geometry that stays the
/// same while what fills it changes.
#pragma once

namespace linnet::problems {

constexpr int square_inclusions = 16;

/// The square that holds the point (its border included), or -1. The lower corner of square
/// i + 4 j, 0 <= i,j < 4, is (i/4 + 1/16 + ((i+j) mod 2)/32, j/4 + 1/16 + (i mod 2)/32).
constexpr int square_inclusion_at(double x, double y) {
  constexpr double side = 0.125;
  for (int j = 0; j < 4; ++j)
    for (int i = 0; i < 4; ++i) {
      const double left = 0.25 * i + 0.0625 + 0.03125 * ((i + j) % 2),
                   low = 0.25 * j + 0.0625 + 0.03125 * (i % 2);
      if (x >= left && x <= left + side && y >= low && y <= low + side) return i + 4 * j;
    }
  return -1;
}

} // namespace linnet::problems
