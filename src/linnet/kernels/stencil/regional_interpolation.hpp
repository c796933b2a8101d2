// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Interpolation of a hierarchy that coarsens some directions only and need not serve all of the
/// domain (multigrid/regional_cycles.hpp).
#pragma once

#include <linnet/kernels/stencil/boxmg_interpolation.hpp>

namespace linnet::kernels {

namespace detail {

template <class T, StencilPattern P>
struct RegionalKernel {
  static constexpr int width = 1; // in the set-up of few matrices
  // Up to such a ratio coarsening across the strong direction still helps.
  static constexpr T most_ratio = T(50);
  StencilPointers<T, P> a;
  Coarsening coarsening;
  T* weights[child_count];
  int coarse_pitch_y, coarse_pitch_z;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t centre = coarsening.fine(0, i) +
                                  static_cast<std::ptrdiff_t>(coarsening.fine(1, j)) * a.pitch_y +
                                  static_cast<std::ptrdiff_t>(coarsening.fine(2, k)) * a.pitch_z;
    const std::ptrdiff_t out = i + static_cast<std::ptrdiff_t>(j) * coarse_pitch_y +
                               static_cast<std::ptrdiff_t>(k) * coarse_pitch_z;
    for (int n = 0; n < child_count; ++n) {
      if (n == centre_child || !weights[n]) continue;
      const Offset o = child_offset(n);
      const std::ptrdiff_t q =
          centre + o.x + o.y * a.pitch_y + static_cast<std::ptrdiff_t>(o.z) * a.pitch_z;
      T halved = 0, kept = 0;
      for (int m = 0; m < coupling_count(P); ++m) {
        const Offset u = upper_offset(P, m);
        const T c = max<1, T>(a.c[m][q], T(0)) + max<1, T>(a.c[m][q - a.distance.d[m]], T(0));
        const bool along[3] = {u.x != 0, u.y != 0, u.z != 0};
        bool in_halved = false, in_kept = false;
        for (int d = 0; d < 3; ++d) {
          in_halved = in_halved || (along[d] && coarsening.halves[d]);
          in_kept = in_kept || (along[d] && !coarsening.halves[d]);
        }
        if (in_halved) halved += c;
        if (in_kept) kept += c;
      }
      if (kept > most_ratio * halved) weights[n][out] = T(0);
    }
  }
};

} // namespace detail

/// Takes the points out of the interpolation that are coupled much more strongly along the
/// directions that stay than along those that are halved: a coarse function that reached into their
/// lines would have an energy that hides what it is for beside them. @p a must be valid two layers
/// out.
template <class T>
void keep_to_own_regions(const StencilOperator<T>& a, Interpolation<T>& p) {
  with_pattern(a.pattern, [&](auto pattern) {
    detail::RegionalKernel<T, pattern()> kernel{
        detail::StencilPointers<T, pattern()>(a), p.coarsening, {}, 0, 0};
    Layout coarse;
    for (int n = 0; n < child_count; ++n) {
      kernel.weights[n] = p.has_child(n) ? p.weights[n].origin() : nullptr;
      if (p.has_child(n)) coarse = p.weights[n].layout;
    }
    kernel.coarse_pitch_y = coarse.pitch_y;
    kernel.coarse_pitch_z = coarse.pitch_z;
    for_each_point("linnet::kernels::regional_interpolation", Range::box(coarse.n), kernel);
  });
}

} // namespace linnet::kernels
