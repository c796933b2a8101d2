// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Whether a stencil operator is an M-matrix.
#pragma once

#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/stencil.hpp>

namespace linnet::kernels {

namespace detail {

/// The least value of a row of points.
template <class T>
struct LeastValue {
  static constexpr int width = native_width<T>;
  const T* x;
  Layout l;
  KOKKOS_FUNCTION T of_row(int j, int k) const {
    const T* row =
        x + static_cast<std::ptrdiff_t>(j) * l.pitch_y + static_cast<std::ptrdiff_t>(k) * l.pitch_z;
    Pack<T, width> least = splat<width>(T(0));
    int i = 0;
    for (; i + width <= l.n[0]; i += width) least = min<width, T>(least, load<width>(row + i));
    T result = 0;
    if constexpr (width == 1)
      result = least;
    else
      for (int lane = 0; lane < width; ++lane) result = min<1, T>(result, least[lane]);
    for (; i < l.n[0]; ++i) result = min<1, T>(result, row[i]);
    return result;
  }
};

} // namespace detail

/// True if an owned value of @p x is negative.
template <class T>
bool has_negative(const Field<T>& x) {
  const detail::LeastValue<T> least{x.origin(), x.layout};
  const int ny = x.layout.n[1], nz = x.layout.n[2];
  T result = 0;
  Kokkos::parallel_reduce(
      "linnet::kernels::least", Kokkos::RangePolicy<ExecutionSpace>(0, ny * nz),
      KOKKOS_LAMBDA(int row, T& running) {
        running = min<1, T>(running, least.of_row(row % ny, row / ny));
      },
      Kokkos::Min<T>(result));
  return result < 0;
}

/// True if no owned coupling and no row sum is negative: with a symmetric operator an M-matrix.
template <class T>
bool is_m_matrix(const StencilOperator<T>& a) {
  for (const auto& c : a.couplings)
    if (has_negative(c)) return false;
  return !has_negative(a.row_sum);
}

} // namespace linnet::kernels
