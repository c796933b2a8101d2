// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Integrals over each cell of products of two shape functions and of their gradients.
#pragma once

#include <linnet/kernels/solid/cell_geometry.hpp>

namespace linnet::kernels {

namespace detail {

/// Blocks of integral of mass N_a N_b + stiffness grad N_a . grad N_b, nodes x nodes for each cell.
template <class Element>
struct ScalarBlockKernel {
  const int* cell_nodes;
  const double* coordinates;
  double mass, stiffness;
  double* blocks;

  KOKKOS_INLINE_FUNCTION void operator()(const int cell) const {
    constexpr int n = Element::nodes;
    const int* nodes = cell_nodes + static_cast<std::int64_t>(cell) * n;
    double* block = blocks + static_cast<std::int64_t>(cell) * n * n;
    for (int i = 0; i < n * n; ++i) block[i] = 0.0;
    for (int q = 0; q < Element::load_points; ++q) {
      double x[3], weight, values[n], reference[3 * n], g[3 * n], j[9], inverse[9];
      Element::load_point(q, x, weight);
      Element::values(x, values);
      Element::gradients(x, reference);
      jacobian<n>(reference, nodes, coordinates, j);
      weight *= invert(j, inverse);
      for (int a = 0; a < n; ++a)
        for (int c = 0; c < 3; ++c) {
          g[3 * a + c] = 0.0;
          for (int d = 0; d < 3; ++d) g[3 * a + c] += inverse[3 * c + d] * reference[3 * a + d];
        }
      for (int a = 0; a < n; ++a)
        for (int b = 0; b < n; ++b)
          block[n * a + b] +=
              weight * (mass * values[a] * values[b] +
                        stiffness * (g[3 * a] * g[3 * b] + g[3 * a + 1] * g[3 * b + 1] +
                                     g[3 * a + 2] * g[3 * b + 2]));
    }
  }
};

} // namespace detail

/// @p blocks: cells x nodes x nodes. @p nodes: cells x nodes of a cell; @p coordinates: nodes x 3.
/// All in the kernels' memory.
template <class Element>
void scalar_blocks(int cells, const Array<int>& nodes, const Array<double>& coordinates,
                   double mass, double stiffness, const Array<double>& blocks) {
  Kokkos::parallel_for("linnet::solid::scalar_blocks",
                       Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<int>>(0, cells),
                       detail::ScalarBlockKernel<Element>{nodes.data(), coordinates.data(), mass,
                                                          stiffness, blocks.data()});
}

} // namespace linnet::kernels
