// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Columns of the inverse of a tau matrix, whose entries are differences of one sequence:
/// tau^-1 (i,j) = c(i - j) - c(i + j + 2).
#pragma once

#include <linnet/kernels/block_loop.hpp>

namespace linnet::kernels {

/// The first @p corner and the last @p corner columns, at a rank's points begin .. begin + count -
/// 1 of @p size. The sequences c are those for distances from the first point, on a grid with @p
/// left points before it, and from the last point, with @p right points behind it; they may be
/// asked for the indices that their origin was made for.
struct CornerColumns {
  const double *from_first, *from_last; ///< c(0)
  long begin, count, size, left, right;
  int corner;
};

namespace detail {

/// Point i of the whole line.
KOKKOS_INLINE_FUNCTION double corner_sum(const CornerColumns& c, const double* load, long i) {
  const long mirrored = c.size - 1 - i;
  double sum = 0.0;
  for (long a = 0; a < c.corner; ++a)
    sum += load[a] * (c.from_first[i - a] - c.from_first[i + a + 2 * c.left + 2]) +
           load[c.corner + a] *
               (c.from_last[mirrored - a] - c.from_last[mirrored + a + 2 * c.right + 2]);
  return sum;
}

/// The same for @p count points from @p i on, in vector instructions: x -= their sums.
inline void subtract_corner_block(const CornerColumns& c, const double* load, long i, long count,
                                  double* x) {
  constexpr long most = 1024;
  double forward[most] = {}, backward[most] = {};
  const long mirrored = c.size - i - count; // of the last point of the block, from the last point
  for (long a = 0; a < c.corner; ++a) {
    const double first = load[a], last = load[c.corner + a];
    const double *difference = c.from_first + (i - a),
                 *sum = c.from_first + (i + a + 2 * c.left + 2),
                 *mirrored_difference = c.from_last + (mirrored - a),
                 *mirrored_sum = c.from_last + (mirrored + a + 2 * c.right + 2);
    for (long q = 0; q < count; ++q) {
      forward[q] += first * (difference[q] - sum[q]);
      backward[q] += last * (mirrored_difference[q] - mirrored_sum[q]);
    }
  }
  for (long q = 0; q < count; ++q) x[q] -= forward[q] + backward[count - 1 - q];
}

} // namespace detail

/// x -= sum over a of load[a] column(a) + load[corner + a] column(size - 1 - a).
inline void subtract_corner_columns(const CornerColumns& columns, const double* load, double* x) {
  constexpr const char* label = "linnet::kernels::subtract_corner_columns";
  const CornerColumns c = columns;
  if constexpr (on_device)
    for_each_index(
        label, c.count,
        KOKKOS_LAMBDA(long at) { x[at] -= detail::corner_sum(c, load, c.begin + at); });
  else
    for_each_block(label, c.count, 1024, [&](long first, long many) {
      detail::subtract_corner_block(c, load, c.begin + first, many, x + first);
    });
}

} // namespace linnet::kernels
