// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Residual and factored inverse (kernels/stencil/factored_inverse.hpp) of a star, plane by plane
/// (kernels/stencil/planes.hpp).
///
/// The points that a row of G reaches back to are not coupled to each other, so that G has a closed
/// form: with the diagonal D and the lower couplings C of A = D - C - C^T and the pivots
///   p(i) = D(i) - sum_j C(i,j)^2 / D(j),
/// G = p^(-1/2) (I + C D^-1). The smoother
///   G^T G = (I + D^-1 C^T) p^-1 (I + C D^-1)
/// needs two numbers per point beside the couplings, where G has four.
#pragma once

#include <linnet/kernels/stencil/planes.hpp>
#include <linnet/kernels/stencil/stencil.hpp>

namespace linnet::kernels {

/// A star operator with marched layouts and its factored inverse.
template <class T>
struct FactoredStar {
  Field<T> couplings[3]; ///< along x, y, z; none along y in 2-D
  Field<T> row_sum;
  Field<T> inverse; ///< of the diagonal; 0 where that is not positive
  Field<T> weight;  ///< w / p; 1 / p in rows without couplings, 0 where p is not positive
};

namespace detail {

/// Calls body(m) for the directions of a star, with m a compile-time constant: 0 and 2 in 2-D.
template <int Dim, class Body>
KOKKOS_FORCEINLINE_FUNCTION void for_each_direction(const Body& body) {
  body(std::integral_constant<int, 0>{});
  if constexpr (Dim == 3) body(std::integral_constant<int, 1>{});
  body(std::integral_constant<int, 2>{});
}

template <class T, int Dim>
struct FactoredStarPointers {
  using value_type = T;
  const T* c[3];
  const T* s;
  T* inverse;
  T* weight;
  std::ptrdiff_t step[3]; ///< to the next point along x, y, z

  explicit FactoredStarPointers(const FactoredStar<T>& a)
      : s(a.row_sum.origin()), inverse(a.inverse.origin()),
        weight(a.weight.origin()), step{1, a.row_sum.layout.pitch_y, a.row_sum.layout.pitch_z} {
    for (int m = 0; m < 3; ++m) c[m] = Dim == 2 && m == 1 ? nullptr : a.couplings[m].origin();
  }
  KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t at(int i, int j, int k) const {
    return i + j * step[1] + k * step[2];
  }
  /// Addresses in @p v of the points before and after (i,j,k) along direction M.
  template <int M, class U>
  KOKKOS_FORCEINLINE_FUNCTION static const T* before(const Planes<U>& v, int i, int j, int k) {
    return v.row(j - (M == 1), k - (M == 2)) + i - (M == 0);
  }
  template <int M, class U>
  KOKKOS_FORCEINLINE_FUNCTION static const T* after(const Planes<U>& v, int i, int j, int k) {
    return v.row(j + (M == 1), k + (M == 2)) + i + (M == 0);
  }
};

/// Inverse diagonal.
template <class T, int Dim>
struct InvertDiagonal {
  static constexpr int width = native_width<T>;
  FactoredStarPointers<T, Dim> a;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<T, W>;
    const std::ptrdiff_t q = a.at(i, j, k);
    V d = load<W>(a.s + q);
    for_each_direction<Dim>(
        [&](auto m) { d += load<W>(a.c[m()] + q) + load<W>(a.c[m()] + q - a.step[m()]); });
    const V zero = splat<W>(T(0)), one = splat<W>(T(1));
    const auto good = d > zero;
    store<W, T>(a.inverse + q, good ? one / (good ? d : one) : zero);
  }
};

/// Weights of rows: @p row_weight over the pivot. Nothing is subtracted: a point that is coupled to
/// j by c takes over from it the share c rest(j) / D(j), rest(j) the sum of what else leads away
/// from j (Grassmann, Taksar and Heyman, Oper. Res. 33, 1985).
template <class T, int Dim>
struct WeightFactoredRows {
  static constexpr int width = native_width<T>;
  FactoredStarPointers<T, Dim> a;
  T row_weight;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<T, W>;
    const std::ptrdiff_t q = a.at(i, j, k);
    const V zero = splat<W>(T(0)), one = splat<W>(T(1));
    V pivot = load<W>(a.s + q), coupled = zero;
    for_each_direction<Dim>([&](auto m) {
      const V upper = load<W>(a.c[m()] + q), lower = load<W>(a.c[m()] + q - a.step[m()]);
      pivot +=
          upper + lower * (rest<W, m()>(q - a.step[m()]) * load<W>(a.inverse + q - a.step[m()]));
      coupled += upper + lower;
    });
    const auto good = pivot > zero;
    const V numerator = coupled > zero ? splat<W>(row_weight) : one;
    store<W, T>(a.weight + q, good ? numerator / (good ? pivot : one) : zero);
  }
  /// Row sum and couplings at @p q but for the one to the next point along @p Along.
  template <int W, int Along>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> rest(std::ptrdiff_t q) const {
    Pack<T, W> sum = load<W>(a.s + q);
    for_each_direction<Dim>([&](auto m) {
      if constexpr (m() != Along) sum += load<W>(a.c[m()] + q);
      sum += load<W>(a.c[m()] + q - a.step[m()]);
    });
    return sum;
  }
};

/// v = p^-1 (I + C D^-1) x.
template <class T, int Dim>
struct LowerStarFactor {
  static constexpr int width = native_width<T>;
  FactoredStarPointers<T, Dim> a;
  Planes<T> x, v;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using A = FactoredStarPointers<T, Dim>;
    const std::ptrdiff_t q = a.at(i, j, k);
    Pack<T, W> sum = load<W, T>(x.row(j, k) + i);
    for_each_direction<Dim>([&](auto m) {
      const std::ptrdiff_t p = q - a.step[m()];
      sum += load<W>(a.c[m()] + p) * load<W, T>(a.inverse + p) *
             load<W>(A::template before<m()>(x, i, j, k));
    });
    store<W, T>(v.row(j, k) + i, load<W, T>(a.weight + q) * sum);
  }
};

/// u = (I + D^-1 C^T) v, or u += that.
template <class T, int Dim, bool Add>
struct UpperStarFactor {
  static constexpr int width = native_width<T>;
  FactoredStarPointers<T, Dim> a;
  Planes<T> v;
  T* u;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using A = FactoredStarPointers<T, Dim>;
    using V = Pack<T, W>;
    const std::ptrdiff_t q = a.at(i, j, k);
    V sum = splat<W>(T(0));
    for_each_direction<Dim>([&](auto m) {
      sum += load<W>(a.c[m()] + q) * load<W>(A::template after<m()>(v, i, j, k));
    });
    const V result = load<W, T>(v.row(j, k) + i) + load<W, T>(a.inverse + q) * sum;
    if constexpr (Add)
      store<W, T>(u + q, load<W, T>(u + q) + result);
    else
      store<W, T>(u + q, result);
  }
};

/// r = f - A u, A in its difference form.
template <class T, int Dim>
struct FactoredStarResidual {
  static constexpr int width = native_width<T>;
  FactoredStarPointers<T, Dim> a;
  const T* f;
  Planes<T> u, r;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using A = FactoredStarPointers<T, Dim>;
    using V = Pack<T, W>;
    const std::ptrdiff_t q = a.at(i, j, k);
    const V here = load<W, T>(u.row(j, k) + i);
    V sum = load<W>(a.s + q) * here;
    for_each_direction<Dim>([&](auto m) {
      sum += load<W>(a.c[m()] + q) * (here - load<W>(A::template after<m()>(u, i, j, k)));
      sum += load<W>(a.c[m()] + q - a.step[m()]) *
             (here - load<W>(A::template before<m()>(u, i, j, k)));
    });
    store<W, T>(r.row(j, k) + i, load<W>(f + q) - sum);
  }
};

} // namespace detail

/// Calls body(addresses of @p a) with its dimension as a compile-time constant of their type.
template <class T, class Body>
void with_factored_star(const FactoredStar<T>& a, int dimension, const Body& body) {
  if (dimension == 3)
    body(detail::FactoredStarPointers<T, 3>(a));
  else
    body(detail::FactoredStarPointers<T, 2>(a));
}

/// Inverse diagonal on the owned points; couplings valid one point further back.
template <class T>
void invert_diagonal(const FactoredStar<T>& a, int dimension) {
  with_factored_star(a, dimension, [&]<int Dim>(const detail::FactoredStarPointers<T, Dim>& star) {
    for_each_point("linnet::kernels::invert_diagonal", Range::box(a.row_sum.layout.n),
                   detail::InvertDiagonal<T, Dim>{star});
  });
}

/// Weights of the owned rows, @p row_weight over the pivot; couplings valid two points further
/// back, row sums and inverse diagonal one.
template <class T>
void weight_factored_rows(const FactoredStar<T>& a, int dimension, T row_weight) {
  with_factored_star(a, dimension, [&]<int Dim>(const detail::FactoredStarPointers<T, Dim>& star) {
    for_each_point("linnet::kernels::weight_rows", Range::box(a.row_sum.layout.n),
                   detail::WeightFactoredRows<T, Dim>{star, row_weight});
  });
}

} // namespace linnet::kernels
