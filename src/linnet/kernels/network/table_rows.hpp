// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Rows of a table, by their number.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

namespace detail {

/// @p number rounded to one of 0, ..., @p rows - 1, also where it is not a number.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION int row_of(T number, int rows) {
  const T wanted = number + T(0.5), most = static_cast<T>(rows - 1);
  return !(wanted > T(0)) ? 0 : static_cast<int>(wanted > most ? most : wanted);
}

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
    const int row = row_of(number[at_number(i, j, k)], rows);
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

/// values[x gy.channels + c] += gy(c), point after point: the adjoint of table_rows() by the table,
/// in a fixed order.
template <class T>
void add_to_table_rows(const Tensor<T>& x, const Tensor<T>& gy, int rows, T* values) {
  const detail::Strides at_x(x.layout), at_gy(gy.layout);
  const T* const number = x.origin();
  const T* const from = gy.origin();
  const std::ptrdiff_t pitch = gy.pitch;
  const int nx = gy.layout.n[0], ny = gy.layout.n[1], nz = gy.layout.n[2], columns = gy.channels;
  Kokkos::parallel_for(
      "linnet::kernels::add_to_table_rows", Kokkos::RangePolicy<ExecutionSpace>(0, columns),
      KOKKOS_LAMBDA(int c) {
        for (int k = 0; k < nz; ++k)
          for (int j = 0; j < ny; ++j)
            for (int i = 0; i < nx; ++i) {
              const int row = detail::row_of(number[at_x(i, j, k)], rows);
              values[static_cast<std::ptrdiff_t>(row) * columns + c] +=
                  from[c * pitch + at_gy(i, j, k)];
            }
      });
}

} // namespace linnet::kernels
