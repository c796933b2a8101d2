// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Activation functions of tensors, point by point, and their adjoints.
///
/// gelu is exact to a few units in the last place of x: for x << 0, where it approaches 0, that is
/// an absolute error.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/network/activation_kind.hpp>
#include <linnet/kernels/simd_math.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

namespace detail {

// Below -22 both gelus are 0, above 22 the derivatives are 1; the bound keeps 0 times infinity
// away.
inline constexpr int gelu_bound = 22;

/// (1 + erf(x / sqrt 2)) / 2: the distribution function of a normal variable.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> normal_distribution(const Pack<T, W>& x) {
  return erf<W, T>(x * T(0.70710678118654752440)) * T(0.5) + T(0.5);
}

/// (1 + tanh u) / 2, the factor of gelu_tanh, and its derivative by 2 u.
template <int W, class T>
struct GeluFactor {
  Pack<T, W> value, slope;
};
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION GeluFactor<W, T> gelu_tanh_factor(const Pack<T, W>& x) {
  const Pack<T, W> twice_u = (x * x * T(0.044715) + T(1)) * (x * T(1.59576912160573071176));
  // Without cancellation: tail is the smaller one of (1 + tanh u) / 2 and (1 - tanh u) / 2.
  const Pack<T, W> tail = T(1) / (exp<W, T>(abs<W, T>(twice_u)) + T(1));
  const Pack<T, W> other = T(1) - tail;
  return {x < T(0) ? tail : other, tail * other};
}

template <Activation A, int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> activated(const Pack<T, W>& x) {
  if constexpr (A == Activation::identity) {
    return x;
  } else if constexpr (A == Activation::relu) {
    return x < T(0) ? splat<W>(T(0)) : x;
  } else if constexpr (A == Activation::tanh) {
    return tanh<W, T>(x);
  } else if constexpr (A == Activation::softplus) {
    return softplus<W, T>(x);
  } else {
    const Pack<T, W> z = max<W, T>(splat<W>(T(-gelu_bound)), x);
    if constexpr (A == Activation::gelu) {
      return z * normal_distribution<W, T>(z);
    } else {
      return z * gelu_tanh_factor<W, T>(z).value;
    }
  }
}

/// f'(x) from @p v: f(x) if derivative_from_value(A), else x.
template <Activation A, int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> slope(const Pack<T, W>& v) {
  if constexpr (A == Activation::identity) {
    return splat<W>(T(1));
  } else if constexpr (A == Activation::relu) {
    return v <= T(0) ? splat<W>(T(0)) : splat<W>(T(1));
  } else if constexpr (A == Activation::tanh) {
    return (T(1) - v) * (T(1) + v);
  } else if constexpr (A == Activation::softplus) {
    return softplus_slope<W, T>(v);
  } else {
    const Pack<T, W> z = min<W, T>(splat<W>(T(gelu_bound)), max<W, T>(splat<W>(T(-gelu_bound)), v));
    if constexpr (A == Activation::gelu) {
      const Pack<T, W> density = exp<W, T>(z * z * T(-0.5)) * T(0.39894228040143267794);
      return z * density + normal_distribution<W, T>(z);
    } else {
      const GeluFactor<W, T> factor = gelu_tanh_factor<W, T>(z);
      // z times the derivative of 2 u.
      const Pack<T, W> growth = (z * z * T(3 * 0.044715) + T(1)) * (z * T(1.59576912160573071176));
      return factor.slope * growth + factor.value;
    }
  }
}

/// Offset of a point of a tensor whose channels lie on each other in z: k counts all their planes.
struct StackedStrides {
  Strides at;
  std::ptrdiff_t pitch;
  int planes;
  template <class T>
  explicit StackedStrides(const Tensor<T>& t)
      : at(t.layout), pitch(t.pitch), planes(t.layout.n[2]) {}
  KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t operator()(int i, int j, int k) const {
    return at(i, j, k % planes) + k / planes * pitch;
  }
};
template <class T>
Range stacked_range(const Tensor<T>& t) {
  return Range::box({t.layout.n[0], t.layout.n[1], t.layout.n[2] * t.channels});
}

template <Activation A, class T>
struct ActivateKernel {
  static constexpr int width = native_width<T>;
  static constexpr bool partial = true;
  const T* x;
  StackedStrides at_x;
  T* y;
  StackedStrides at_y;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    store<W>(y + at_y(i, j, k), activated<A, W, T>(load<W>(x + at_x(i, j, k))));
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply_first(int i, int j, int k, int count) const {
    const Pack<T, W> v = load_first<W>(x + at_x(i, j, k), count);
    store_first<W, T>(y + at_y(i, j, k), activated<A, W, T>(v), count);
  }
};

template <Activation A, class T>
struct ActivationAdjointKernel {
  static constexpr int width = native_width<T>;
  static constexpr bool partial = true;
  const T* v; ///< y if derivative_from_value(A), else x
  StackedStrides at_v;
  const T* gy;
  StackedStrides at_gy;
  T* gx;
  StackedStrides at_gx;
  bool add;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    T* const to = gx + at_gx(i, j, k);
    const Pack<T, W> f = slope<A, W, T>(load<W>(v + at_v(i, j, k)));
    const Pack<T, W> g = load<W>(gy + at_gy(i, j, k));
    store<W>(to, add ? multiply_add<W, T>(g, f, load<W>(to)) : g * f);
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply_first(int i, int j, int k, int count) const {
    T* const to = gx + at_gx(i, j, k);
    const Pack<T, W> f = slope<A, W, T>(load_first<W>(v + at_v(i, j, k), count));
    const Pack<T, W> g = load_first<W>(gy + at_gy(i, j, k), count);
    store_first<W, T>(to, add ? multiply_add<W, T>(g, f, load_first<W>(to, count)) : g * f, count);
  }
};

template <Activation A, class T>
void activate(const Tensor<T>& x, const Tensor<T>& y) {
  for_each_point(
      "linnet::kernels::activate", stacked_range(y),
      ActivateKernel<A, T>{x.origin(), StackedStrides(x), y.origin(), StackedStrides(y)});
}

template <Activation A, class T>
void activate_adjoint(const Tensor<T>& x, const Tensor<T>& y, const Tensor<T>& gy,
                      const Tensor<T>& gx, bool add) {
  const Tensor<T>& v = derivative_from_value(A) ? y : x;
  for_each_point("linnet::kernels::activate_adjoint", stacked_range(gx),
                 ActivationAdjointKernel<A, T>{v.origin(), StackedStrides(v), gy.origin(),
                                               StackedStrides(gy), gx.origin(), StackedStrides(gx),
                                               add});
}

} // namespace detail

/// y = f(x) on the owned points of all channels. Both have the same owned points and channels;
/// ghost widths may differ. x and y may be the same tensor.
template <class T>
void activate(Activation kind, const Tensor<T>& x, const Tensor<T>& y) {
  switch (kind) {
  case Activation::identity: return detail::activate<Activation::identity>(x, y);
  case Activation::relu: return detail::activate<Activation::relu>(x, y);
  case Activation::tanh: return detail::activate<Activation::tanh>(x, y);
  case Activation::gelu: return detail::activate<Activation::gelu>(x, y);
  case Activation::gelu_tanh: return detail::activate<Activation::gelu_tanh>(x, y);
  case Activation::softplus: return detail::activate<Activation::softplus>(x, y);
  }
}

/// gx = gy f'(x), or gx += gy f'(x) with @p add, on the owned points of all channels. The
/// derivative comes from y = f(x) alone where derivative_from_value(kind), else from x alone; the
/// other one may be an empty tensor. gx and gy may be the same tensor.
template <class T>
void activate_adjoint(Activation kind, const Tensor<T>& x, const Tensor<T>& y, const Tensor<T>& gy,
                      const Tensor<T>& gx, bool add) {
  using detail::activate_adjoint;
  switch (kind) {
  case Activation::identity: return activate_adjoint<Activation::identity>(x, y, gy, gx, add);
  case Activation::relu: return activate_adjoint<Activation::relu>(x, y, gy, gx, add);
  case Activation::tanh: return activate_adjoint<Activation::tanh>(x, y, gy, gx, add);
  case Activation::gelu: return activate_adjoint<Activation::gelu>(x, y, gy, gx, add);
  case Activation::gelu_tanh: return activate_adjoint<Activation::gelu_tanh>(x, y, gy, gx, add);
  case Activation::softplus: return activate_adjoint<Activation::softplus>(x, y, gy, gx, add);
  }
}

} // namespace linnet::kernels
