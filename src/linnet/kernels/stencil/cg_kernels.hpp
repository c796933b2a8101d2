// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Passes of conjugate gradients that do several things to the values while they are at hand.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/row_spans.hpp>
#include <linnet/kernels/stencil/stencil_mult.hpp>

namespace linnet::kernels {

namespace detail {

/// p = scale z + beta p.
struct TurnDirection {
  static constexpr int width = native_width<double>;
  const float* z;
  Layout at_z;
  double* p;
  Layout at_p;
  double scale, beta;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    double* to = p + at_p(i, j, k);
    const Pack<double, W> v = scale * load_double<W>(z + at_z(i, j, k));
    // p may hold anything in the first iteration.
    store<W, double>(to, beta == 0.0 ? v : v + beta * load<W>(to));
  }
};

/// The sums of p (A p) while A p is formed.
template <StencilPattern P>
struct MultAndDot {
  static constexpr int width = native_width<double>;
  SymmetricMult<P> mult;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    const Pack<double, W> ax = mult.template product<W>(i, j, k);
    mult.target.template put<W>(i, j, k, ax);
    return ax * load<W>(mult.x.data + mult.x(i, j, k));
  }
};

/// x += alpha p, r -= alpha w, f = scale r; sums of r r.
struct UpdateAndCast {
  static constexpr int width = native_width<double>;
  const double* p;
  const double* w;
  double* x;
  double* r;
  Layout at; ///< of these four
  float* f;
  Layout at_f;
  double alpha, scale;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    const std::ptrdiff_t q = at(i, j, k);
    store<W, double>(x + q, load<W>(x + q) + alpha * load<W>(p + q));
    const Pack<double, W> v = load<W>(r + q) - alpha * load<W>(w + q);
    store<W, double>(r + q, v);
    store_double<W>(f + at_f(i, j, k), scale * v);
    return v * v;
  }
};

/// Sums of z y for z in single and y in either precision.
template <class T>
struct DotWithSingle {
  static constexpr int width = native_width<double>;
  const float* z;
  Layout at_z;
  const T* y;
  Layout at_y;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    return load_double<W>(z + at_z(i, j, k)) * load_double<W>(y + at_y(i, j, k));
  }
};

/// Sums of z.
struct SumSingle {
  static constexpr int width = native_width<double>;
  const float* z;
  Layout at;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    return load_double<W>(z + at(i, j, k));
  }
};

/// z += shift.
struct ShiftSingle {
  static constexpr int width = native_width<float>;
  float* z;
  Layout at;
  float shift;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    float* to = z + at(i, j, k);
    store<W, float>(to, load<W>(to) + shift);
  }
};

} // namespace detail

/// The sum of z over the owned points of this rank.
inline double sum_single(const Field<float>& z) {
  return sum_in_packs("linnet::kernels::sum_single", Range::box(z.layout.n),
                      detail::SumSingle{z.values.data(), z.layout});
}

/// z += shift on the owned points.
inline void shift_single(const Field<float>& z, double shift) {
  for_each_point("linnet::kernels::shift_single", Range::box(z.layout.n),
                 detail::ShiftSingle{z.values.data(), z.layout, static_cast<float>(shift)});
}

/// p = scale z + beta p on @p range within @p spans.
inline void turn_direction(const Field<float>& z, double scale, double beta, const Field<double>& p,
                           const Range& range, const RowSpans& spans) {
  for_each_point(
      "linnet::kernels::turn_direction", range, spans,
      detail::TurnDirection{z.values.data(), z.layout, p.values.data(), p.layout, scale, beta});
}

/// True if @p x is zero at all owned points outside of @p spans.
template <class T>
bool is_zero_outside(const Field<T>& x, const RowSpans& spans) {
  if (spans.everywhere()) return true;
  const Layout& l = x.layout;
  const T* origin = x.origin();
  const int nx = l.n[0], ny = l.n[1];
  const std::ptrdiff_t pitch_y = l.pitch_y, pitch_z = l.pitch_z;
  int found = 0;
  Kokkos::parallel_reduce(
      "linnet::kernels::is_zero_outside", Kokkos::RangePolicy<ExecutionSpace>(0, ny * l.n[2]),
      KOKKOS_LAMBDA(int row, int& any) {
        const int j = row % ny, k = row / ny;
        const T* values = origin + j * pitch_y + k * pitch_z;
        const RowSpan span = spans.at(j, k);
        const int lo = span.empty() ? nx : span.lo, hi = span.empty() ? nx : span.hi;
        for (int i = 0; i < lo; ++i) any |= values[i] != T(0) ? 1 : 0;
        for (int i = hi; i < nx; ++i) any |= values[i] != T(0) ? 1 : 0;
      },
      Kokkos::BOr<int>(found));
  return found == 0;
}

/// x += alpha p, r -= alpha w, f = scale r on the owned points, all marched, within @p spans.
/// Returns r.r of this rank.
inline double update_and_cast(const Field<double>& p, const Field<double>& w,
                              const Field<double>& x, const Field<double>& r, double alpha,
                              const Field<float>& f, double scale, const RowSpans& spans) {
  return sum_in_packs("linnet::kernels::update_and_cast", Range::box(p.layout.n), spans,
                      detail::UpdateAndCast{p.values.data(), w.values.data(), x.values.data(),
                                            r.values.data(), p.layout, f.values.data(), f.layout,
                                            alpha, scale});
}

/// z.y over the owned points of this rank, both marched and zero outside of @p spans.
template <class T>
double dot_with_single(const Field<float>& z, const Field<T>& y, const RowSpans& spans) {
  return sum_in_packs(
      "linnet::kernels::dot_with_single", Range::box(z.layout.n), spans,
      detail::DotWithSingle<T>{z.values.data(), z.layout, y.values.data(), y.layout});
}

} // namespace linnet::kernels
