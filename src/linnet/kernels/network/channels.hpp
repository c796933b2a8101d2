// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Sums, copies, additions, differences and products of whole tensors, channel by channel.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

namespace detail {

template <class T>
struct AddSignedKernel {
  static constexpr int width = native_width<T>;
  const T* x;
  Strides at_x;
  T* y;
  Strides at_y;
  T sign;
  bool add;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    T* to = y + at_y(i, j, k);
    // 1 or -1: the product is exact, fused or not.
    const Pack<T, W> value = splat<W>(sign) * load<W>(x + at_x(i, j, k));
    store<W>(to, add ? value + load<W>(to) : value);
  }
};

template <class T>
struct ShiftKernel {
  static constexpr int width = native_width<T>;
  T* y;
  Strides at;
  const T* shift;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    T* to = y + at(i, j, k);
    store<W>(to, load<W>(to) + splat<W>(*shift));
  }
};

template <class T>
struct ProductKernel {
  static constexpr int width = native_width<T>;
  const T* a;
  Strides at_a;
  const T* b;
  Strides at_b;
  T* y;
  Strides at_y;
  bool add;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    T* to = y + at_y(i, j, k);
    const Pack<T, W> p = load<W>(a + at_a(i, j, k)), q = load<W>(b + at_b(i, j, k));
    store<W>(to, add ? multiply_add<W, T>(p, q, load<W>(to)) : p * q);
  }
};

} // namespace detail

/// y = a b, or with @p add y += a b, on the owned points. A factor of one channel goes with all
/// channels of the other one; a y of one channel gets the sum over the channels of the product.
template <class T>
void multiply_tensors(const Tensor<T>& a, const Tensor<T>& b, const Tensor<T>& y, bool add) {
  const auto channel = [](const Tensor<T>& t, int c) { return t.origin(t.channels > 1 ? c : 0); };
  const int channels = a.channels > b.channels ? a.channels : b.channels;
  for (int c = 0; c < channels; ++c)
    for_each_point("linnet::kernels::multiply_tensors", Range::box(y.layout.n),
                   detail::ProductKernel<T>{channel(a, c), detail::Strides(a.layout), channel(b, c),
                                            detail::Strides(b.layout), channel(y, c),
                                            detail::Strides(y.layout),
                                            add || (y.channels == 1 && c > 0)});
}

namespace detail {
template <class T>
void add_signed(const char* label, const Tensor<T>& x, T sign, const Tensor<T>& y, bool add) {
  for (int c = 0; c < y.channels; ++c)
    for_each_point(label, Range::box(y.layout.n),
                   AddSignedKernel<T>{x.origin(c), Strides(x.layout), y.origin(c),
                                      Strides(y.layout), sign, add});
}
} // namespace detail

/// y = x, or with @p add y += x, on the owned points of all channels.
template <class T>
void copy_tensor(const Tensor<T>& x, const Tensor<T>& y, bool add) {
  detail::add_signed("linnet::kernels::copy_tensor", x, T(1), y, add);
}

/// y = -x, or with @p add y -= x.
template <class T>
void subtract_tensor(const Tensor<T>& x, const Tensor<T>& y, bool add) {
  detail::add_signed("linnet::kernels::subtract_tensor", x, T(-1), y, add);
}

/// y(c, .) += shift(c) on the owned points; @p shift in kernel memory.
template <class T>
void add_to_channels(const Tensor<T>& y, const T* shift) {
  for (int c = 0; c < y.channels; ++c)
    for_each_point("linnet::kernels::add_to_channels", Range::box(y.layout.n),
                   detail::ShiftKernel<T>{y.origin(c), detail::Strides(y.layout), shift + c});
}

namespace detail {

/// Values of rows as doubles.
template <class T>
struct RowTerms {
  static constexpr int width = native_width<double>;
  const T* values;
  Strides at;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    return load_double<W>(values + at(i, j, k));
  }
};

} // namespace detail

/// sums(c) += the sum of the owned points of channel c, formed row by row; @p sums in kernel
/// memory.
template <class T>
void add_channel_sums(const Tensor<T>& x, T* sums) {
  const detail::Strides at(x.layout);
  const T* origin = x.origin();
  const std::ptrdiff_t pitch = x.pitch;
  const int nx = x.layout.n[0], ny = x.layout.n[1], rows = x.layout.n[1] * x.layout.n[2];
  Kokkos::parallel_for(
      "linnet::kernels::add_channel_sums", Kokkos::RangePolicy<ExecutionSpace>(0, x.channels),
      KOKKOS_LAMBDA(int c) {
        const detail::RowTerms<T> terms{origin + c * pitch, at};
        double sum = 0.0;
        for (int row = 0; row < rows; ++row)
          sum += detail::sum_row(terms, 0, nx, row % ny, row / ny);
        sums[c] += static_cast<T>(sum);
      });
}

} // namespace linnet::kernels
