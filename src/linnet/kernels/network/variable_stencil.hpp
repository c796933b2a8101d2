// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A stencil whose coefficients are a field for each tap, and its adjoints:
///
///     y(p) = sum over o in {-1,0,1}^dim of K_o(p) x(p + o),
///
/// taps in the order of (oz, oy, ox), x fastest. One layer of ghosts is read.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

namespace detail {

struct StencilTaps {
  int count = 0;
  std::ptrdiff_t offset[27] = {}; ///< of p + o, or of p - o with sign = -1

  StencilTaps(const Layout& l, int dimension, int sign) {
    const int y = dimension > 1 ? 1 : 0, z = dimension > 2 ? 1 : 0;
    for (int oz = -z; oz <= z; ++oz)
      for (int oy = -y; oy <= y; ++oy)
        for (int ox = -1; ox <= 1; ++ox)
          offset[count++] = sign * (ox + static_cast<std::ptrdiff_t>(oy) * l.pitch_y +
                                    static_cast<std::ptrdiff_t>(oz) * l.pitch_z);
  }
};

template <class T>
struct ApplyStencil {
  static constexpr int width = native_width<T>;
  static constexpr bool repeatable = true;
  const T* x;
  Strides at_x;
  StencilTaps taps;
  const T* coefficients;
  Strides at_k;
  std::ptrdiff_t pitch_k;
  T* y;
  Strides at_y;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* from = x + at_x(i, j, k);
    const T* factor = coefficients + at_k(i, j, k);
    Pack<T, W> sum = splat<W>(T(0));
    for (int t = 0; t < taps.count; ++t, factor += pitch_k)
      sum = multiply_add<W, T>(load<W>(factor), load<W>(from + taps.offset[t]), sum);
    store<W>(y + at_y(i, j, k), sum);
  }
};

/// gx(p) = sum of K_o(p - o) gy(p - o).
template <class T>
struct ApplyTransposedStencil {
  static constexpr int width = native_width<T>;
  const T* gy;
  Strides at_gy;
  StencilTaps taps;
  const T* coefficients;
  Strides at_k;
  StencilTaps taps_k;
  std::ptrdiff_t pitch_k;
  T* gx;
  Strides at_gx;
  bool add;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* from = gy + at_gy(i, j, k);
    const T* factor = coefficients + at_k(i, j, k);
    T* to = gx + at_gx(i, j, k);
    Pack<T, W> sum = splat<W>(T(0));
    for (int t = 0; t < taps.count; ++t, factor += pitch_k)
      sum = multiply_add<W, T>(load<W>(factor + taps_k.offset[t]), load<W>(from + taps.offset[t]),
                               sum);
    store<W>(to, add ? load<W>(to) + sum : sum);
  }
};

/// gK_o(p) = gy(p) x(p + o).
template <class T>
struct StencilCoefficientGradient {
  static constexpr int width = native_width<T>;
  const T* x;
  Strides at_x;
  StencilTaps taps;
  const T* gy;
  Strides at_gy;
  T* coefficients;
  Strides at_k;
  std::ptrdiff_t pitch_k;
  bool add;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* from = x + at_x(i, j, k);
    T* to = coefficients + at_k(i, j, k);
    const Pack<T, W> g = load<W>(gy + at_gy(i, j, k));
    for (int t = 0; t < taps.count; ++t, to += pitch_k) {
      const Pack<T, W> value = load<W>(from + taps.offset[t]);
      store<W>(to, add ? multiply_add<W, T>(g, value, load<W>(to)) : g * value);
    }
  }
};

} // namespace detail

/// y = stencil of x; x and y have one channel, @p coefficients 3^dimension.
template <class T>
void apply_stencil(const Tensor<T>& x, const Tensor<T>& coefficients, int dimension,
                   const Tensor<T>& y) {
  using detail::Strides;
  for_each_point("linnet::kernels::apply_stencil", Range::box(y.layout.n),
                 detail::ApplyStencil<T>{x.origin(), Strides(x.layout),
                                         detail::StencilTaps(x.layout, dimension, 1),
                                         coefficients.origin(), Strides(coefficients.layout),
                                         coefficients.pitch, y.origin(), Strides(y.layout)});
}

/// gx = (or, with @p add, +=) the adjoint applied to gy. The ghosts of gy and of the coefficients
/// are read.
template <class T>
void apply_transposed_stencil(const Tensor<T>& gy, const Tensor<T>& coefficients, int dimension,
                              const Tensor<T>& gx, bool add) {
  using detail::Strides, detail::StencilTaps;
  for_each_point("linnet::kernels::apply_transposed_stencil", Range::box(gx.layout.n),
                 detail::ApplyTransposedStencil<T>{
                     gy.origin(), Strides(gy.layout), StencilTaps(gy.layout, dimension, -1),
                     coefficients.origin(), Strides(coefficients.layout),
                     StencilTaps(coefficients.layout, dimension, -1), coefficients.pitch,
                     gx.origin(), Strides(gx.layout), add});
}

/// The gradient of sum(gy y) by the coefficients, which is stored or, with @p add, added.
template <class T>
void stencil_coefficient_gradient(const Tensor<T>& x, const Tensor<T>& gy, int dimension,
                                  const Tensor<T>& gradient, bool add) {
  using detail::Strides;
  for_each_point("linnet::kernels::stencil_coefficient_gradient", Range::box(gy.layout.n),
                 detail::StencilCoefficientGradient<T>{
                     x.origin(), Strides(x.layout), detail::StencilTaps(x.layout, dimension, 1),
                     gy.origin(), Strides(gy.layout), gradient.origin(), Strides(gradient.layout),
                     gradient.pitch, add});
}

} // namespace linnet::kernels
