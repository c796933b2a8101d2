// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Coarse operators of semicoarsening that stay 5- or 7-point stencils.
///
/// The Galerkin operator of a star coarsened along one direction d couples a coarse point with its
/// edge neighbours in the planes that hold d. Replacing a coupling g (u(0,0) - u(1,1))^2 of the
/// energy by its leg along d and half of each of the two legs across gives a star again. Where the
/// couplings along d are the strongest ones the two operators are spectrally equivalent, with
/// constants that do not depend on the ratio. Along d the result is exact: resistors in series.
/// Everything is a sum of products of non-negative numbers, so that the operator of an M-matrix is
/// one again, in any precision.
#pragma once

#include <linnet/kernels/boxmg_interpolation.hpp>

namespace linnet::kernels {

namespace detail {

template <class T, StencilPattern P, int StrideX>
struct LumpedGalerkinKernel {
  static constexpr int width = native_width<T>;
  static constexpr int count = coupling_count(P);
  StencilPointers<T, P> a;
  const double* diagonal;
  Coarsening coarsening;
  int direction;            ///< the one that is coarsened
  std::ptrdiff_t fine_step; ///< in memory, along it
  const T* before;          ///< weights in the children behind and in front
  const T* after;
  std::ptrdiff_t step[3]; ///< in memory, between coarse points
  T* out[count];
  T* row_sum;
  int out_pitch_y, out_pitch_z;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<T, W>;
    const std::ptrdiff_t q = coarsening.fine(0, i) +
                             static_cast<std::ptrdiff_t>(coarsening.fine(1, j)) * a.pitch_y +
                             static_cast<std::ptrdiff_t>(coarsening.fine(2, k)) * a.pitch_z;
    const std::ptrdiff_t here = i + j * step[1] + k * step[2];
    const std::ptrdiff_t to = i + static_cast<std::ptrdiff_t>(j) * out_pitch_y +
                              static_cast<std::ptrdiff_t>(k) * out_pitch_z;
    static_for<count>([&](auto m) {
      store<W>(out[m()] + to, m() == direction ? along<W>(q, here, a.c[m()])
                                               : across<W>(q, here, step[m()], a.c[m()]));
    });
    // What a child leaks, as far as it belongs to this coarse point. A point without couplings is
    // solved exactly by the smoother and stays out of the coarse grid.
    const V own = load_strided<W, StrideX>(a.s + q);
    const V zero = splat<W>(T(0));
    const Pack<double, W> s = load_double<W, StrideX>(a.s + q);
    const Pack<double, W> d = load_strided<W, StrideX>(diagonal + q);
    const V coupled = convert<T, W, double>(d > s ? splat<W>(1.0) : splat<W>(0.0));
    store<W>(row_sum + to,
             coupled * max<W, T>(own, zero) +
                 load<W>(after + here) * max<W, T>(fine<W>(a.s + q + fine_step), zero) +
                 load<W>(before + here) * max<W, T>(fine<W>(a.s + q - fine_step), zero));
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> fine(const T* x) const {
    return load_strided<W, StrideX>(x);
  }

  /// Two couplings and the leak between them in series: the coupling to the next coarse point.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> along(std::ptrdiff_t q, std::ptrdiff_t here,
                                               const T* c) const {
    const Pack<T, W> pivot = max<W, T>(fine<W>(a.s + q + fine_step), splat<W>(T(0))) +
                             fine<W>(c + q) + fine<W>(c + q + fine_step);
    return load<W>(after + here) * load<W>(before + here + step[direction]) * pivot;
  }

  /// The couplings of the point and, by their weights, of its children to the next line.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> across(std::ptrdiff_t q, std::ptrdiff_t here,
                                                std::ptrdiff_t next, const T* c) const {
    const std::ptrdiff_t s = step[direction];
    return fine<W>(c + q) +
           fine<W>(c + q + fine_step) * shared<W>(after + here, before + here + s, next) +
           fine<W>(c + q - fine_step) * shared<W>(before + here, after + here - s, next);
  }

  /// The share of a coarse point with the weight *own in a coupling of its child to the next line;
  /// the other coarse point of the child has the weight *other.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static Pack<T, W> shared(const T* own, const T* other,
                                                       std::ptrdiff_t next) {
    const Pack<T, W> w = load<W>(own), w_next = load<W>(own + next);
    const Pack<T, W> total = w + load<W>(other), total_next = w_next + load<W>(other + next);
    return T(0.5) * (w * total_next + w_next * total);
  }
};

} // namespace detail

/// The coarse operator of the star @p fine, an M-matrix, on the owned coarse points; @p p coarsens
/// one direction. Valid ghosts needed: @p fine two layers, its diagonal and the weights one.
template <class T>
void lumped_galerkin(const StencilOperator<T>& fine, const Field<double>& fine_diagonal,
                     const Interpolation<T>& p, StencilOperator<T>& coarse) {
  const int d = p.coarsening.halves[0] ? 0 : p.coarsening.halves[1] ? 1 : 2;
  const int child_step = d == 0 ? 1 : d == 1 ? 3 : 9;
  const Field<T>&before = p.weights[centre_child - child_step],
        &after = p.weights[centre_child + child_step];
  const Layout& l = after.layout;
  with_pattern_and_stride(fine.pattern, p.coarsening, [&](auto pattern, auto stride) {
    using Kernel = detail::LumpedGalerkinKernel<T, pattern(), stride()>;
    if constexpr (pattern() == StencilPattern::star2d || pattern() == StencilPattern::star3d) {
      const Layout& f = fine.layout();
      Kernel kernel{detail::StencilPointers<T, pattern()>(fine),
                    fine_diagonal.origin(),
                    p.coarsening,
                    d,
                    d == 0   ? 1
                    : d == 1 ? f.pitch_y
                             : f.pitch_z,
                    before.origin(),
                    after.origin(),
                    {1, l.pitch_y, l.pitch_z},
                    {},
                    coarse.row_sum.origin(),
                    coarse.layout().pitch_y,
                    coarse.layout().pitch_z};
      for (int m = 0; m < Kernel::count; ++m) kernel.out[m] = coarse.couplings[m].origin();
      for_each_point("linnet::kernels::lumped_galerkin", Range::box(l.n), kernel);
    }
  });
}

} // namespace linnet::kernels
