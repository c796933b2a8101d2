// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The factored sparse approximate inverse G^T G of a symmetric stencil operator, G lower
/// triangular with the pattern of the stencil (Kolotilina and Yeremin, SIAM J. Matrix Anal. Appl.
/// 14, 1993): row i of G is g = L^-T e_last, L L^T the Cholesky factor of A restricted to the
/// pattern of row i. For an M-matrix G A G^T has unit diagonal, no positive off-diagonal entry and
/// a spectrum in (0,2).
#pragma once

#include <linnet/kernels/stencil.hpp>

namespace linnet::kernels {

/// Entries of G: entry 0 is the diagonal, entry m+1 stands at the offset -upper_offset(m).
template <class T>
struct FactoredInverse {
  StencilPattern pattern = StencilPattern::star3d;
  std::vector<Field<T>> entries; ///< coupling_count + 1 fields with one ghost layer
};

namespace detail {

/// Position of the coupling between two members of the pattern of a row: members are numbered as
/// entries of G; -1 if the stencil does not couple them.
struct MemberCoupling {
  int coupling; ///< which field
  int at;       ///< member that stores it (the lower point of the pair)
};

template <StencilPattern P>
constexpr MemberCoupling member_coupling(int a, int b) {
  // A member m > 0 lies at -upper_offset(m-1).
  const Offset oa = a ? upper_offset(P, a - 1) : Offset{0, 0, 0};
  const Offset ob = b ? upper_offset(P, b - 1) : Offset{0, 0, 0};
  for (int m = 0; m < coupling_count(P); ++m) {
    const Offset o = upper_offset(P, m);
    if (oa.x - ob.x == o.x && oa.y - ob.y == o.y && oa.z - ob.z == o.z) return {m, a};
    if (ob.x - oa.x == o.x && ob.y - oa.y == o.y && ob.z - oa.z == o.z) return {m, b};
  }
  return {-1, 0};
}

template <class T, StencilPattern P>
struct FactoredInverseSetup {
  static constexpr bool repeatable = true;
  static constexpr int members = coupling_count(P) + 1;
  static constexpr int width = native_width<double>;
  // A pivot below this fraction of the diagonal is rounding error: the member is left out.
  static constexpr double least_pivot = 1e-13;
  StencilPointers<T, P> a;
  const double* diagonal;
  T* g[members];

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<double, W>;
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * a.pitch_y + static_cast<std::ptrdiff_t>(k) * a.pitch_z;
    // Elimination order: farthest member first, the point itself last. l[r][c], r > c, unit scaled.
    V scale[members];
    static_for<members>([&](auto m) {
      const V d = load<W>(diagonal + q - (m() ? a.distance.d[m() ? m() - 1 : 0] : 0));
      scale[m()] = d > 0 ? 1.0 / sqrt<W, double>(d > 0 ? d : splat<W>(1.0)) : splat<W>(0.0);
    });
    V l[members][members];
    V inverse[members]; // of the pivots
    static_for<members>([&](auto c) {
      constexpr int mc = members - 1 - c();
      V pivot = splat<W>(1.0);
      for (int p = 0; p < c(); ++p) pivot -= l[c()][p] * l[c()][p];
      const auto good = pivot > least_pivot;
      inverse[c()] = good ? 1.0 / sqrt<W, double>(good ? pivot : splat<W>(1.0)) : splat<W>(0.0);
      static_for<members - 1 - c()>([&](auto r) {
        constexpr int row = c() + 1 + r();
        constexpr int mr = members - 1 - row;
        constexpr MemberCoupling mc_mr = member_coupling<P>(mr, mc);
        V v = splat<W>(0.0);
        if constexpr (mc_mr.coupling >= 0) {
          const int shift = mc_mr.at ? a.distance.d[mc_mr.at ? mc_mr.at - 1 : 0] : 0;
          v = -load_double<W>(a.c[mc_mr.coupling] + q - shift) * scale[mr] * scale[mc];
        }
        for (int p = 0; p < c(); ++p) v -= l[row][p] * l[c()][p];
        l[row][c()] = v * inverse[c()];
      });
    });
    // L^T g = e_last.
    V x[members];
    static_for<members>([&](auto s) {
      constexpr int row = members - 1 - s();
      V v = splat<W>(row == members - 1 ? 1.0 : 0.0);
      for (int p = row + 1; p < members; ++p) v -= l[p][row] * x[p];
      x[row] = v * inverse[row];
    });
    static_for<members>(
        [&](auto m) { store_double<W>(g[m()] + q, x[members - 1 - m()] * scale[m()]); });
  }
};

template <class T, StencilPattern P>
struct FactorPointers {
  static constexpr int members = coupling_count(P) + 1;
  const T* g[members];
  UpperDistances<P> distance;
  int pitch_y, pitch_z;
  explicit FactorPointers(const FactoredInverse<T>& f)
      : distance(f.entries[0].layout), pitch_y(f.entries[0].layout.pitch_y),
        pitch_z(f.entries[0].layout.pitch_z) {
    for (int m = 0; m < members; ++m) g[m] = f.entries[m].origin();
  }
};

template <class T, StencilPattern P>
struct LowerFactorKernel {
  static constexpr int width = native_width<T>;
  FactorPointers<T, P> f;
  const T* x;
  T* y;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * f.pitch_y + static_cast<std::ptrdiff_t>(k) * f.pitch_z;
    Pack<T, W> sum = load<W>(f.g[0] + q) * load<W>(x + q);
    static_for<coupling_count(P)>(
        [&](auto m) { sum += load<W>(f.g[m + 1] + q) * load<W>(x + q - f.distance.d[m]); });
    store<W>(y + q, sum);
  }
};

template <class T, StencilPattern P, bool Add>
struct UpperFactorKernel {
  static constexpr int width = native_width<T>;
  FactorPointers<T, P> f;
  const T* x;
  T* y;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * f.pitch_y + static_cast<std::ptrdiff_t>(k) * f.pitch_z;
    Pack<T, W> sum = load<W>(f.g[0] + q) * load<W>(x + q);
    static_for<coupling_count(P)>([&](auto m) {
      const int d = f.distance.d[m];
      sum += load<W>(f.g[m + 1] + q + d) * load<W>(x + q + d);
    });
    if constexpr (Add)
      store<W>(y + q, load<W>(y + q) + sum);
    else
      store<W>(y + q, sum);
  }
};

} // namespace detail

/// Row entries of G on the owned points. Couplings and @p diagonal (the diagonal of A) must be
/// valid two and one layers out. Rows with a diagonal that is not positive get G = 0. Arithmetic in
/// double precision: with jumps of 1e6 the pivots cancel to 1e-6 of the diagonal.
template <class T>
void set_up_factored_inverse(const StencilOperator<T>& a, const Field<double>& diagonal,
                             FactoredInverse<T>& g) {
  g.pattern = a.pattern;
  with_pattern(a.pattern, [&](auto p) {
    using Kernel = detail::FactoredInverseSetup<T, p()>;
    Kernel kernel{detail::StencilPointers<T, p()>(a), diagonal.origin(), {}};
    for (int m = 0; m < Kernel::members; ++m) kernel.g[m] = g.entries[m].origin();
    for_each_point("linnet::kernels::factored_inverse", Range::box(a.layout().n), kernel);
  });
}

/// y = G x; x with valid ghosts.
template <class T>
void apply_lower_factor(const FactoredInverse<T>& g, const Field<T>& x, Field<T>& y) {
  with_pattern(g.pattern, [&](auto p) {
    using Kernel = detail::LowerFactorKernel<T, p()>;
    for_each_point("linnet::kernels::lower_factor", Range::box(y.layout.n),
                   Kernel{detail::FactorPointers<T, p()>(g), x.origin(), y.origin()});
  });
}

/// y = G^T x, or y += G^T x; x and G with valid ghosts.
template <bool Add, class T>
void apply_upper_factor(const FactoredInverse<T>& g, const Field<T>& x, Field<T>& y) {
  with_pattern(g.pattern, [&](auto p) {
    using Kernel = detail::UpperFactorKernel<T, p(), Add>;
    for_each_point("linnet::kernels::upper_factor", Range::box(y.layout.n),
                   Kernel{detail::FactorPointers<T, p()>(g), x.origin(), y.origin()});
  });
}

} // namespace linnet::kernels
