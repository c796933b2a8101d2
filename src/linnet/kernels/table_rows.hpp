// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Rows of a table, by their number.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

namespace detail {

template <class T>
struct TableRows {
  static constexpr int width = 1;
  const T* number;
  Strides at_number;
  const T* values;
  int rows, columns;
  T* y;
  Strides at_y;
  std::ptrdiff_t pitch_y;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T wanted = number[at_number(i, j, k)] + T(0.5);
    const T most = static_cast<T>(rows - 1);
    // Also of what is not a number.
    const int row = !(wanted > T(0)) ? 0 : static_cast<int>(wanted > most ? most : wanted);
    const T* from = values + static_cast<std::ptrdiff_t>(row) * columns;
    T* to = y + at_y(i, j, k);
    for (int c = 0; c < columns; ++c) to[c * pitch_y] = from[c];
  }
};

} // namespace detail

/// y(c) = values[x y.channels + c] with x rounded to one of the numbers 0, ..., @p rows - 1; @p
/// values in kernel memory.
template <class T>
void table_rows(const Tensor<T>& x, const T* values, int rows, const Tensor<T>& y) {
  for_each_point("linnet::kernels::table_rows", Range::box(y.layout.n),
                 detail::TableRows<T>{x.origin(), detail::Strides(x.layout), values, rows,
                                      y.channels, y.origin(), detail::Strides(y.layout), y.pitch});
}

} // namespace linnet::kernels
