// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The lines of a tensor along one of its directions.
#pragma once

#include <algorithm>

namespace linnet::kernels {

/// Element i of line (a, b) is at a + inner (i + length b), 0 <= a < inner, 0 <= b < outer.
struct LineShape {
  long inner = 1, outer = 1;
};

/// Some lines: element i of line q is at start + q line_step + i element_step.
struct LineBlock {
  long start, lines, line_step, element_step;
};

/// work(LineBlock) for all lines of @p length elements, at most @p at_once at a time.
template <class Work>
void for_line_blocks(LineShape shape, long length, long at_once, const Work& work) {
  if (shape.inner == 1) {
    for (long b = 0; b < shape.outer; b += at_once)
      work(LineBlock{length * b, std::min(at_once, shape.outer - b), length, 1});
    return;
  }
  for (long b = 0; b < shape.outer; ++b)
    for (long a = 0; a < shape.inner; a += at_once)
      work(LineBlock{a + shape.inner * length * b, std::min(at_once, shape.inner - a), 1,
                     shape.inner});
}

} // namespace linnet::kernels
