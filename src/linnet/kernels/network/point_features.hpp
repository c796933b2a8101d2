// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What networks read of the coordinates of a point: harmonics of period 1, and a product that is
/// zero on sides of the unit box; and the adjoints of their derivatives.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

#include <cmath>

namespace linnet::kernels {

namespace detail {

/// Where a point's channels lie.
template <class T>
struct PointChannels {
  T* values;
  Strides at;
  std::ptrdiff_t pitch;
  explicit PointChannels(const Tensor<T>& t) : values(t.origin()), at(t.layout), pitch(t.pitch) {}
  KOKKOS_FORCEINLINE_FUNCTION T* operator()(int i, int j, int k) const {
    return values + at(i, j, k);
  }
};

/// 2 pi n
template <class T>
KOKKOS_FORCEINLINE_FUNCTION T angular(int n) {
  return T(6.28318530717958647693) * static_cast<T>(n);
}

template <class T>
struct Harmonics {
  static constexpr int width = 1;
  PointChannels<T> x, y;
  int coordinates, periodic, count;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* from = x(i, j, k);
    T* to = y(i, j, k);
    for (int d = 0; d < periodic; ++d)
      for (int n = 1; n <= count; ++n) {
        const T phase = angular<T>(n) * from[d * x.pitch];
        *to = std::cos(phase);
        to[y.pitch] = std::sin(phase);
        to += 2 * y.pitch;
      }
    for (int d = periodic; d < coordinates; ++d, to += y.pitch) *to = from[d * x.pitch];
  }
};

template <class T>
struct HarmonicsAdjoint {
  static constexpr int width = 1;
  PointChannels<T> x, gy, gx;
  int coordinates, periodic, count;
  bool add;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* from = x(i, j, k);
    const T* g = gy(i, j, k);
    T* to = gx(i, j, k);
    for (int d = 0; d < coordinates; ++d) {
      T sum = T(0);
      if (d < periodic) {
        for (int n = 1; n <= count; ++n, g += 2 * gy.pitch) {
          const T omega = angular<T>(n), phase = omega * from[d * x.pitch];
          sum += omega * (g[gy.pitch] * std::cos(phase) - *g * std::sin(phase));
        }
      } else {
        sum = *g;
        g += gy.pitch;
      }
      T& target = to[d * gx.pitch];
      target = add ? target + sum : sum;
    }
  }
};

/// The factor of coordinate @p s with the bits @p sides of its lower and upper end, and its
/// derivative.
template <class T>
struct SideFactor {
  T value = T(1), slope = T(0);
  KOKKOS_FORCEINLINE_FUNCTION SideFactor(T s, int sides) {
    if (sides == 1) value = s, slope = T(1);
    if (sides == 2) value = T(1) - s, slope = T(-1);
    if (sides == 3) value = T(4) * s * (T(1) - s), slope = T(4) - T(8) * s;
  }
};

template <class T>
struct SideProduct {
  static constexpr int width = 1;
  PointChannels<T> x, y;
  int coordinates, sides;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    T product = T(1);
    for (int d = 0; d < coordinates; ++d)
      product *= SideFactor<T>(x(i, j, k)[d * x.pitch], sides >> (2 * d) & 3).value;
    *y(i, j, k) = product;
  }
};

template <class T>
struct SideProductAdjoint {
  static constexpr int width = 1;
  PointChannels<T> x, gy, gx;
  int coordinates, sides;
  bool add;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    for (int d = 0; d < coordinates; ++d) {
      T derivative = *gy(i, j, k);
      for (int e = 0; e < coordinates; ++e) {
        const SideFactor<T> factor(x(i, j, k)[e * x.pitch], sides >> (2 * e) & 3);
        derivative *= e == d ? factor.slope : factor.value;
      }
      T& target = gx(i, j, k)[d * gx.pitch];
      target = add ? target + derivative : derivative;
    }
  }
};

} // namespace detail

/// y = cos(2 pi n x_d), sin(2 pi n x_d) for n = 1, ..., @p count of each of the first @p periodic
/// coordinates, n fastest, and behind them the other coordinates as they are.
template <class T>
void harmonics(const Tensor<T>& x, int periodic, int count, const Tensor<T>& y) {
  for_each_point("linnet::kernels::harmonics", Range::box(y.layout.n),
                 detail::Harmonics<T>{detail::PointChannels<T>(x), detail::PointChannels<T>(y),
                                      x.channels, periodic, count});
}

/// gx = (or, with @p add, +=) the gradient of sum(gy y) by x.
template <class T>
void harmonics_adjoint(const Tensor<T>& x, int periodic, int count, const Tensor<T>& gy,
                       const Tensor<T>& gx, bool add) {
  for_each_point(
      "linnet::kernels::harmonics_adjoint", Range::box(gx.layout.n),
      detail::HarmonicsAdjoint<T>{detail::PointChannels<T>(x), detail::PointChannels<T>(gy),
                                  detail::PointChannels<T>(gx), x.channels, periodic, count, add});
}

/// y = the product over the coordinates d of x_d, 1 - x_d or 4 x_d (1 - x_d), for the bits 2d, 2d+1
/// or both of @p sides: zero on these sides of the unit box.
template <class T>
void side_product(const Tensor<T>& x, int sides, const Tensor<T>& y) {
  for_each_point("linnet::kernels::side_product", Range::box(y.layout.n),
                 detail::SideProduct<T>{detail::PointChannels<T>(x), detail::PointChannels<T>(y),
                                        x.channels, sides});
}

/// gx = (or, with @p add, +=) the gradient of sum(gy y) by x.
template <class T>
void side_product_adjoint(const Tensor<T>& x, int sides, const Tensor<T>& gy, const Tensor<T>& gx,
                          bool add) {
  for_each_point(
      "linnet::kernels::side_product_adjoint", Range::box(gx.layout.n),
      detail::SideProductAdjoint<T>{detail::PointChannels<T>(x), detail::PointChannels<T>(gy),
                                    detail::PointChannels<T>(gx), x.channels, sides, add});
}

} // namespace linnet::kernels
