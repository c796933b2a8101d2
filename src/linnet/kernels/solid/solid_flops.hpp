// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Floating-point operations of a pass over the cells, for logs.
#pragma once

#include <linnet/kernels/solid/cell_integrals.hpp>

namespace linnet::kernels {

/// Per cell; additions and multiplications alike count one. The law counts as in an elastic point:
/// the iterations of a plastic one differ from point to point.
template <class Element>
constexpr double cell_flops(CellTask task) {
  constexpr double nodes = Element::nodes, points = Element::points, n = 3 * nodes;
  constexpr double law = 60.0, strain = 18.0 * nodes + (Element::bbar ? 2.0 * n : 0.0);
  constexpr double force = 15.0 * nodes + (Element::bbar ? 9.0 * nodes : 3.0 * nodes);
  constexpr double tangent = 80.0 + 2.0 * 36.0 * n + 2.0 * 6.0 * n * (n + 1.0) / 2.0;
  const double at_point = task == CellTask::update  ? law + strain
                          : task == CellTask::force ? law + strain + force
                                                    : law + strain + tangent;
  return points * at_point;
}

} // namespace linnet::kernels
