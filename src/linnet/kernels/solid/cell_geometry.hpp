// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the integrals over the cells of a solid need of its mesh: weights and shape gradients at
/// the quadrature points.
#pragma once

#include <linnet/kernels/allocation.hpp>
#include <linnet/kernels/solid/element.hpp>

#include <cstdint>

namespace linnet::kernels {

/// Flat arrays over the cells of a rank, their nodes and their points; copies share them.
struct CellGeometry {
  int cells = 0;
  Array<int> nodes;        ///< cells x nodes of a cell: local node numbers
  Array<double> weights;   ///< cells x points: w |J|
  Array<double> gradients; ///< cells x points x nodes x 3: dN/dx
  Array<double> mean;      ///< cells x nodes x 3: mean of dN/dx over the cell; B-bar elements only
};

namespace detail {

/// Inverse of the 3x3 matrix @p j, row by row; returns its determinant.
KOKKOS_INLINE_FUNCTION double invert(const double* j, double* inverse) {
  const double c[9] = {
      j[4] * j[8] - j[5] * j[7], j[2] * j[7] - j[1] * j[8], j[1] * j[5] - j[2] * j[4],
      j[5] * j[6] - j[3] * j[8], j[0] * j[8] - j[2] * j[6], j[2] * j[3] - j[0] * j[5],
      j[3] * j[7] - j[4] * j[6], j[1] * j[6] - j[0] * j[7], j[0] * j[4] - j[1] * j[3]};
  const double det = j[0] * c[0] + j[1] * c[3] + j[2] * c[6];
  for (int i = 0; i < 9; ++i) inverse[i] = c[i] / det;
  return det;
}

/// j[3d+c] = sum_a g[3a+d] x_a[c]: dx_c by the reference coordinate d.
template <int Nodes>
KOKKOS_INLINE_FUNCTION void jacobian(const double* g, const int* nodes, const double* x,
                                     double* j) {
  for (int i = 0; i < 9; ++i) j[i] = 0.0;
  for (int a = 0; a < Nodes; ++a)
    for (int d = 0; d < 3; ++d)
      for (int c = 0; c < 3; ++c) j[3 * d + c] += g[3 * a + d] * x[3 * nodes[a] + c];
}

template <class Element>
struct GeometryKernel {
  CellGeometry to;
  const double* coordinates;

  KOKKOS_INLINE_FUNCTION void operator()(const int cell) const {
    constexpr int size = 3 * Element::nodes;
    const int* nodes = to.nodes.data() + static_cast<std::int64_t>(cell) * Element::nodes;
    double mean[size] = {};
    double volume = 0.0;
    for (int q = 0; q < Element::points; ++q) {
      const std::int64_t point = static_cast<std::int64_t>(cell) * Element::points + q;
      double x[3], weight, reference[size], j[9], inverse[9];
      Element::point(q, x, weight);
      Element::gradients(x, reference);
      jacobian<Element::nodes>(reference, nodes, coordinates, j);
      weight *= invert(j, inverse);
      double* g = to.gradients.data() + size * point;
      for (int a = 0; a < Element::nodes; ++a)
        for (int c = 0; c < 3; ++c) {
          double sum = 0.0;
          for (int d = 0; d < 3; ++d) sum += inverse[3 * c + d] * reference[3 * a + d];
          g[3 * a + c] = sum;
          mean[3 * a + c] += weight * sum;
        }
      to.weights(static_cast<std::size_t>(point)) = weight;
      volume += weight;
    }
    if constexpr (Element::bbar)
      for (int i = 0; i < size; ++i)
        to.mean(static_cast<std::size_t>(cell) * size + i) = mean[i] / volume;
  }
};

} // namespace detail

/// Allocates and fills all arrays but `nodes`, which is given. @p coordinates: nodes x 3, in the
/// kernels' memory. Cells must not be inverted.
template <class Element>
void make_cell_geometry(int cells, const Array<int>& nodes, const Array<double>& coordinates,
                        CellGeometry& to) {
  const auto count = static_cast<std::size_t>(cells);
  const std::size_t points = count * Element::points;
  to.cells = cells;
  to.nodes = nodes;
  to.weights = zeros<double>("linnet::solid::weights", points);
  to.gradients = zeros<double>("linnet::solid::gradients", points * 3 * Element::nodes);
  if (Element::bbar) to.mean = zeros<double>("linnet::solid::mean", count * 3 * Element::nodes);
  Kokkos::parallel_for("linnet::solid::geometry",
                       Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<int>>(0, cells),
                       detail::GeometryKernel<Element>{to, coordinates.data()});
}

} // namespace linnet::kernels
