// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Part of the points of each row, moved along x.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

namespace detail {

template <class T>
struct ShiftedCopy {
  static constexpr int width = 1;
  const T* x;
  Strides at_x;
  T* y;
  Strides at_y;
  int begin, end, shift;
  bool add;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    T& to = y[at_y(i, j, k)];
    const bool has_value = i >= begin && i < end;
    const T value = has_value ? x[at_x(i + shift, j, k)] : T(0);
    to = add ? to + value : value;
  }
};

} // namespace detail

/// y(c, i, j, k) = x(c, i + @p shift, j, k) for @p begin <= i < @p end and 0 elsewhere; with @p
/// add, += that.
template <class T>
void copy_shifted(const Tensor<T>& x, int begin, int end, int shift, const Tensor<T>& y, bool add) {
  for (int c = 0; c < y.channels; ++c)
    for_each_point("linnet::kernels::copy_shifted", Range::box(y.layout.n),
                   detail::ShiftedCopy<T>{x.origin(c), detail::Strides(x.layout), y.origin(c),
                                          detail::Strides(y.layout), begin, end, shift, add});
}

} // namespace linnet::kernels
