// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Operator-dependent interpolation of black-box multigrid (Dendy, J. Comput. Phys. 48, 1982).
///
/// A fine point that lies between coarse points along the directions S gets its value from the
/// operator collapsed onto S: couplings are summed over the other directions, and the equation of
/// the point is solved for its value. Points with fewer directions in S come first, so that the
/// others may use them. Couplings of the wrong sign are lumped into the diagonal before collapsing
/// and negative row sums count as zero, so every weight lies in [0,1], and so does their sum. A
/// point that is not coupled along S gets zero weights, whatever its row sum, or is adopted.
#pragma once

#include <linnet/kernels/stencil/coarsening.hpp>
#include <linnet/kernels/stencil/stencil.hpp>

namespace linnet::kernels {

/// Calls body(pattern, stride along x) with both as compile-time constants.
template <class Body>
void with_pattern_and_stride(StencilPattern pattern, const Coarsening& coarsening,
                             const Body& body) {
  with_pattern(pattern, [&](auto p) {
    if (coarsening.halves[0])
      body(p, std::integral_constant<int, 2>{});
    else
      body(p, std::integral_constant<int, 1>{});
  });
}

namespace detail {

template <class T, StencilPattern P, int StrideX>
struct InterpolationKernel {
  static constexpr bool repeatable = true;
  static constexpr int width = native_width<T>;
  StencilPointers<T, P> a;
  const double* diagonal; ///< null if no point is without couplings
  const T* odds;          ///< null if they are those of the operator
  Coarsening coarsening;
  T* weights[child_count];
  int coarse_pitch_y, coarse_pitch_z;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<T, W>;
    const std::ptrdiff_t centre = coarsening.fine(0, i) +
                                  static_cast<std::ptrdiff_t>(coarsening.fine(1, j)) * a.pitch_y +
                                  static_cast<std::ptrdiff_t>(coarsening.fine(2, k)) * a.pitch_z;
    const std::ptrdiff_t out = i + static_cast<std::ptrdiff_t>(j) * coarse_pitch_y +
                               static_cast<std::ptrdiff_t>(k) * coarse_pitch_z;
    V w[child_count];
    for (int n = 0; n < child_count; ++n) w[n] = splat<W>(T(0));
    w[centre_child] = splat<W>(T(1));
    static_for<3>([&](auto before) {
      static_for<child_count>([&](auto n) {
        if constexpr (directions(n()) == before() + 1) {
          if (!weights[n()]) return;
          constexpr Offset o = child_offset(n());
          const std::ptrdiff_t q =
              centre + o.x + o.y * a.pitch_y + static_cast<std::ptrdiff_t>(o.z) * a.pitch_z;
          w[n()] = child_weight<W, n()>(q, w);
          store<W>(weights[n()] + out, w[n()]);
        }
      });
    });
  }

  /// Number of directions in which a child lies between coarse points.
  static constexpr int directions(int child) {
    const Offset o = child_offset(child);
    return (o.x != 0) + (o.y != 0) + (o.z != 0);
  }

  /// Weight of the coarse point in its child number N, whose fine position is @p q.
  template <int W, int N>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> child_weight(std::ptrdiff_t q, const Pack<T, W>* w) const {
    using V = Pack<T, W>;
    constexpr Offset o = child_offset(N);
    const V zero = splat<W>(T(0));
    V coupled = zero, sum = zero, away = zero;
    // The neighbour at the offset (x,y,z), seen in the directions S of this child only.
    const auto collect = [&](auto x, auto y, auto z, const T* coupling) {
      constexpr Offset e{o.x ? x() : 0, o.y ? y() : 0, o.z ? z() : 0};
      // Steps away from the coarse point lead to points that it does not interpolate to.
      constexpr bool inwards = e.x * o.x <= 0 && e.y * o.y <= 0 && e.z * o.z <= 0;
      constexpr int parent = child_number(o.x + e.x, o.y + e.y, o.z + e.z);
      if constexpr (e.x || e.y || e.z) {
        const V c = max<W, T>(load_strided<W, StrideX>(coupling), zero);
        coupled += c;
        if constexpr (inwards)
          sum += c * w[parent];
        else if constexpr (directions(N) == 1)
          away += c;
      }
    };
    static_for<coupling_count(P)>([&](auto m) {
      constexpr Offset u = upper_offset(P, m());
      const T* c = a.c[m()] + q;
      collect(std::integral_constant<int, u.x>{}, std::integral_constant<int, u.y>{},
              std::integral_constant<int, u.z>{}, c);
      collect(std::integral_constant<int, -u.x>{}, std::integral_constant<int, -u.y>{},
              std::integral_constant<int, -u.z>{}, c - a.distance.d[m()]);
    });
    const V pivot = coupled + max<W, T>(load_strided<W, StrideX>(a.s + q), zero);
    if constexpr (directions(N) == 1)
      if (odds) sum = shifted<W>(sum, away, load_strided<W, StrideX>(odds + q), o);
    const auto solvable = coupled > zero;
    if (all_of<W>(solvable)) return sum / pivot;
    const V weight = solvable ? sum / (solvable ? pivot : splat<W>(T(1))) : zero;
    if (!diagonal) return weight;
    return solvable ? weight : adopted<W>(o, q);
  }

  /// What is left of the coupling @p own of a child at the offset @p o to its coarse point beside
  /// the one to the @p other coarse point, when the odds of the lower of the two are multiplied by
  /// @p factor: their sum stays.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static Pack<T, W> shifted(const Pack<T, W>& own,
                                                        const Pack<T, W>& other,
                                                        const Pack<T, W>& factor, const Offset& o) {
    const bool lower = o.x + o.y + o.z > 0;
    const Pack<T, W> x = lower ? own * factor : own, y = lower ? other : other * factor;
    const auto some = x + y > 0;
    return some ? (own + other) * (x / (some ? x + y : splat<W>(T(1)))) : own;
  }

  /// 1 where the coarse point adopts a child at @p q that no coarse point is coupled to: the coarse
  /// point itself has no couplings (an obstacle), and no parent before it would do. Channels one
  /// cell wide between obstacles stay on the coarse grid that way.
  template <int W>
  KOKKOS_FUNCTION Pack<T, W> adopted(const Offset& o, std::ptrdiff_t q) const {
    using V = Pack<T, W>;
    const V zero = splat<W>(T(0)), one = splat<W>(T(1));
    V free = one - is_alone<W>(q);
    V taken = zero, result = zero;
    for (int z = o.z ? -1 : 0; z <= (o.z ? 1 : 0); z += 2)
      for (int y = o.y ? -1 : 0; y <= (o.y ? 1 : 0); y += 2)
        for (int x = o.x ? -1 : 0; x <= (o.x ? 1 : 0); x += 2) {
          const V alone =
              is_alone<W>(q + x + y * a.pitch_y + static_cast<std::ptrdiff_t>(z) * a.pitch_z);
          if (x == -o.x && y == -o.y && z == -o.z) result = free * alone * (one - taken);
          taken = max<W, T>(taken, alone);
        }
    return result;
  }

  /// 1 for points with a diagonal entry only, or, where such points have been left out, with none.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> is_alone(std::ptrdiff_t q) const {
    using V = Pack<double, W>;
    const V d = load_strided<W, StrideX>(diagonal + q);
    const V s = load_double<W, StrideX>(a.s + q);
    const V zero = splat<W>(0.0), one = splat<W>(1.0);
    return convert<T, W, double>(d >= zero ? (d == s ? one : zero) : zero);
  }
};

} // namespace detail

/// Weights of the owned coarse points; @p a must be valid two layers out, and so its @p diagonal,
/// negative outside of the grid, which may be an empty field where every point has couplings. @p
/// odds on the layout of A, valid one layer out, multiply the odds of the lower of the two coarse
/// points that a point lies between (interpolation_network.hpp); an empty field: by 1.
template <class T>
void set_up_interpolation(const StencilOperator<T>& a, const Field<double>& diagonal,
                          const Field<T>& odds, Interpolation<T>& p) {
  Layout coarse;
  const double* origin = diagonal.values.size() > 0 ? diagonal.origin() : nullptr;
  const T* shift = odds.values.size() > 0 ? odds.origin() : nullptr;
  with_pattern_and_stride(a.pattern, p.coarsening, [&](auto pattern, auto stride) {
    using Kernel = detail::InterpolationKernel<T, pattern(), stride()>;
    Kernel kernel{detail::StencilPointers<T, pattern()>(a), origin, shift, p.coarsening, {}, 0, 0};
    for (int n = 0; n < child_count; ++n) {
      kernel.weights[n] = p.has_child(n) ? p.weights[n].origin() : nullptr;
      if (p.has_child(n)) coarse = p.weights[n].layout;
    }
    kernel.coarse_pitch_y = coarse.pitch_y;
    kernel.coarse_pitch_z = coarse.pitch_z;
    for_each_point("linnet::kernels::interpolation", Range::box(coarse.n), kernel);
  });
}

} // namespace linnet::kernels
