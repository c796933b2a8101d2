// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Full rows of a stencil: entry e of 2M+1 multiplies the neighbour full_offset(e). The offsets are
/// in lexicographic (z, y, x) order, so entry M is the diagonal and 2M-e is the opposite of e.
#pragma once

#include <linnet/kernels/stencil/stencil_pattern.hpp>

namespace linnet::kernels {

inline constexpr int max_entries = 2 * max_couplings + 1;

KOKKOS_INLINE_FUNCTION constexpr Offset full_offset(StencilPattern p, int e) {
  const int m = coupling_count(p);
  if (e == m) return {0, 0, 0};
  if (e > m) return upper_offset(p, e - m - 1);
  const Offset o = upper_offset(p, m - 1 - e);
  return {-o.x, -o.y, -o.z};
}

/// The entry of the offset @p o, -1 where the pattern lacks it.
constexpr int entry_of(StencilPattern p, const Offset& o) {
  for (int e = 0; e < entry_count(p); ++e) {
    const Offset f = full_offset(p, e);
    if (f.x == o.x && f.y == o.y && f.z == o.z) return e;
  }
  return -1;
}

constexpr bool is_star(StencilPattern p) {
  return p == StencilPattern::star2d || p == StencilPattern::star3d;
}

} // namespace linnet::kernels
