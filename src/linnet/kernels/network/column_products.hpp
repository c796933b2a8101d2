// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Products of a few dozen columns with each other: tiles of them are summed up in registers, so
/// that each number that is loaded serves several multiplications. On the host. BLAS is made for
/// larger matrices and takes about twice as long.
#pragma once

#include <linnet/kernels/simd.hpp>
#include <linnet/kernels/static_for.hpp>

#include <cstddef>

namespace linnet::kernels {

/// Columns of a tile: its sums and one column leave registers free.
inline constexpr int product_tile = native_width<double> == 8 ? 4 : 3;
/// Rows come in multiples of this.
inline constexpr int product_rows = native_width<double>;

namespace detail {

/// products(a, b) += sum over rows of x_a y_b, for A columns x and B columns y.
template <int A, int B>
void add_tile(const double* const* x, const double* const* y, int rows, double* products,
              std::ptrdiff_t leading) {
  constexpr int W = product_rows;
  Pack<double, W> sum[A][B];
  static_for<A>([&](auto a) { static_for<B>([&](auto b) { sum[a][b] = Pack<double, W>{}; }); });
  const double *from_x[A], *from_y[B];
  static_for<A>([&](auto a) { from_x[a] = x[a]; });
  static_for<B>([&](auto b) { from_y[b] = y[b]; });
  for (int r = 0; r < rows; r += W) {
    Pack<double, W> left[A];
    static_for<A>([&](auto a) { left[a] = load<W>(from_x[a] + r); });
    static_for<B>([&](auto b) {
      const Pack<double, W> right = load<W>(from_y[b] + r);
      static_for<A>([&](auto a) { sum[a][b] += left[a] * right; });
    });
  }
  static_for<B>([&](auto b) {
    static_for<A>([&](auto a) {
      double lanes[W], total = 0.0;
      store<W>(lanes, sum[a][b]);
      for (int l = 0; l < W; ++l) total += lanes[l];
      products[a + b * leading] += total;
    });
  });
}

} // namespace detail

/// Adds to @p products, column-major with @p leading rows, the products of columns i and j for all
/// tiles with i <= j. @p count columns, a multiple of product_tile, and behind them a last one,
/// whose products with all and itself are added to column @p count. @p rows of each, few enough for
/// the second cache to hold them.
inline void add_column_products(const double* const* columns, int count, int rows, double* products,
                                std::ptrdiff_t leading) {
  constexpr int T = product_tile;
  const double* const* const last = columns + count;
  for (int j = 0; j < count; j += T) {
    for (int i = 0; i <= j; i += T)
      detail::add_tile<T, T>(columns + i, columns + j, rows, products + i + j * leading, leading);
    detail::add_tile<T, 1>(columns + j, last, rows, products + j + count * leading, leading);
  }
  detail::add_tile<1, 1>(last, last, rows, products + count + count * leading, leading);
}

} // namespace linnet::kernels
