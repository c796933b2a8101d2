// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The factored sparse approximate inverse of factored_inverse.hpp with a pattern that was chosen
/// for the operator (multigrid/inverse_pattern.hpp): it may reach farther than the stencil, along
/// the direction of strong coupling.
#pragma once

#include <linnet/kernels/stencil/factored_inverse.hpp>

#include <array>

namespace linnet::kernels {

/// Entries of a row of G beside the diagonal.
inline constexpr int adapted_offsets = 8;
inline constexpr int adapted_members = adapted_offsets + 1;
using AdaptedPattern = std::array<Offset, adapted_offsets>;

/// Row i of G has the entries i, i + offsets[0], i + offsets[1], ... All offsets precede (0,0,0) in
/// lexicographic (z, y, x) order.
template <class T>
struct AdaptedInverse {
  AdaptedPattern offsets{};
  std::vector<Field<T>> entries; ///< adapted_members fields: the diagonal, then by offset
};

/// Offset of member @p m of a row: the point itself, then offsets.
inline Offset member_offset(const AdaptedPattern& offsets, int m) {
  return m == 0 ? Offset{0, 0, 0} : offsets[static_cast<std::size_t>(m - 1)];
}

inline std::ptrdiff_t distance(const Layout& l, const Offset& o) {
  return o.x + static_cast<std::ptrdiff_t>(o.y) * l.pitch_y +
         static_cast<std::ptrdiff_t>(o.z) * l.pitch_z;
}

/// Number of the coupling of @p p that stands at @p o, an offset of the upper half; -1: none does.
inline int coupling_at(StencilPattern p, const Offset& o) {
  for (int m = 0; m < coupling_count(p); ++m) {
    const Offset u = upper_offset(p, m);
    if (u.x == o.x && u.y == o.y && u.z == o.z) return m;
  }
  return -1;
}

namespace detail {

/// Where the coupling between two points at offsets from a row is stored.
struct StoredCoupling {
  int number = -1;       ///< of the coupling; -1: not coupled
  std::ptrdiff_t at = 0; ///< distance of the point that stores it
};

inline StoredCoupling stored_coupling(StencilPattern p, const Layout& l, const Offset& a,
                                      const Offset& b) {
  const int up = coupling_at(p, {b.x - a.x, b.y - a.y, b.z - a.z});
  if (up >= 0) return {up, distance(l, a)};
  const int down = coupling_at(p, {a.x - b.x, a.y - b.y, a.z - b.z});
  return down >= 0 ? StoredCoupling{down, distance(l, b)} : StoredCoupling{};
}

template <class T>
struct AdaptedInverseSetup {
  static constexpr bool repeatable = true;
  static constexpr int members = adapted_members;
  static constexpr int width = native_width<double>;
  static constexpr double least_pivot = 1e-13; // as in FactoredInverseSetup
  const T* couplings[max_couplings];
  const double* diagonal;
  T* g[members];
  std::ptrdiff_t member[members];
  StoredCoupling stored[members][members];
  int pitch_y, pitch_z;

  AdaptedInverseSetup(const StencilOperator<T>& a, const Field<double>& diagonal_of_a,
                      const AdaptedInverse<T>& f)
      : diagonal(diagonal_of_a.origin()), pitch_y(a.layout().pitch_y), pitch_z(a.layout().pitch_z) {
    for (int m = 0; m < coupling_count(a.pattern); ++m) couplings[m] = a.couplings[m].origin();
    for (int m = 0; m < members; ++m) {
      g[m] = f.entries[m].origin();
      member[m] = distance(a.layout(), member_offset(f.offsets, m));
      for (int n = 0; n < members; ++n)
        stored[m][n] = stored_coupling(a.pattern, a.layout(), member_offset(f.offsets, m),
                                       member_offset(f.offsets, n));
    }
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<double, W>;
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * pitch_y + static_cast<std::ptrdiff_t>(k) * pitch_z;
    V scale[members];
    for (int m = 0; m < members; ++m) {
      const V d = load<W>(diagonal + q + member[m]);
      scale[m] = d > 0 ? 1.0 / sqrt<W, double>(d > 0 ? d : splat<W>(1.0)) : splat<W>(0.0);
    }
    // Elimination order: the last member first, the point itself last.
    V l[members][members];
    V inverse[members]; // of the pivots
    for (int c = 0; c < members; ++c) {
      V pivot = splat<W>(1.0);
      for (int p = 0; p < c; ++p) pivot -= l[c][p] * l[c][p];
      const auto good = pivot > least_pivot;
      inverse[c] = good ? 1.0 / sqrt<W, double>(good ? pivot : splat<W>(1.0)) : splat<W>(0.0);
      const int mc = members - 1 - c;
      for (int row = c + 1; row < members; ++row) {
        const int mr = members - 1 - row;
        V v = splat<W>(0.0);
        if (const StoredCoupling s = stored[mr][mc]; s.number >= 0)
          v = -load_double<W>(couplings[s.number] + q + s.at) * scale[mr] * scale[mc];
        for (int p = 0; p < c; ++p) v -= l[row][p] * l[c][p];
        l[row][c] = v * inverse[c];
      }
    }
    V x[members]; // L^T x = e_last
    for (int row = members - 1; row >= 0; --row) {
      V v = splat<W>(row == members - 1 ? 1.0 : 0.0);
      for (int p = row + 1; p < members; ++p) v -= l[p][row] * x[p];
      x[row] = v * inverse[row];
    }
    for (int m = 0; m < members; ++m) store_double<W>(g[m] + q, x[members - 1 - m] * scale[m]);
  }
};

/// Addresses and distances of G and of the vector that it is applied to.
template <class T>
struct AdaptedPointers {
  const T* g[adapted_members];
  std::ptrdiff_t at_g[adapted_members], at_x[adapted_members];
  int g_pitch_y, g_pitch_z, x_pitch_y, x_pitch_z;

  AdaptedPointers(const AdaptedInverse<T>& f, const Layout& x)
      : g_pitch_y(f.entries[0].layout.pitch_y), g_pitch_z(f.entries[0].layout.pitch_z),
        x_pitch_y(x.pitch_y), x_pitch_z(x.pitch_z) {
    for (int m = 0; m < adapted_members; ++m) {
      g[m] = f.entries[m].origin();
      at_g[m] = distance(f.entries[0].layout, member_offset(f.offsets, m));
      at_x[m] = distance(x, member_offset(f.offsets, m));
    }
  }
  KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t in_g(int i, int j, int k) const {
    return i + static_cast<std::ptrdiff_t>(j) * g_pitch_y +
           static_cast<std::ptrdiff_t>(k) * g_pitch_z;
  }
  KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t in_x(int i, int j, int k) const {
    return i + static_cast<std::ptrdiff_t>(j) * x_pitch_y +
           static_cast<std::ptrdiff_t>(k) * x_pitch_z;
  }
};

template <class T>
struct AdaptedLowerKernel {
  static constexpr int width = native_width<T>;
  AdaptedPointers<T> f;
  const T* x;
  T* y;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q = f.in_g(i, j, k), p = f.in_x(i, j, k);
    Pack<T, W> sum = load<W>(f.g[0] + q) * load<W>(x + p);
    static_for<adapted_offsets>(
        [&](auto m) { sum += load<W>(f.g[m + 1] + q) * load<W>(x + p + f.at_x[m + 1]); });
    store<W>(y + p, sum);
  }
};

template <class T, bool Add>
struct AdaptedUpperKernel {
  static constexpr int width = native_width<T>;
  AdaptedPointers<T> f;
  const T* x;
  T factor;
  T* y;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q = f.in_g(i, j, k), p = f.in_x(i, j, k);
    Pack<T, W> sum = load<W>(f.g[0] + q) * load<W>(x + p);
    static_for<adapted_offsets>([&](auto m) {
      sum += load<W>(f.g[m + 1] + q - f.at_g[m + 1]) * load<W>(x + p - f.at_x[m + 1]);
    });
    if constexpr (Add)
      store<W>(y + p, load<W>(y + p) + factor * sum);
    else
      store<W>(y + p, factor * sum);
  }
};

} // namespace detail

/// Row entries of G on the owned points; A, @p diagonal and G on one layout. Couplings and diagonal
/// must be valid as far out as the offsets reach. Rows with a diagonal that is not positive get 0.
template <class T>
void set_up_adapted_inverse(const StencilOperator<T>& a, const Field<double>& diagonal,
                            AdaptedInverse<T>& g) {
  for_each_point("linnet::kernels::adapted_inverse", Range::box(a.layout().n),
                 detail::AdaptedInverseSetup<T>(a, diagonal, g));
}

/// y = G x; x and y on one layout, x with ghosts valid as far out as the offsets reach.
template <class T>
void apply_lower_factor(const AdaptedInverse<T>& g, const Field<T>& x, Field<T>& y) {
  for_each_point("linnet::kernels::adapted_lower", Range::box(y.layout.n),
                 detail::AdaptedLowerKernel<T>{detail::AdaptedPointers<T>(g, x.layout), x.origin(),
                                               y.origin()});
}

/// y = factor G^T x, or y += factor G^T x; x, y as above, ghosts of G valid as far as those of x.
template <bool Add, class T>
void apply_upper_factor(const AdaptedInverse<T>& g, const Field<T>& x, T factor, Field<T>& y) {
  for_each_point("linnet::kernels::adapted_upper", Range::box(y.layout.n),
                 detail::AdaptedUpperKernel<T, Add>{detail::AdaptedPointers<T>(g, x.layout),
                                                    x.origin(), factor, y.origin()});
}

} // namespace linnet::kernels
