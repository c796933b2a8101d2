// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Passes of conjugate gradients whose residual, direction and product are in single precision,
/// while the solution and all sums are in double precision.
///
/// The product has the form of stencil_pattern.hpp, sums of coupling times difference: differences
/// of neighbouring values round little, so that A p is known to 6e-8 of the sum of its terms'
/// magnitudes whatever the condition of A.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/row_spans.hpp>
#include <linnet/kernels/static_for.hpp>
#include <linnet/kernels/stencil/stencil_mult.hpp>
#include <linnet/kernels/stencil/stencil_pattern.hpp>

#include <vector>

namespace linnet::kernels {

namespace detail {

/// p = z + beta p.
struct TurnSingleDirection {
  static constexpr int width = native_width<float>;
  const float* z;
  Layout at_z;
  float* p;
  Layout at_p;
  float beta;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    float* to = p + at_p(i, j, k);
    const Pack<float, W> v = load<W>(z + at_z(i, j, k));
    // p may hold anything in the first iteration.
    store<W, float>(to, beta == 0.0F ? v : v + beta * load<W>(to));
  }
};

/// w = A p; sums of p w. p has valid ghosts where it is coupled to them, finite ones elsewhere.
template <StencilPattern P>
struct SingleMultAndDot {
  static constexpr int width = native_width<float>;
  static constexpr int count = coupling_count(P);

  const float* p;
  float* w;
  Layout at; ///< of both
  const float* c[count];
  const double* row_sum;
  Layout at_c, at_s;
  double factor; ///< of the row sums
  std::ptrdiff_t step[count], step_c[count];

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    using V = Pack<float, W>;
    const std::ptrdiff_t q = at(i, j, k), qc = at_c(i, j, k);
    const float* here = p + q;
    const V pi = load<W>(here);
    V sum = splat<W>(0.0F);
    static_for<count>([&](auto m) {
      sum += load<W>(c[m()] + qc) * (pi - load<W>(here + step[m()]));
      sum += load<W>(c[m()] + qc - step_c[m()]) * (pi - load<W>(here - step[m()]));
    });
    sum += convert<float, W, double>(factor * load<W>(row_sum + at_s(i, j, k))) * pi;
    store<W, float>(w + q, sum);
    return convert<double, W, float>(pi) * convert<double, W, float>(sum);
  }
};

/// x += alpha_x p, r = rescale (r - alpha w), and f = r if it is given; sums of r r.
struct UpdateSingle {
  static constexpr int width = native_width<float>;
  const float* p;
  const float* w;
  Layout at; ///< of these two
  double* x;
  Layout at_x;
  float* r;
  Layout at_r;
  float* f; ///< laid out like r; may be null
  double alpha_x;
  float alpha, rescale;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    const std::ptrdiff_t q = at(i, j, k), qx = at_x(i, j, k), qr = at_r(i, j, k);
    store<W, double>(x + qx, load<W>(x + qx) + alpha_x * load_double<W>(p + q));
    const Pack<float, W> v = rescale * (load<W>(r + qr) - alpha * load<W>(w + q));
    store<W, float>(r + qr, v);
    if (f) store<W, float>(f + qr, v);
    const auto precise = convert<double, W, float>(v);
    return precise * precise;
  }
};

/// r = scale precise, and f = r if it is given; sums of precise^2.
struct RoundResidual {
  static constexpr int width = native_width<float>;
  const double* precise;
  Layout at_precise;
  float* r;
  Layout at_r;
  float* f; ///< laid out like r; may be null
  double scale;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    const std::ptrdiff_t q = at_r(i, j, k);
    const auto v = load<W>(precise + at_precise(i, j, k));
    const auto rounded = convert<float, W, double>(scale * v);
    store<W, float>(r + q, rounded);
    if (f) store<W, float>(f + q, rounded);
    return v * v;
  }
};

/// r = scale (b - A x), and f = r if it is given; sums of (b - A x)^2 and of
/// (scale_before (b - A x) - r)^2 for the r that was there.
template <StencilPattern P>
struct RenewResidual {
  static constexpr int width = native_width<double>;
  SymmetricMult<P> mult;
  const double* b;
  Layout at_b;
  float* r;
  Layout at_r;
  float* f; ///< laid out like r; may be null
  double scale, scale_before;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k, Pack<double, W>& squares,
                                         Pack<double, W>& drift) const {
    const std::ptrdiff_t q = at_r(i, j, k);
    const Pack<double, W> v = load<W>(b + at_b(i, j, k)) - mult.template product<W>(i, j, k);
    const Pack<double, W> difference = scale_before * v - load_double<W>(r + q);
    store_double<W>(r + q, scale * v);
    if (f) store_double<W>(f + q, scale * v);
    squares += v * v;
    drift += difference * difference;
  }
};

inline float* unless_same(const Field<float>& f, const Field<float>& r) {
  return f.values.data() == r.values.data() ? nullptr : f.values.data();
}

} // namespace detail

/// p = z + beta p on @p range within @p spans, all marched.
inline void turn_single_direction(const Field<float>& z, double beta, const Field<float>& p,
                                  const Range& range, const RowSpans& spans) {
  for_each_point("linnet::kernels::turn_direction", range, spans,
                 detail::TurnSingleDirection{z.values.data(), z.layout, p.values.data(), p.layout,
                                             static_cast<float>(beta)});
}

/// x += alpha_x p, r = rescale (r - alpha w) on the owned points, all marched, within @p spans;
/// @p f, laid out like r, becomes r unless it is r itself. Returns r.r of this rank.
inline double update_single(const Field<float>& p, const Field<float>& w, const Field<double>& x,
                            double alpha_x, const Field<float>& r, double alpha, double rescale,
                            const Field<float>& f, const RowSpans& spans) {
  return sum_in_packs("linnet::kernels::update_single", Range::box(p.layout.n), spans,
                      detail::UpdateSingle{p.values.data(), w.values.data(), p.layout,
                                           x.values.data(), x.layout, r.values.data(), r.layout,
                                           detail::unless_same(f, r), alpha_x,
                                           static_cast<float>(alpha), static_cast<float>(rescale)});
}

/// r = scale times @p precise on the owned points, all marched; @p f as in update_single. Returns
/// the sum of precise^2 on this rank.
inline double round_residual(const Field<double>& precise, double scale, const Field<float>& r,
                             const Field<float>& f) {
  return sum_in_packs("linnet::kernels::round_residual", Range::box(precise.layout.n),
                      detail::RoundResidual{precise.values.data(), precise.layout, r.values.data(),
                                            r.layout, detail::unless_same(f, r), scale});
}

} // namespace linnet::kernels
