// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A star operator in one byte per point: constant couplings on a grid from which points are cut
/// out, as in the pressure equation of a flow around obstacles.
///
/// Two neighbours that both take part are coupled by the constant of their direction; all others
/// are not coupled at all. So with u = 0 on the points that take no part (solid cells, whatever
/// lies outside of the domain) A u needs the diagonal only, and that takes few values: the byte
/// says which.
#pragma once

#include <linnet/kernels/star/star_coarsening.hpp>

#include <cstdint>

namespace linnet::kernels {

/// On a marched layout (kernels/stencil/planes.hpp).
template <class T>
struct CodedStar {
  static constexpr int most_codes = 256;
  Field<std::uint8_t> codes; ///< 0 outside of the domain
  T couplings[3] = {};       ///< along x, y, z of the marched layout
  int codes_used = 0;
  Array<T> diagonal;      ///< by code
  Array<T> inverse;       ///< what the smoother takes for one over the diagonal; 0 for
                          ///< points that are coupled to none
  Array<T> alone_inverse; ///< the same for points of the domain that are coupled to none
  Array<T> row_sum;       ///< of coupled points; 0 for the others
};

namespace detail {

/// As StarPointers (star_smoother.hpp).
template <class T, int Dim>
struct CodedStarPointers {
  using value_type = T;
  static constexpr bool masks = true;
  const std::uint8_t* code;
  const T* diagonal;
  const T* inverse;
  T c[3];
  bool small;
  int pitch_y;
  std::ptrdiff_t pitch_z;

  explicit CodedStarPointers(const CodedStar<T>& a)
      : code(a.codes.origin()), diagonal(a.diagonal.data()),
        inverse(a.inverse.data()), c{a.couplings[0], a.couplings[1], a.couplings[2]},
        small(a.codes_used <= small_table<T>), pitch_y(a.codes.layout.pitch_y),
        pitch_z(a.codes.layout.pitch_z) {}

  KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t at(int i, int j, int k) const {
    return i + static_cast<std::ptrdiff_t>(j) * pitch_y + k * pitch_z;
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> value(const T* table, std::ptrdiff_t q) const {
    return small ? lookup_small<W>(table, code + q) : lookup<W>(table, code + q);
  }
  /// (A u) at W points from (i,j,k) on, where they take part.
  template <int W, class U>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> product(const Planes<U>& u, int i, int j, int k) const {
    const T* here = u.row(j, k) + i;
    Pack<T, W> sum = value<W>(diagonal, at(i, j, k)) * load<W>(here);
    sum -= c[0] * (load<W>(here + 1) + load<W>(here - 1));
    if constexpr (Dim == 3)
      sum -= c[1] * (load<W, T>(u.row(j + 1, k) + i) + load<W, T>(u.row(j - 1, k) + i));
    sum -= c[2] * (load<W, T>(u.row(j, k + 1) + i) + load<W, T>(u.row(j, k - 1) + i));
    return sum;
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> divide(const Pack<T, W>& v, std::ptrdiff_t q) const {
    return v * value<W>(inverse, q);
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> masked(const Pack<T, W>& v, std::ptrdiff_t q) const {
    return value<W>(inverse, q) > 0 ? v : splat<W>(T(0));
  }
};

/// u = f over the diagonal at the points that are coupled to none.
template <class T>
struct SolveAlone {
  static constexpr int width = native_width<T>;
  const std::uint8_t* code;
  const T* alone_inverse;
  const T* f;
  T* u;
  bool small;
  int pitch_y;
  std::ptrdiff_t pitch_z;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q = i + static_cast<std::ptrdiff_t>(j) * pitch_y + k * pitch_z;
    const Pack<T, W> d =
        small ? lookup_small<W>(alone_inverse, code + q) : lookup<W>(alone_inverse, code + q);
    store<W, T>(u + q, d > 0 ? d * load<W>(f + q) : load<W>(u + q));
  }
};

/// Couplings and row sums of a coded star. Returns how many of the points have a diagonal
/// that is not the sum of these: it has neighbours that it is not coupled to.
template <class T, int Dim>
struct DecodeStar {
  static constexpr int width = native_width<double>;
  CodedStarPointers<T, Dim> a;
  const T* row_sum;
  StarPlanes<T> to;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    using V = Pack<T, W>;
    constexpr T tolerance = T(1e-4);
    const std::ptrdiff_t step[3] = {1, a.pitch_y, a.pitch_z};
    const std::ptrdiff_t q = a.at(i, j, k);
    const V diagonal = a.template value<W>(a.diagonal, q), own = a.template value<W>(row_sum, q);
    V rest = diagonal - own;
    static_for<3>([&](auto m) {
      if constexpr (Dim == 3 || m() != 1) {
        const V c = splat<W>(a.c[m()]);
        const V front = a.template masked<W>(c, q + step[m()]);
        rest -= front + a.template masked<W>(c, q - step[m()]);
        store<W, T>(to.couplings[m()].row(j, k) + i, a.template masked<W>(front, q));
      }
    });
    store<W, T>(to.row_sum.row(j, k) + i, own);
    const V off = a.template masked<W>(abs<W, T>(rest) - tolerance * diagonal, q);
    return convert<double, W, T>(off > 0 ? splat<W>(T(1)) : splat<W>(T(0)));
  }
};

} // namespace detail
} // namespace linnet::kernels
