// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The factored sparse approximate inverse G^T G of a symmetric stencil operator, G lower
/// triangular with the pattern of the stencil (Kolotilina and Yeremin, SIAM J. Matrix Anal. Appl.
/// 14, 1993): row i of G is g = L^-T e_last, L L^T the Cholesky factor of A restricted to the
/// pattern of row i. For an M-matrix G A G^T has unit diagonal, no positive off-diagonal entry and
/// a spectrum in (0,2).
#pragma once

#include <linnet/kernels/stencil/stencil.hpp>

#include <cmath>

namespace linnet::kernels {

/// Entries of G: entry 0 is the diagonal, entry m+1 stands at the offset -upper_offset(m).
template <class T>
struct FactoredInverse {
  StencilPattern pattern = StencilPattern::star3d;
  std::vector<Field<T>> entries; ///< coupling_count + 1 fields with one ghost layer
};

namespace detail {

/// Members of the pattern of a row are numbered as entries of G.
template <StencilPattern P>
constexpr Offset member_offset(int member) {
  if (member == 0) return {0, 0, 0};
  const Offset o = upper_offset(P, member - 1);
  return {-o.x, -o.y, -o.z};
}

/// The member at an offset from the point of the row, -1 if none.
template <StencilPattern P>
constexpr int member_at(int x, int y, int z) {
  for (int m = 0; m <= coupling_count(P); ++m) {
    const Offset o = member_offset<P>(m);
    if (o.x == x && o.y == y && o.z == z) return m;
  }
  return -1;
}

/// Elimination of the members, farthest first and the point itself last, in the form of couplings
/// and row sums: eliminating c adds w(c,r) w(c,s) / pivot(c) to the coupling of r and s and w(c,r)
/// rest(c) / pivot(c) to the row sum of r. For an M-matrix nothing is ever subtracted (Grassmann,
/// Taksar and Heyman, Oper. Res. 33, 1985), so that every entry of G has the accuracy of T,
/// whatever the contrast.
template <class T, StencilPattern P>
struct FactoredInverseSetup {
  static constexpr bool repeatable = true;
  static constexpr int members = coupling_count(P) + 1;
  static constexpr int width = native_width<T>;
  // A pivot below this fraction of the diagonal is rounding error: the member is left out.
  static constexpr T least_pivot = T(1e-13);
  StencilPointers<T, P> a;
  T root_weight; // of a row that has couplings
  T* g[members];

  template <int W>
  struct Elimination {
    Pack<T, W> coupling[members][members]; // [c][r], r > c in the order of elimination
    Pack<T, W> inverse[members];           // of the pivots
    Pack<T, W> outward[members];           // part of a coupling to c that leads outside by way of c
  };

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<T, W>;
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * a.pitch_y + static_cast<std::ptrdiff_t>(k) * a.pitch_z;
    Elimination<W> e;
    static_for<members>([&](auto row) { eliminate<W, row()>(q, e); });
    V x[members]; // L^T x = e_last / pivot^(1/2)
    // A row without couplings is solved exactly.
    const auto alone = a.template alone<W>(q) > 0;
    x[members - 1] =
        sqrt<W, T>(e.inverse[members - 1]) * (alone ? splat<W>(T(1)) : splat<W>(root_weight));
    static_for<members - 1>([&](auto s) {
      constexpr int row = members - 2 - s();
      V v = splat<W>(T(0));
      for (int r = row + 1; r < members; ++r) v += e.coupling[row][r] * x[r];
      x[row] = v * e.inverse[row];
    });
    static_for<members>([&](auto m) { store<W>(g[m()] + q, x[members - 1 - m()]); });
  }

  /// Row @p Row in the order of elimination, which the rows before it have been eliminated from.
  template <int W, int Row>
  KOKKOS_FORCEINLINE_FUNCTION void eliminate(std::ptrdiff_t q, Elimination<W>& e) const {
    using V = Pack<T, W>;
    constexpr Offset at = member_offset<P>(members - 1 - Row);
    const std::ptrdiff_t here =
        q + at.x + at.y * a.pitch_y + static_cast<std::ptrdiff_t>(at.z) * a.pitch_z;
    V rest = load<W>(a.s + here), before = splat<W>(T(0));
    V w[members];
    static_for<members>([&](auto r) { w[r()] = splat<W>(T(0)); });
    const auto take = [&](auto x, auto y, auto z, const T* coupling) {
      constexpr int member = member_at<P>(at.x + x(), at.y + y(), at.z + z());
      const V c = load<W>(coupling);
      if constexpr (member < 0)
        rest += c;
      else if constexpr (members - 1 - member > Row)
        w[members - 1 - member] = c;
      else
        before += c;
    };
    static_for<coupling_count(P)>([&](auto m) {
      constexpr Offset u = upper_offset(P, m());
      take(std::integral_constant<int, u.x>{}, std::integral_constant<int, u.y>{},
           std::integral_constant<int, u.z>{}, a.c[m()] + here);
      take(std::integral_constant<int, -u.x>{}, std::integral_constant<int, -u.y>{},
           std::integral_constant<int, -u.z>{}, a.c[m()] + here - a.distance.d[m()]);
    });
    const auto sum = [&](V v) {
      static_for<members - 1 - Row>([&](auto r) { v += w[Row + 1 + r()]; });
      return v;
    };
    const V least = least_pivot * sum(rest + before);
    for (int c = 0; c < Row; ++c) {
      const V share = e.coupling[c][Row] * e.inverse[c];
      rest += e.coupling[c][Row] * e.outward[c];
      static_for<members - 1 - Row>(
          [&](auto r) { w[Row + 1 + r()] += share * e.coupling[c][Row + 1 + r()]; });
    }
    static_for<members - 1 - Row>(
        [&](auto r) { e.coupling[Row][Row + 1 + r()] = w[Row + 1 + r()]; });
    const V pivot = sum(rest), zero = splat<W>(T(0)), one = splat<W>(T(1));
    const auto good = pivot > (least > zero ? least : zero);
    e.inverse[Row] = good ? one / (good ? pivot : one) : zero;
    // What is coupled to a member that is left out is coupled to the outside.
    e.outward[Row] = good ? rest * e.inverse[Row] : one;
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

/// Row entries of G on the owned points, times the square root of @p weight in rows with couplings.
/// Couplings must be valid two layers out, row sums one. Rows with a diagonal that is not positive
/// get G = 0.
template <class T>
void set_up_factored_inverse(const StencilOperator<T>& a, T weight, FactoredInverse<T>& g) {
  g.pattern = a.pattern;
  with_pattern(a.pattern, [&](auto p) {
    using Kernel = detail::FactoredInverseSetup<T, p()>;
    Kernel kernel{detail::StencilPointers<T, p()>(a), std::sqrt(weight), {}};
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
