// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The loop over the cells of a box.
#pragma once

#include <linnet/grid/index_box.hpp>

namespace linnet::problems {

/// Calls @p body(i, j, k) for all cells of @p box, x fastest.
template <class Body>
void visit_cells(const grid::IndexBox& box, Body&& body) {
  for (int k = box.lo[2]; k < box.hi[2]; ++k)
    for (int j = box.lo[1]; j < box.hi[1]; ++j)
      for (int i = box.lo[0]; i < box.hi[0]; ++i) body(i, j, k);
}

} // namespace linnet::problems
