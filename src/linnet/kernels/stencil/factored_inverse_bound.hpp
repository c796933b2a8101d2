// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Weights for the rows of a factored inverse G that keep the spectrum of G A G^T below 2, so that
/// the smoother I - G^T G A never amplifies an error, whatever the coefficients.
///
/// M = G A G^T has unit diagonal. If A is an M-matrix, so is M, and its spectrum lies in (0,2): one
/// weight for all rows will do. Otherwise Gershgorin decides row by row: with d(i) = sum_j
/// |M(i,j)|, D - M is diagonally dominant, so W^(1/2) M W^(1/2) <= max w(i) d(i).
#pragma once

#include <linnet/kernels/stencil/factored_inverse.hpp>

namespace linnet::kernels {

/// Weights of rows: close to the largest safe value 1 for an M-matrix, and to 2 over the bound
/// elsewhere.
template <class T>
inline constexpr T m_matrix_weight = T(0.9);
template <class T>
inline constexpr T weight_times_bound = T(1.8);

namespace detail {

template <class T, StencilPattern P>
struct BoundKernel {
  static constexpr bool repeatable = true;
  static constexpr int width = native_width<T>;
  static constexpr int members = coupling_count(P) + 1;
  static constexpr int reach_z = is_three_dimensional(P) ? 2 : 0;
  static constexpr int window = 25 * (2 * reach_z + 1);
  StencilPointers<T, P> a;
  const T* g[members];
  T* bound;

  KOKKOS_FORCEINLINE_FUNCTION static constexpr int at(int x, int y, int z) {
    return (x + 2) + 5 * (y + 2) + 25 * (z + reach_z);
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<T, W>;
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * a.pitch_y + static_cast<std::ptrdiff_t>(k) * a.pitch_z;
    V row[window]; // of G A
    for (int n = 0; n < window; ++n) row[n] = splat<W>(T(0));
    static_for<members>([&](auto m) {
      constexpr Offset o = m() ? upper_offset(P, m() - 1) : Offset{0, 0, 0};
      constexpr int centre = at(-o.x, -o.y, -o.z);
      const std::ptrdiff_t p = q - (m() ? a.distance.d[m() ? m() - 1 : 0] : 0);
      const V weight = load<W>(g[m()] + q);
      V diagonal = load<W>(a.s + p);
      static_for<coupling_count(P)>([&](auto n) {
        constexpr Offset u = upper_offset(P, n());
        constexpr int step = u.x + 5 * u.y + 25 * u.z;
        const V front = load<W>(a.c[n()] + p), back = load<W>(a.c[n()] + p - a.distance.d[n()]);
        diagonal += front + back;
        row[centre + step] -= weight * front;
        row[centre - step] -= weight * back;
      });
      row[centre] += weight * diagonal;
    });
    V sum = splat<W>(T(0));
    for (int z = -reach_z; z <= reach_z; ++z)
      for (int y = -2; y <= 2; ++y)
        for (int x = -2; x <= 2; ++x)
          sum += abs<W, T>(entry<W>(
              row, x, y, z, q + x + y * a.pitch_y + static_cast<std::ptrdiff_t>(z) * a.pitch_z));
    store<W>(bound + q, sum);
  }

  /// M at the offset (x,y,z), whose point lies at @p p.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> entry(const Pack<T, W>* row, int x, int y, int z,
                                               std::ptrdiff_t p) const {
    Pack<T, W> sum = splat<W>(T(0));
    static_for<members>([&](auto m) {
      constexpr Offset o = m() ? upper_offset(P, m() - 1) : Offset{0, 0, 0};
      const bool inside = x - o.x >= -2 && x - o.x <= 2 && y - o.y >= -2 && y - o.y <= 2 &&
                          z - o.z >= -reach_z && z - o.z <= reach_z;
      if (inside) sum += row[at(x - o.x, y - o.y, z - o.z)] * load<W>(g[m()] + p);
    });
    return sum;
  }
};

template <class T, StencilPattern P>
struct WeightRowsKernel {
  static constexpr int width = native_width<T>;
  static constexpr int members = coupling_count(P) + 1;
  StencilPointers<T, P> a;
  const T* bound;
  T* g[members];
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * a.pitch_y + static_cast<std::ptrdiff_t>(k) * a.pitch_z;
    const Pack<T, W> floor = splat<W>(weight_times_bound<T> / m_matrix_weight<T>);
    const Pack<T, W> d = max<W, T>(load<W>(bound + q), floor);
    const Pack<T, W> root = sqrt<W, T>(weight_times_bound<T> / d);
    // A row without couplings is solved exactly.
    const auto alone = a.template alone<W>(q) > 0;
    const Pack<T, W> weight = alone ? splat<W>(T(1)) : root;
    for (int m = 0; m < members; ++m) store<W>(g[m] + q, load<W>(g[m] + q) * weight);
  }
};

template <class T, StencilPattern P>
struct JacobiKernel {
  static constexpr int width = native_width<T>;
  StencilPointers<T, P> a;
  T* g;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<T, W>;
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * a.pitch_y + static_cast<std::ptrdiff_t>(k) * a.pitch_z;
    V diagonal = load<W>(a.s + q), others = splat<W>(T(0));
    static_for<coupling_count(P)>([&](auto m) {
      const V up = load<W>(a.c[m()] + q), down = load<W>(a.c[m()] + q - a.distance.d[m()]);
      diagonal += up + down;
      others += abs<W, T>(up) + abs<W, T>(down);
    });
    // 0.8 over the diagonal of an M-matrix: 1.6 over a bound of at least twice the diagonal.
    const V bound = max<W, T>(diagonal + others, T(2) * diagonal);
    const V safe = diagonal > 0 ? bound : splat<W>(T(1));
    store<W>(g + q, diagonal > 0 ? sqrt<W, T>(T(1.6) / safe) : splat<W>(T(0)));
  }
};

} // namespace detail

/// The weighted Jacobi smoother as a diagonal G: G^T G = 1.6 / max(l1, 2 diagonal) with the
/// absolute row sums l1, so that lambda_max(G A G^T) <= 1.6. The other entries of G stay as they
/// are.
template <class T>
void set_up_jacobi(const StencilOperator<T>& a, FactoredInverse<T>& g) {
  with_pattern(a.pattern, [&](auto p) {
    for_each_point(
        "linnet::kernels::jacobi", Range::box(a.layout().n),
        detail::JacobiKernel<T, p()>{detail::StencilPointers<T, p()>(a), g.entries[0].origin()});
  });
}

/// bound = sum_j |M(i,j)| on the owned points; all fields on the layout of A, with couplings and G
/// valid two layers out.
template <class T>
void bound_rows(const StencilOperator<T>& a, const FactoredInverse<T>& g, Field<T>& bound) {
  with_pattern(a.pattern, [&](auto p) {
    using Kernel = detail::BoundKernel<T, p()>;
    Kernel kernel{detail::StencilPointers<T, p()>(a), {}, bound.origin()};
    for (int m = 0; m < Kernel::members; ++m) kernel.g[m] = g.entries[m].origin();
    for_each_point("linnet::kernels::bound_rows", Range::box(a.layout().n), kernel);
  });
}

/// Scales the owned rows of G by sqrt(w), w = min(0.9, 1.8 / bound), and w = 1 for rows without
/// couplings. All fields on the layout of A.
template <class T>
void weight_rows(const StencilOperator<T>& a, const Field<T>& bound, FactoredInverse<T>& g) {
  with_pattern(a.pattern, [&](auto p) {
    using Kernel = detail::WeightRowsKernel<T, p()>;
    Kernel kernel{detail::StencilPointers<T, p()>(a), bound.origin(), {}};
    for (int m = 0; m < Kernel::members; ++m) kernel.g[m] = g.entries[m].origin();
    for_each_point("linnet::kernels::weight_rows", Range::box(bound.layout.n), kernel);
  });
}

} // namespace linnet::kernels
