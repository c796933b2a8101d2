// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The channels of each point as probabilities, and the adjoint:
///
///     p_c = exp(x_c - max x) / sum_b exp(x_b - max x),   gx_c = p_c (g_c - sum_b g_b p_b)
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/simd_math.hpp>
#include <linnet/kernels/tensor.hpp>

#include <cmath>

namespace linnet::kernels {

namespace detail {

template <class T>
struct Softmax {
  static constexpr int width = native_width<T>;
  const T* x;
  Strides at_x;
  std::ptrdiff_t pitch_x;
  const T* valid;
  int channels;
  T* y;
  Strides at_y;
  std::ptrdiff_t pitch_y;

  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION bool counts(int c) const {
    return !valid || valid[c] > T(0.5);
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* const from = x + at_x(i, j, k);
    T* const to = y + at_y(i, j, k);
    Pack<T, W> largest = splat<W>(static_cast<T>(-INFINITY)), sum = splat<W>(T(0));
    for (int c = 0; c < channels; ++c)
      if (counts(c)) largest = max<W, T>(load<W>(from + c * pitch_x), largest);
    bool is_empty = true;
    for (int c = 0; c < channels; ++c) {
      if (!counts(c)) {
        store<W>(to + c * pitch_y, splat<W>(T(0)));
        continue;
      }
      const Pack<T, W> e = exp<W, T>(load<W>(from + c * pitch_x) - largest);
      sum += e;
      store<W>(to + c * pitch_y, e);
      is_empty = false;
    }
    if (is_empty) return;
    const Pack<T, W> factor = T(1) / sum;
    for (int c = 0; c < channels; ++c) {
      T* const value = to + c * pitch_y;
      store<W>(value, factor * load<W>(value));
    }
  }
};

template <class T>
struct SoftmaxAdjoint {
  static constexpr int width = native_width<T>;
  const T* p;
  Strides at_p;
  std::ptrdiff_t pitch_p;
  const T* gy;
  Strides at_gy;
  std::ptrdiff_t pitch_gy;
  int channels;
  T* gx;
  Strides at_gx;
  std::ptrdiff_t pitch_gx;
  bool add;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* const at = p + at_p(i, j, k);
    const T* const g = gy + at_gy(i, j, k);
    T* const to = gx + at_gx(i, j, k);
    Pack<T, W> mean = splat<W>(T(0));
    for (int c = 0; c < channels; ++c)
      mean = multiply_add<W, T>(load<W>(at + c * pitch_p), load<W>(g + c * pitch_gy), mean);
    for (int c = 0; c < channels; ++c) {
      T* const target = to + c * pitch_gx;
      const Pack<T, W> value = load<W>(at + c * pitch_p) * (load<W>(g + c * pitch_gy) - mean);
      store<W>(target, add ? value + load<W>(target) : value);
    }
  }
};

} // namespace detail

/// y = p of x at the owned points. Channels c with @p valid[c] <= 0.5, where it is given, in kernel
/// memory, do not count: their p is 0, and where none counts all are. x and y may be the same.
template <class T>
void softmax(const Tensor<T>& x, const T* valid, const Tensor<T>& y) {
  for_each_point("linnet::kernels::softmax", Range::box(y.layout.n),
                 detail::Softmax<T>{x.origin(), detail::Strides(x.layout), x.pitch, valid,
                                    y.channels, y.origin(), detail::Strides(y.layout), y.pitch});
}

/// gx = (or, with @p add, +=) the gradient by x, from p and the gradient @p gy by p. gx and gy may
/// be the same tensor.
template <class T>
void softmax_adjoint(const Tensor<T>& p, const Tensor<T>& gy, const Tensor<T>& gx, bool add) {
  for_each_point("linnet::kernels::softmax_adjoint", Range::box(gx.layout.n),
                 detail::SoftmaxAdjoint<T>{p.origin(), detail::Strides(p.layout), p.pitch,
                                           gy.origin(), detail::Strides(gy.layout), gy.pitch,
                                           p.channels, gx.origin(), detail::Strides(gx.layout),
                                           gx.pitch, add});
}

} // namespace linnet::kernels
