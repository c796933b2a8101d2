// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Additions of cells to fields that they share, and other loops over some unknowns.
#pragma once

#include <linnet/kernels/solid/cell_geometry.hpp>

#include <type_traits>

namespace linnet::kernels {

/// *to += value; atomic unless there is one thread.
KOKKOS_FORCEINLINE_FUNCTION void add_shared(double* to, double value) {
  if constexpr (is_serial)
    *to += value;
  else
    Kokkos::atomic_add(to, value);
}

namespace detail {

struct BlockProductKernel {
  const int* nodes;
  int nodes_per_cell;
  const double* blocks;
  const double* x;
  double* y;

  KOKKOS_INLINE_FUNCTION void operator()(const int cell) const {
    const int size = 3 * nodes_per_cell;
    const int* mine = nodes + static_cast<std::int64_t>(cell) * nodes_per_cell;
    const double* block = blocks + static_cast<std::int64_t>(cell) * size * size;
    for (int i = 0; i < size; ++i) {
      double sum = 0.0;
      for (int j = 0; j < size; ++j) sum += block[size * i + j] * x[3 * mine[j / 3] + j % 3];
      add_shared(y + 3 * mine[i / 3] + i % 3, sum);
    }
  }
};

} // namespace detail

/// y += sum over the cells of their block (size x size, row by row) times x; x and y: nodes x 3.
inline void add_block_products(const CellGeometry& geometry, int nodes_per_cell,
                               const Array<double>& blocks, const double* x, double* y) {
  Kokkos::parallel_for(
      "linnet::solid::block_product",
      Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<int>>(0, geometry.cells),
      detail::BlockProductKernel{geometry.nodes.data(), nodes_per_cell, blocks.data(), x, y});
}

/// values[where[i]] = 0.
inline void zero_entries(const Array<int>& where, double* values) {
  const int* places = where.data();
  Kokkos::parallel_for(
      "linnet::solid::zero_entries",
      Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<int>>(
          0, static_cast<int>(where.extent(0))),
      KOKKOS_LAMBDA(const int i) { values[places[i]] = 0.0; });
}

} // namespace linnet::kernels
