// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Functions of position and time at the centres of cells, row by row.
#pragma once

#include <linnet/core/space_time_function.hpp>
#include <linnet/grid/index_box.hpp>
#include <linnet/problems/cells/box_cells.hpp>

#include <vector>

namespace linnet::problems {

/// Calls @p body(i, j, k, value) for all cells of @p box, x fastest, with the value of @p f at the
/// centre of the cell and the time @p t.
template <class Body>
void visit_values(const BoxCells& cells, const grid::IndexBox& box,
                  const core::SpaceTimeFunction& f, double t, Body&& body) {
  std::vector<double> x, values;
  for (int i = box.lo[0]; i < box.hi[0]; ++i) x.push_back(cells.center(i, 0, 0)[0]);
  values.resize(x.size());
  for (int k = box.lo[2]; k < box.hi[2]; ++k)
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
      const core::Real3 row = cells.center(0, j, k);
      f.along_x(x, row[1], row[2], t, values);
      for (int i = box.lo[0]; i < box.hi[0]; ++i)
        body(i, j, k, values[static_cast<std::size_t>(i - box.lo[0])]);
    }
}

} // namespace linnet::problems
