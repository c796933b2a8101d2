// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Normalisation over all channels and points of a grid, with a scale and a bias for every value
/// (LayerNorm over (C, H, W); Ba, Kiros and Hinton, arXiv 1607.06450):
///
///     y = gamma xh + beta,   xh = (x - mean) r
///
/// and its adjoint gx = r (h - mean(h) - xh mean(h xh)), h = gamma gy. The means are the caller's,
/// who makes them of the sums below.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/network/fixed_point.hpp>
#include <linnet/kernels/tensor.hpp>

#include <cmath>

namespace linnet::kernels {

/// Parameters of every channel and point of a whole grid, row-major with x fastest, of which a
/// tensor has those of its box.
struct ParameterBox {
  core::Index3 points{}; ///< of the whole grid
  core::Index3 lo{};     ///< first point of the box
};

namespace detail {

struct ParameterStrides {
  std::ptrdiff_t first, row, plane, channel;
  explicit ParameterStrides(const ParameterBox& b)
      : first(b.lo[0] +
              std::ptrdiff_t{b.points[0]} * (b.lo[1] + std::ptrdiff_t{b.points[1]} * b.lo[2])),
        row(b.points[0]), plane(row * b.points[1]), channel(plane * b.points[2]) {}
  KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t operator()(int c, int i, int j, int k) const {
    return first + c * channel + i + j * row + k * plane;
  }
};

template <class T>
struct TensorPoints {
  T* origin;
  Strides at;
  std::ptrdiff_t pitch;
  explicit TensorPoints(const Tensor<T>& t) : origin(t.origin()), at(t.layout), pitch(t.pitch) {}
  KOKKOS_FORCEINLINE_FUNCTION T& operator()(int c, int i, int j, int k) const {
    return origin[c * pitch + at(i, j, k)];
  }
};

/// What the loops below run over: all owned points of all channels, row by row.
struct ChannelRows {
  int nx, ny, rows, count;
  template <class T>
  explicit ChannelRows(const Tensor<T>& t)
      : nx(t.layout.n[0]), ny(t.layout.n[1]), rows(ny * t.layout.n[2]), count(rows * t.channels) {}
  template <class Visit>
  KOKKOS_FORCEINLINE_FUNCTION void visit(int q, const Visit& visit_point) const {
    const int row = q % rows;
    for (int i = 0; i < nx; ++i) visit_point(q / rows, i, row % ny, row / ny);
  }
};

template <class T>
struct NormaliseField {
  TensorPoints<T> x, y;
  ParameterStrides at;
  const T* gamma;
  const T* beta;
  T mean, r;
  KOKKOS_FORCEINLINE_FUNCTION void operator()(int c, int i, int j, int k) const {
    const std::ptrdiff_t p = at(c, i, j, k);
    y(c, i, j, k) = multiply_add<1, T>(gamma[p], (x(c, i, j, k) - mean) * r, beta[p]);
  }
};

template <class T>
struct NormaliseFieldAdjoint {
  TensorPoints<T> x, gy, gx;
  ParameterStrides at;
  const T* gamma;
  T mean, r, mean_h, mean_along;
  bool add;
  KOKKOS_FORCEINLINE_FUNCTION void operator()(int c, int i, int j, int k) const {
    const T xh = (x(c, i, j, k) - mean) * r;
    const T h = multiply_add<1, T>(gamma[at(c, i, j, k)], gy(c, i, j, k), -mean_h);
    const T value = multiply_add<1, T>(-xh, mean_along, h);
    T& to = gx(c, i, j, k);
    to = add ? multiply_add<1, T>(r, value, to) : r * value;
  }
};

template <class T>
struct NormaliseFieldParameters {
  TensorPoints<T> x, gy;
  ParameterStrides at;
  T* gamma;
  T* beta;
  T mean, r;
  KOKKOS_FORCEINLINE_FUNCTION void operator()(int c, int i, int j, int k) const {
    const std::ptrdiff_t p = at(c, i, j, k);
    gamma[p] = multiply_add<1, T>(gy(c, i, j, k), (x(c, i, j, k) - mean) * r, gamma[p]);
    beta[p] += gy(c, i, j, k);
  }
};

template <class Body, class T>
void for_each_value(const char* label, const Tensor<T>& t, const Body& body) {
  const ChannelRows rows(t);
  Kokkos::parallel_for(
      label, Kokkos::RangePolicy<ExecutionSpace>(0, rows.count),
      KOKKOS_LAMBDA(int q) { rows.visit(q, body); });
}

} // namespace detail

/// The terms of the sums, in double precision.
template <class T>
struct FieldValue {
  detail::TensorPoints<T> x;
  KOKKOS_FORCEINLINE_FUNCTION double operator()(int c, int i, int j, int k) const {
    return static_cast<double>(x(c, i, j, k));
  }
};
template <class T>
struct SquaredDeviation {
  detail::TensorPoints<T> x;
  double mean;
  KOKKOS_FORCEINLINE_FUNCTION double operator()(int c, int i, int j, int k) const {
    const double d = static_cast<double>(x(c, i, j, k)) - mean;
    return d * d;
  }
};
/// h
template <class T>
struct ScaledGradient {
  detail::TensorPoints<T> gy;
  detail::ParameterStrides at;
  const T* gamma;
  KOKKOS_FORCEINLINE_FUNCTION double operator()(int c, int i, int j, int k) const {
    return static_cast<double>(gamma[at(c, i, j, k)]) * static_cast<double>(gy(c, i, j, k));
  }
};
/// h xh
template <class T>
struct GradientAlong {
  ScaledGradient<T> h;
  detail::TensorPoints<T> x;
  T mean, r;
  KOKKOS_FORCEINLINE_FUNCTION double operator()(int c, int i, int j, int k) const {
    return h(c, i, j, k) * static_cast<double>((x(c, i, j, k) - mean) * r);
  }
};

/// The largest |term| over the owned points of @p t; infinite where one is not finite.
template <class Term, class T>
double largest_term(const Tensor<T>& t, const Term& term) {
  const detail::ChannelRows rows(t);
  double largest = 0.0;
  Kokkos::parallel_reduce(
      "linnet::kernels::largest_term", Kokkos::RangePolicy<ExecutionSpace>(0, rows.count),
      KOKKOS_LAMBDA(int q, double& running) {
        rows.visit(q, [&](int c, int i, int j, int k) {
          const double size = abs<1, double>(term(c, i, j, k));
          if (!(size <= running)) running = size < HUGE_VAL ? size : HUGE_VAL;
        });
      },
      Kokkos::Max<double>(largest));
  return largest;
}

/// The sum of the terms times @p scale, each rounded to an integer.
template <class Term, class T>
std::int64_t fixed_point_sum_of(const Tensor<T>& t, const Term& term, double scale) {
  const detail::ChannelRows rows(t);
  std::int64_t sum = 0;
  Kokkos::parallel_reduce(
      "linnet::kernels::fixed_point_sum_of", Kokkos::RangePolicy<ExecutionSpace>(0, rows.count),
      KOKKOS_LAMBDA(int q, std::int64_t& part) {
        rows.visit(q, [&](int c, int i, int j, int k) {
          part += static_cast<std::int64_t>(detail::nearest<1>(scale * term(c, i, j, k)));
        });
      },
      sum);
  return sum;
}

/// y from x on the owned points. @p gamma and @p beta in kernel memory.
template <class T>
void normalise_field(const Tensor<T>& x, T mean, T r, const ParameterBox& box, const T* gamma,
                     const T* beta, const Tensor<T>& y) {
  detail::for_each_value(
      "linnet::kernels::normalise_field", y,
      detail::NormaliseField<T>{detail::TensorPoints<T>(x), detail::TensorPoints<T>(y),
                                detail::ParameterStrides(box), gamma, beta, mean, r});
}

/// gx = (or, with @p add, +=) the gradient of sum(gy y) by x.
template <class T>
void normalise_field_adjoint(const Tensor<T>& x, T mean, T r, const ParameterBox& box,
                             const T* gamma, T mean_h, T mean_along, const Tensor<T>& gy,
                             const Tensor<T>& gx, bool add) {
  detail::for_each_value(
      "linnet::kernels::normalise_field_adjoint", gx,
      detail::NormaliseFieldAdjoint<T>{detail::TensorPoints<T>(x), detail::TensorPoints<T>(gy),
                                       detail::TensorPoints<T>(gx), detail::ParameterStrides(box),
                                       gamma, mean, r, mean_h, mean_along, add});
}

/// Adds the gradients of sum(gy y) by gamma and beta of the box to @p gamma and @p beta.
template <class T>
void add_field_norm_gradients(const Tensor<T>& x, T mean, T r, const ParameterBox& box,
                              const Tensor<T>& gy, T* gamma, T* beta) {
  detail::for_each_value(
      "linnet::kernels::field_norm_gradients", gy,
      detail::NormaliseFieldParameters<T>{detail::TensorPoints<T>(x), detail::TensorPoints<T>(gy),
                                          detail::ParameterStrides(box), gamma, beta, mean, r});
}

} // namespace linnet::kernels
