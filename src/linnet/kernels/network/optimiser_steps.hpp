// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Steps of optimisers and norms on flat buffers, each in one pass over memory.
#pragma once

#include <linnet/kernels/flat_loop.hpp>

namespace linnet::kernels {

/// Adam (Kingma and Ba, ICLR 2015) with the decay of AdamW (Loshchilov and Hutter, ICLR 2019), or
/// with an L2 penalty:
/// g = g + l2 theta,
/// m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
/// theta = keep theta - rate m / (root sqrt(v) + epsilon).
template <class T>
struct AdamStep {
  static constexpr int width = native_width<T>;
  T* theta;
  const T* g;
  T* m;
  T* v;
  T beta1, rest1; ///< rest1 = 1 - beta1
  T beta2, rest2;
  T rate; ///< learning rate / (1 - beta1^t)
  T root; ///< 1 / sqrt(1 - beta2^t)
  T keep; ///< 1 - learning rate times decay
  T l2;
  T epsilon; ///< positive
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(std::size_t i) const {
    const Pack<T, W> gradient = load<W>(g + i) + l2 * load<W>(theta + i);
    const Pack<T, W> first = beta1 * load<W>(m + i) + rest1 * gradient;
    const Pack<T, W> second = beta2 * load<W>(v + i) + rest2 * (gradient * gradient);
    store<W, T>(m + i, first);
    store<W, T>(v + i, second);
    store<W, T>(theta + i,
                keep * load<W>(theta + i) - rate * first / (root * sqrt<W, T>(second) + epsilon));
  }
};

namespace detail {

/// y = a y + b x.
template <class T>
struct ScaleAndAdd {
  static constexpr int width = native_width<T>;
  T a;
  T* y;
  T b;
  const T* x;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(std::size_t i) const {
    store<W, T>(y + i, a * load<W>(y + i) + b * load<W>(x + i));
  }
};

/// y = factor x, with the product formed in double precision; x may be y.
template <class T>
struct Scale {
  static constexpr int width = native_width<double>;
  T* y;
  double factor;
  const T* x;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(std::size_t i) const {
    store_double<W>(y + i, factor * load_double<W>(x + i));
  }
};

/// x = min(max(x, -limit), limit).
template <class T>
struct Clamp {
  static constexpr int width = native_width<T>;
  T* x;
  T limit;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(std::size_t i) const {
    const Pack<T, W> high = splat<W>(limit), low = splat<W>(-limit);
    store<W, T>(x + i, min<W, T>(max<W, T>(load<W>(x + i), low), high));
  }
};

template <class T>
struct Product {
  static constexpr int width = native_width<double>;
  const T* x;
  const T* y;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(std::size_t i) const {
    return load_double<W>(x + i) * load_double<W>(y + i);
  }
};

template <class T>
struct Square {
  static constexpr int width = native_width<double>;
  const T* x;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(std::size_t i) const {
    const Pack<double, W> v = load_double<W>(x + i);
    return v * v;
  }
};

} // namespace detail

/// y = a y + b x for @p n values.
template <class T>
void scale_and_add(double a, T* y, double b, const T* x, std::size_t n) {
  for_each_value("linnet::kernels::scale_and_add", 0, n,
                 detail::ScaleAndAdd<T>{static_cast<T>(a), y, static_cast<T>(b), x});
}

/// y = factor x for @p n values; x may be y.
template <class T>
void scale(T* y, double factor, const T* x, std::size_t n) {
  for_each_value("linnet::kernels::scale", 0, n, detail::Scale<T>{y, factor, x});
}

/// Brings @p n values to the interval from -limit to limit. What is not a number becomes any value
/// of it.
template <class T>
void clamp(T* x, double limit, std::size_t n) {
  for_each_value("linnet::kernels::clamp", 0, n, detail::Clamp<T>{x, static_cast<T>(limit)});
}

/// Sum of the products of @p n values in double precision, the same on any number of threads.
template <class T>
double sum_of_products(const T* x, const T* y, std::size_t n) {
  return sum_of_values("linnet::kernels::sum_of_products", 0, n, detail::Product<T>{x, y});
}

/// Sum of the squares of @p n values in double precision, the same on any number of threads.
template <class T>
double sum_of_squares(const T* x, std::size_t n) {
  return sum_of_values("linnet::kernels::sum_of_squares", 0, n, detail::Square<T>{x});
}

} // namespace linnet::kernels
