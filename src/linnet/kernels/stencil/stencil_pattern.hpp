// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The stencil patterns of structured grids and the form in which symmetric operators are kept.
///
/// A symmetric operator A is kept as couplings c_o(i) = -a(i, i+o) for the upper half of the
/// offsets o and the row sum s(i) = sum_j a(i, j):
///
///   (A x)(i) = s(i) x(i) + sum_o [ c_o(i) (x(i) - x(i+o)) + c_o(i-o) (x(i) - x(i-o)) ]
///
/// The diagonal is never stored: rebuilt from differences it keeps the row sums exact in any
/// precision, which matters at high contrast.
#pragma once

#include <linnet/kernels/compat.hpp>

#include <type_traits>

namespace linnet::kernels {

/// Star: the point and its face neighbours; box: all 3^d neighbours.
enum class StencilPattern { star2d, box2d, star3d, box3d };

struct Offset {
  int x, y, z;
};

inline constexpr int max_couplings = 13;

/// Number of offsets in the upper half: 2, 4, 3, 13.
KOKKOS_INLINE_FUNCTION constexpr int coupling_count(StencilPattern p) {
  switch (p) {
  case StencilPattern::star2d: return 2;
  case StencilPattern::box2d: return 4;
  case StencilPattern::star3d: return 3;
  default: return 13;
  }
}

/// Number of entries of a row: 5, 9, 7, 27.
KOKKOS_INLINE_FUNCTION constexpr int entry_count(StencilPattern p) {
  return 2 * coupling_count(p) + 1;
}

/// The m-th offset of the upper half, m = 0 .. coupling_count-1. Stars: +x, +y, +z. Boxes: offsets
/// that follow (0,0,0) in lexicographic (z, y, x) order.
KOKKOS_INLINE_FUNCTION constexpr Offset upper_offset(StencilPattern p, int m) {
  if (p == StencilPattern::star2d || p == StencilPattern::star3d)
    return {m == 0 ? 1 : 0, m == 1 ? 1 : 0, m == 2 ? 1 : 0};
  const int linear = m + 14; // position in the 3x3x3 cube, where (0,0,0) is number 13
  return {linear % 3 - 1, linear / 3 % 3 - 1, linear / 9 - 1};
}

KOKKOS_INLINE_FUNCTION constexpr bool is_three_dimensional(StencilPattern p) {
  return p == StencilPattern::star3d || p == StencilPattern::box3d;
}

/// Calls body(std::integral_constant<StencilPattern, P>) for the run-time value @p pattern.
template <class Body>
void with_pattern(StencilPattern pattern, const Body& body) {
  using P = StencilPattern;
  switch (pattern) {
  case P::star2d: return body(std::integral_constant<P, P::star2d>{});
  case P::box2d: return body(std::integral_constant<P, P::box2d>{});
  case P::star3d: return body(std::integral_constant<P, P::star3d>{});
  case P::box3d: return body(std::integral_constant<P, P::box3d>{});
  }
}

} // namespace linnet::kernels
