// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Sums of the points of a channel in 64-bit integers, which are the same for any cut of the grid,
/// and channels of one value.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/network/fixed_point.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

namespace detail {

/// Sum of n values times scale, each rounded to an integer.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION std::int64_t fixed_point_row(const T* x, int n, double scale) {
  constexpr int w = native_width<double>;
  std::int64_t sum = 0;
  int i = 0;
  if constexpr (w > 1) {
    Pack<std::int64_t, w> lanes{};
    for (; i + w <= n; i += w)
      lanes += convert<std::int64_t, w, double>(nearest<w>(scale * load_double<w>(x + i)));
    for (int l = 0; l < w; ++l) sum += lanes[l];
  }
  for (; i < n; ++i)
    sum += static_cast<std::int64_t>(nearest<1>(scale * static_cast<double>(x[i])));
  return sum;
}

template <class T>
struct SetChannel {
  static constexpr int width = native_width<T>;
  T* y;
  Strides at;
  T value;
  bool add;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    T* to = y + at(i, j, k);
    store<W>(to, add ? load<W>(to) + splat<W>(value) : splat<W>(value));
  }
};

} // namespace detail

/// largest_exponent() of the owned points of @p channel.
template <class T>
int largest_exponent(const Tensor<T>& t, int channel) {
  constexpr int mantissa = std::numeric_limits<T>::digits - 1;
  constexpr int bias = std::numeric_limits<T>::max_exponent - 1;
  using Bits = detail::MagnitudeBits<T>;
  using Value = typename Bits::Value;
  const T* origin = t.origin(channel);
  const detail::Strides at(t.layout);
  const int nx = t.layout.n[0], ny = t.layout.n[1];
  Value largest = 0;
  Kokkos::parallel_reduce(
      "linnet::kernels::largest_exponent",
      Kokkos::RangePolicy<ExecutionSpace>(0, ny * t.layout.n[2]),
      KOKKOS_LAMBDA(int row, Value& running) {
        const Value of_row = detail::max_piece(Bits{origin + at(0, row % ny, row / ny)}, 0,
                                               static_cast<std::size_t>(nx));
        if (of_row > running) running = of_row;
      },
      Kokkos::Max<Value>(largest));
  return static_cast<int>(largest >> mantissa) - bias;
}

/// Sum over the owned points of @p channel of the values times @p scale, each rounded to an
/// integer. @p scale is a power of two for which the sum stays below 2^62.
template <class T>
std::int64_t fixed_point_sum(const Tensor<T>& t, int channel, double scale) {
  const T* origin = t.origin(channel);
  const detail::Strides at(t.layout);
  const int nx = t.layout.n[0], ny = t.layout.n[1];
  std::int64_t sum = 0;
  Kokkos::parallel_reduce(
      "linnet::kernels::fixed_point_sum",
      Kokkos::RangePolicy<ExecutionSpace>(0, ny * t.layout.n[2]),
      KOKKOS_LAMBDA(int row, std::int64_t& part) {
        part += detail::fixed_point_row(origin + at(0, row % ny, row / ny), nx, scale);
      },
      sum);
  return sum;
}

/// y(channel, .) = value, or with @p add += value, on the owned points.
template <class T>
void set_channel(const Tensor<T>& y, int channel, T value, bool add) {
  for_each_point("linnet::kernels::set_channel", Range::box(y.layout.n),
                 detail::SetChannel<T>{y.origin(channel), detail::Strides(y.layout), value, add});
}

} // namespace linnet::kernels
