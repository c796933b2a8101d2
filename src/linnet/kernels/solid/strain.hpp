// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Strains and nodal fields at the quadrature points.
#pragma once

#include <linnet/kernels/solid/cell_geometry.hpp>

namespace linnet::kernels {

namespace detail {

using CellRange = Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<int>>;

/// Small strain, tensor components, from the cell's displacements @p u and the gradients @p g of a
/// point; B-bar elements take the trace from the @p mean gradients.
template <class Element>
KOKKOS_FORCEINLINE_FUNCTION void strain_at(const double* u, const double* g, const double* mean,
                                           double* strain) {
  double h[9] = {};
  double volume = 0.0;
  for (int a = 0; a < Element::nodes; ++a)
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) h[3 * i + j] += u[3 * a + i] * g[3 * a + j];
      if constexpr (Element::bbar) volume += u[3 * a + i] * mean[3 * a + i];
    }
  const double shift = Element::bbar ? (volume - h[0] - h[4] - h[8]) / 3.0 : 0.0;
  for (int i = 0; i < 3; ++i) strain[i] = h[4 * i] + shift;
  strain[3] = 0.5 * (h[1] + h[3]);
  strain[4] = 0.5 * (h[2] + h[6]);
  strain[5] = 0.5 * (h[5] + h[7]);
}

template <class Element>
struct StrainKernel {
  CellGeometry geometry;
  const double* displacement;
  double* strain;

  KOKKOS_INLINE_FUNCTION void operator()(const int cell) const {
    constexpr int size = 3 * Element::nodes;
    const auto c = static_cast<std::int64_t>(cell);
    const int* nodes = geometry.nodes.data() + c * Element::nodes;
    const double* mean = Element::bbar ? geometry.mean.data() + c * size : nullptr;
    double u[size];
    for (int a = 0; a < Element::nodes; ++a)
      for (int i = 0; i < 3; ++i) u[3 * a + i] = displacement[3 * nodes[a] + i];
    for (int q = 0; q < Element::points; ++q) {
      const std::int64_t point = c * Element::points + q;
      strain_at<Element>(u, geometry.gradients.data() + size * point, mean, strain + 6 * point);
    }
  }
};

template <class Element>
struct InterpolationKernel {
  Array<int> nodes;
  int components;
  const double* field;
  double* values;

  KOKKOS_INLINE_FUNCTION void operator()(const int cell) const {
    const auto c = static_cast<std::int64_t>(cell);
    for (int q = 0; q < Element::points; ++q) {
      double x[3], weight, n[Element::nodes];
      Element::point(q, x, weight);
      Element::values(x, n);
      double* to = values + (c * Element::points + q) * components;
      for (int i = 0; i < components; ++i) {
        to[i] = 0.0;
        for (int a = 0; a < Element::nodes; ++a)
          to[i] += n[a] *
                   field[static_cast<std::int64_t>(nodes(c * Element::nodes + a)) * components + i];
      }
    }
  }
};

} // namespace detail

/// strain (points x 6, tensor components) of the local @p displacement (nodes x 3).
template <class Element>
void strains_at_points(const CellGeometry& geometry, const double* displacement, double* strain) {
  Kokkos::parallel_for("linnet::solid::strain", detail::CellRange(0, geometry.cells),
                       detail::StrainKernel<Element>{geometry, displacement, strain});
}

/// @p values (points x components) of the nodal @p field (nodes x components) by the shape
/// functions. @p nodes: cells x nodes of a cell. All in the kernels' memory.
template <class Element>
void interpolate_to_points(int cells, const Array<int>& nodes, int components, const double* field,
                           double* values) {
  Kokkos::parallel_for("linnet::solid::interpolate", detail::CellRange(0, cells),
                       detail::InterpolationKernel<Element>{nodes, components, field, values});
}

} // namespace linnet::kernels
