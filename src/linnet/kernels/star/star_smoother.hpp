// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Residual and polynomial smoother of star operators, plane by plane (kernels/stencil/planes.hpp).
///
/// With D the diagonal of A the smoother is the polynomial of degree two
///   S = (w1 + w2) D^-1 - w1 w2 D^-1 A D^-1,   I - S A = (I - w1 D^-1 A)(I - w2 D^-1 A),
/// with the Chebyshev points of [1/3, 2] as 1/w1 and 1/w2. For an M-matrix the spectrum of D^-1 A
/// lies in (0, 2] by Gershgorin's theorem; in 3-D 1/3 is the least eigenvalue of a function that
/// oscillates along one direction (in 2-D 1/2). There |I - S A| <= 0.34, and S A has a spectrum in
/// (0, 1.34): the smoother is symmetric positive definite and converges.
#pragma once

#include <linnet/kernels/stencil/planes.hpp>

namespace linnet::kernels {

/// The polynomial: S = sum D^-1 - product D^-1 A D^-1.
template <class T>
struct SmootherPolynomial {
  T sum, product;
};

/// A star operator on a marched layout: couplings as in kernels/stencil/stencil_pattern.hpp and the
/// diagonal.
template <class T>
struct MarchedStar {
  Field<T> couplings[3]; ///< along x, y, z; none along y in 2-D
  Field<T> diagonal;
};

namespace detail {

// Weights for the Chebyshev points (lo + hi)/2 -+ (hi - lo)/2 cos(pi/4) of [1/3, 2].
inline constexpr double smoother_first = 1.0 / (7.0 / 6.0 - 5.0 / 6.0 * 0.70710678118654752);
inline constexpr double smoother_second = 1.0 / (7.0 / 6.0 + 5.0 / 6.0 * 0.70710678118654752);

template <class T>
constexpr SmootherPolynomial<T> smoother_polynomial{
    static_cast<T>(smoother_first + smoother_second),
    static_cast<T>(smoother_first* smoother_second)};

/// What the kernels below ask of a star; coded_star.hpp has another one.
template <class T, int Dim>
struct StarPointers {
  using value_type = T;
  static constexpr bool masks = false; ///< masked() changes something
  const T* c[3];
  const T* d;
  int pitch_y;
  std::ptrdiff_t pitch_z;

  explicit StarPointers(const MarchedStar<T>& a)
      : d(a.diagonal.origin()), pitch_y(a.diagonal.layout.pitch_y),
        pitch_z(a.diagonal.layout.pitch_z) {
    for (int m = 0; m < 3; ++m) c[m] = Dim == 2 && m == 1 ? nullptr : a.couplings[m].origin();
  }
  KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t at(int i, int j, int k) const {
    return i + static_cast<std::ptrdiff_t>(j) * pitch_y + k * pitch_z;
  }
  /// (A u) at W points from (i,j,k) on.
  template <int W, class U>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> product(const Planes<U>& u, int i, int j, int k) const {
    const std::ptrdiff_t q = at(i, j, k);
    const T* here = u.row(j, k) + i;
    Pack<T, W> sum = load<W>(d + q) * load<W>(here);
    sum -= load<W>(c[0] + q) * load<W>(here + 1);
    sum -= load<W>(c[0] + q - 1) * load<W>(here - 1);
    if constexpr (Dim == 3) {
      sum -= load<W>(c[1] + q) * load<W, T>(u.row(j + 1, k) + i);
      sum -= load<W>(c[1] + q - pitch_y) * load<W, T>(u.row(j - 1, k) + i);
    }
    sum -= load<W>(c[2] + q) * load<W, T>(u.row(j, k + 1) + i);
    sum -= load<W>(c[2] + q - pitch_z) * load<W, T>(u.row(j, k - 1) + i);
    return sum;
  }
  /// v over the diagonal at W points from offset @p q on.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> divide(const Pack<T, W>& v, std::ptrdiff_t q) const {
    return v / load<W>(d + q);
  }
  /// v where the point takes part in the cycle, else 0.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> masked(const Pack<T, W>& v, std::ptrdiff_t) const {
    return v;
  }
};

/// w = D^-1 f.
template <class Star>
struct DivideByDiagonal {
  using T = typename Star::value_type;
  static constexpr int width = native_width<T>;
  Star a;
  const T* f;
  Planes<T> w;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q = a.at(i, j, k);
    store<W, T>(w.row(j, k) + i, a.template divide<W>(load<W>(f + q), q));
  }
};

/// w = D^-1 (f - A u), or without Scale f - A u.
template <class Star, bool Scale>
struct MarchedResidual {
  using T = typename Star::value_type;
  static constexpr int width = native_width<T>;
  Star a;
  const T* f;
  Planes<T> u, w;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q = a.at(i, j, k);
    const Pack<T, W> r = load<W>(f + q) - a.template product<W>(u, i, j, k);
    if constexpr (Scale)
      store<W, T>(w.row(j, k) + i, a.template divide<W>(r, q));
    else
      store<W, T>(w.row(j, k) + i, a.template masked<W>(r, q));
  }
};

/// u = S D w, or u += S D w.
template <class Star, bool Add>
struct PolynomialStep {
  using T = typename Star::value_type;
  static constexpr int width = native_width<T>;
  Star a;
  Planes<T> w;
  T* u;
  SmootherPolynomial<T> polynomial;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q = a.at(i, j, k);
    const T* here = w.row(j, k) + i;
    // Planes that roll may hold anything where passes leave points out.
    const Pack<T, W> v = a.template masked<W>(
        polynomial.sum * load<W>(here) -
            polynomial.product * a.template divide<W>(a.template product<W>(w, i, j, k), q),
        q);
    if constexpr (Add)
      store<W, T>(u + q, load<W>(u + q) + v);
    else
      store<W, T>(u + q, v);
  }
};

} // namespace detail
} // namespace linnet::kernels
