// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The lines of a tensor along one of its directions.
#pragma once

#include <linnet/kernels/compat.hpp>

#include <algorithm>

namespace linnet::kernels {

/// Element i of line (a, b) is at a + inner (i + length b), 0 <= a < inner, 0 <= b < outer.
struct LineShape {
  long inner = 1, outer = 1;
  [[nodiscard]] long lines() const { return inner * outer; }
};

/// Some lines, numbered a + inner b, from @p first on.
struct LineBlock {
  long first, lines, inner, length;

  /// Place of element @p i of the q-th of them.
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION long place(long q, long i) const {
    return start(q) + inner * i;
  }
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION long start(long q) const {
    const long line = first + q;
    return inner == 1 ? line * length : line % inner + line / inner * inner * length;
  }
};

/// work(LineBlock) for all lines of @p length elements, at most @p at_once at a time.
template <class Work>
void for_line_blocks(LineShape shape, long length, long at_once, const Work& work) {
  for (long first = 0; first < shape.lines(); first += at_once)
    work(LineBlock{first, std::min(at_once, shape.lines() - first), shape.inner, length});
}

} // namespace linnet::kernels
