// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Galerkin coarse operators P^T A P, as couplings and row sums.
///
/// The couplings are summed directly, the row sums as P^T (s + A (P 1 - 1)) with the row sums s of
/// A and A applied in its difference form, so that they keep their relative accuracy however small
/// they are beside the couplings. Sums cancel by the contrast of the coefficients: they are formed
/// in double precision, also from values in single precision.
#pragma once

#include <linnet/kernels/stencil/stencil.hpp>
#include <linnet/kernels/stencil/transfer.hpp>

namespace linnet::kernels {

namespace detail {

/// The column c of A P on the 5^d fine points around c, then its products with the columns of P of
/// the coarse neighbours c+d.
template <class T, StencilPattern P, int StrideX>
struct GalerkinKernel {
  static constexpr bool repeatable = true;
  static constexpr int width = native_width<double>;
  static constexpr bool three_dimensional = is_three_dimensional(P);
  static constexpr StencilPattern coarse =
      three_dimensional ? StencilPattern::box3d : StencilPattern::box2d;
  static constexpr int reach_x = StrideX == 2 ? 2 : 1;
  static constexpr int reach_z = three_dimensional ? 2 : 0;
  static constexpr int window_x = 2 * reach_x + 1;
  StencilPointers<T, P> a;
  Coarsening coarsening;
  const T* weights[child_count];
  int weight_pitch_y, weight_pitch_z;
  T* out[max_couplings];
  int out_pitch_y, out_pitch_z;

  /// Place of the fine point at the offset (x,y,z) from c.
  KOKKOS_FORCEINLINE_FUNCTION static constexpr int at(int x, int y, int z) {
    return (x + reach_x) + window_x * ((y + 2) + 5 * (z + reach_z));
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<double, W>;
    const std::ptrdiff_t q = coarsening.fine(0, i) +
                             static_cast<std::ptrdiff_t>(coarsening.fine(1, j)) * a.pitch_y +
                             static_cast<std::ptrdiff_t>(coarsening.fine(2, k)) * a.pitch_z;
    const std::ptrdiff_t here = i + static_cast<std::ptrdiff_t>(j) * weight_pitch_y +
                                static_cast<std::ptrdiff_t>(k) * weight_pitch_z;
    V column[window_x * 5 * (2 * reach_z + 1)];
    for (V& v : column) v = splat<W>(0.0);
    static_for<child_count>([&](auto n) {
      constexpr Offset o = child_offset(n());
      if constexpr ((three_dimensional || o.z == 0) && (StrideX == 2 || o.x == 0)) {
        if (n() != centre_child && !weights[n()]) return;
        const V p = n() == centre_child ? splat<W>(1.0) : load_double<W>(weights[n()] + here);
        add_column<W, n()>(
            p, q + o.x + o.y * a.pitch_y + static_cast<std::ptrdiff_t>(o.z) * a.pitch_z, column);
      }
    });
    const std::ptrdiff_t to = i + static_cast<std::ptrdiff_t>(j) * out_pitch_y +
                              static_cast<std::ptrdiff_t>(k) * out_pitch_z;
    static_for<coupling_count(coarse)>(
        [&](auto m) { store_double<W>(out[m()] + to, -product<W, m()>(column, here)); });
  }

  /// column += p times the column of A that belongs to the child N at @p q.
  template <int W, int N>
  KOKKOS_FORCEINLINE_FUNCTION void add_column(const Pack<double, W>& p, std::ptrdiff_t q,
                                              Pack<double, W>* column) const {
    constexpr Offset o = child_offset(N);
    Pack<double, W> diagonal = load_double<W, StrideX>(a.s + q);
    static_for<coupling_count(P)>([&](auto m) {
      constexpr Offset u = upper_offset(P, m());
      // As constants of this lambda: nvcc does not initialise captured ones.
      constexpr int above = at(o.x + u.x, o.y + u.y, o.z + u.z);
      constexpr int below = at(o.x - u.x, o.y - u.y, o.z - u.z);
      const auto front = load_double<W, StrideX>(a.c[m()] + q);
      const auto back = load_double<W, StrideX>(a.c[m()] + q - a.distance.d[m()]);
      diagonal += front + back;
      column[above] -= p * front;
      column[below] -= p * back;
    });
    column[at(o.x, o.y, o.z)] += p * diagonal;
  }

  /// The column times the column of P of the coarse neighbour M.
  template <int W, int M>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> product(const Pack<double, W>* column,
                                                      std::ptrdiff_t here) const {
    constexpr Offset d = upper_offset(coarse, M);
    const std::ptrdiff_t there =
        here + d.x + d.y * weight_pitch_y + static_cast<std::ptrdiff_t>(d.z) * weight_pitch_z;
    const int stride_y = coarsening.stride(1), stride_z = coarsening.stride(2);
    Pack<double, W> sum = splat<W>(0.0);
    static_for<child_count>([&](auto n) {
      constexpr Offset o = child_offset(n());
      constexpr int x = o.x + StrideX * d.x, dy = d.y, dz = d.z;
      if constexpr (x >= -reach_x && x <= reach_x && (StrideX == 2 || o.x == 0)) {
        const int y = o.y + stride_y * dy, z = o.z + stride_z * dz;
        if (y < -2 || y > 2 || z < -reach_z || z > reach_z) return;
        if constexpr (n() == centre_child) {
          // c+d may lie outside of the domain, where its weight at itself is not 1; but a fine
          // point outside has no couplings.
          sum += column[at(x, y, z)];
        } else {
          if (weights[n()]) sum += column[at(x, y, z)] * load_double<W>(weights[n()] + there);
        }
      }
    });
    return sum;
  }
};

} // namespace detail

/// Couplings of the owned points of the coarse operator. Valid ghosts needed: couplings two layers,
/// row sums and weights one.
template <class T>
void galerkin_couplings(const StencilOperator<T>& fine, const Interpolation<T>& p,
                        StencilOperator<T>& coarse) {
  with_pattern_and_stride(fine.pattern, p.coarsening, [&](auto pattern, auto stride) {
    using Kernel = detail::GalerkinKernel<T, pattern(), stride()>;
    Kernel kernel{detail::StencilPointers<T, pattern()>(fine),
                  p.coarsening,
                  {},
                  0,
                  0,
                  {},
                  coarse.layout().pitch_y,
                  coarse.layout().pitch_z};
    detail::set_weights(kernel, p);
    for (int m = 0; m < coupling_count(coarse.pattern); ++m)
      kernel.out[m] = coarse.couplings[static_cast<std::size_t>(m)].origin();
    for_each_point("linnet::kernels::galerkin", Range::box(coarse.layout().n), kernel);
  });
}

} // namespace linnet::kernels
