// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which points of a fine grid are coarse points, and the neighbourhood that a coarse point
/// interpolates to.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/stencil/stencil_pattern.hpp>

namespace linnet::kernels {

/// Every second point along the coarsened directions, all points along the others. The coarse point
/// c (local index) is the fine point fine(c).
struct Coarsening {
  bool halves[3] = {false, false, false}; ///< coarsened directions
  int shift[3] = {0, 0, 0};               ///< local fine index of the local coarse index 0

  [[nodiscard]] KOKKOS_INLINE_FUNCTION int stride(int d) const { return halves[d] ? 2 : 1; }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int fine(int d, int c) const {
    return halves[d] ? 2 * c + shift[d] : c;
  }
  /// The coarse index at or before the fine index f ...
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int coarse(int d, int f) const {
    return halves[d] ? (f - shift[d]) >> 1 : f;
  }
  /// ... and how far before: 0 or 1.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int behind(int d, int f) const {
    return halves[d] ? (f - shift[d]) & 1 : 0;
  }
};

/// Calls body with the stride of fine points between coarse ones along x as a compile-time
/// constant.
template <class Body>
void with_stride(const Coarsening& coarsening, const Body& body) {
  if (coarsening.halves[0])
    body(std::integral_constant<int, 2>{});
  else
    body(std::integral_constant<int, 1>{});
}

/// The coarse points along x that interpolate to the fine points of @p fine, by fine points along y
/// and z.
inline Range interpolated_from(const Coarsening& coarsening, const Range& fine) {
  Range range = fine;
  range.lo[0] = coarsening.coarse(0, fine.lo[0]);
  range.hi[0] = coarsening.coarse(0, fine.hi[0] - 1) + 1;
  return range;
}

/// The 27 fine points around (and at) a coarse point, its children, are numbered by their offsets.
KOKKOS_INLINE_FUNCTION constexpr int child_number(int x, int y, int z) {
  return (x + 1) + 3 * (y + 1) + 9 * (z + 1);
}
KOKKOS_INLINE_FUNCTION constexpr Offset child_offset(int child) {
  return {child % 3 - 1, child / 3 % 3 - 1, child / 9 - 1};
}
inline constexpr int child_count = 27;
inline constexpr int centre_child = 13;

/// Interpolation P from a coarse to a fine grid: weights[child] on the coarse grid, with ghosts,
/// holds the weight of a coarse point in the value of that child. Children in directions
/// that are not coarsened, and the centre with its weight 1, have no field.
template <class T>
struct Interpolation {
  Coarsening coarsening;
  Field<T> weights[child_count];

  /// True if the offset of the child is zero in every direction that is not coarsened.
  [[nodiscard]] bool has_child(int child) const {
    const int o[3] = {child % 3 - 1, child / 3 % 3 - 1, child / 9 - 1};
    for (int d = 0; d < 3; ++d)
      if (o[d] != 0 && !coarsening.halves[d]) return false;
    return child != centre_child;
  }
};

} // namespace linnet::kernels
