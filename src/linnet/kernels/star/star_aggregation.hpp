// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Star operators on coarse grids whose points are aggregates of two fine cells per direction.
///
/// Piecewise constant interpolation gives the sum of the fine couplings between two aggregates,
/// twice too much along a coarsened direction, whose points are twice as far apart: halved, it is
/// consistent. A wall whose leak is e times a coupling lies 1/e fine cells from the centre of the
/// fine cell, and half a cell further from that of the coarse one, so that the leak is multiplied
/// by 1/(1 + e/2): 1/2 for fixed values at the surface of the cell (e = 2), 2/3 for fixed values in
/// the centre of the next one (e = 1), 1 for a weak leak. The part of a row sum that all points
/// have in common, as in a time step, is a mass and is summed as it is. Another distance than half
/// a cell may be given.
#pragma once

#include <linnet/kernels/star/star_coarsening.hpp>

namespace linnet::kernels {

namespace detail {

template <class T, int Dim>
struct StarAggregation {
  static constexpr int width = native_width<T>;
  StarPlanes<T> fine, coarse;
  T mass; ///< the part of the row sums that all points have in common
  Coarsening coarsening;
  T open_share[3];    ///< one over the couplings of two points with nothing between them
  T further = T(0.5); ///< cells from the centre of a fine point to that of the coarse one
  T factor = T(1);    ///< of the result

  /// Every second or every value along x, from the fine point (x, j, k) on.
  template <int W, int StrideX>
  KOKKOS_FORCEINLINE_FUNCTION static Pack<T, W> at(const Planes<T>& v, int x, int j, int k) {
    return load_strided<W, StrideX, T>(v.row(j, k) + x);
  }

  /// What the fine point adds to the coarse leak, of the share `missing` of whose faces are closed.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> leak_of(const Pack<T, W>& leak,
                                                 const Pack<T, W>& missing) const {
    const Pack<T, W> faces = max<W, T>(missing, splat<W>(T(1)));
    return leak * faces / (faces + further * open_share[0] * leak);
  }

  template <int W, int StrideX>
  KOKKOS_FORCEINLINE_FUNCTION void sum(int i, int j, int k) const {
    using V = Pack<T, W>;
    const int first[3] = {coarsening.fine(0, i), coarsening.fine(1, j), coarsening.fine(2, k)};
    V couplings[3], row_sum = splat<W>(T(0));
    for (auto& c : couplings) c = splat<W>(T(0));
    for (int z = 0; z < coarsening.stride(2); ++z)
      for (int y = 0; y < coarsening.stride(1); ++y)
        for (int x = 0; x < StrideX; ++x) {
          const int p[3] = {first[0] + x, first[1] + y, first[2] + z};
          const bool last[3] = {x + 1 == StrideX, y + 1 == coarsening.stride(1),
                                z + 1 == coarsening.stride(2)};
          V missing = splat<W>(T(2 * Dim));
          static_for<3>([&](auto m) {
            if constexpr (Dim == 3 || m() != 1) {
              const Planes<T>& c = fine.couplings[m()];
              const V front = at<W, StrideX>(c, p[0], p[1], p[2]);
              const V back =
                  at<W, StrideX>(c, p[0] - (m() == 0), p[1] - (m() == 1), p[2] - (m() == 2));
              missing -= open_share[m()] * (front + back);
              if (last[m()]) couplings[m()] += front;
            }
          });
          // Points that take no part have no row sum.
          const V here = at<W, StrideX>(fine.row_sum, p[0], p[1], p[2]);
          const V own_mass = min<W, T>(here, splat<W>(mass));
          row_sum += own_mass + leak_of<W>(here - own_mass, missing);
        }
    static_for<3>([&](auto m) {
      if constexpr (Dim == 3 || m() != 1)
        store<W, T>(coarse.couplings[m()].row(j, k) + i,
                    factor * ((coarsening.halves[m()] ? T(0.5) : T(1)) * couplings[m()]));
    });
    store<W, T>(coarse.row_sum.row(j, k) + i, factor * row_sum);
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    if (coarsening.halves[0])
      sum<W, 2>(i, j, k);
    else
      sum<W, 1>(i, j, k);
  }
};

/// 1 for an aggregate whose points are not connected within it, so that one value cannot stand for
/// them, else 0.
template <class T, int Dim>
struct SplitAggregate {
  static constexpr int width = native_width<double>;
  StarPlanes<T> fine;
  Coarsening coarsening;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    const Pack<T, W> doubt =
        coarsening.halves[0] ? doubtful<W, 2>(i, j, k) : doubtful<W, 1>(i, j, k);
    Pack<double, W> found = splat<W>(0.0);
    if constexpr (W == 1) {
      if (doubt > 0) found = value(i, j, k);
    } else {
      if (all_of<W>(doubt == 0)) return found;
      for (int lane = 0; lane < W; ++lane)
        if (doubt[lane] > 0) found[lane] = value(i + lane, j, k);
    }
    return found;
  }
  /// 0 for aggregates all of whose points are coupled within it, or none to any other.
  template <int W, int StrideX>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> doubtful(int i, int j, int k) const {
    using V = Pack<T, W>;
    const int o[3] = {coarsening.fine(0, i), coarsening.fine(1, j), coarsening.fine(2, k)};
    V least = splat<W>(T(1)), most = splat<W>(T(0));
    for (int z = 0; z < coarsening.stride(2); ++z)
      for (int y = 0; y < coarsening.stride(1); ++y)
        for (int x = 0; x < StrideX; ++x) {
          const int p[3] = {o[0] + x, o[1] + y, o[2] + z};
          const bool last[3] = {x + 1 == StrideX, y + 1 == coarsening.stride(1),
                                z + 1 == coarsening.stride(2)};
          static_for<3>([&](auto m) {
            if constexpr (Dim == 3 || m() != 1) {
              const Planes<T>& c = fine.couplings[m()];
              const V front = load_strided<W, StrideX, T>(c.row(p[1], p[2]) + p[0]);
              const V back = load_strided<W, StrideX, T>(
                  c.row(p[1] - (m() == 1), p[2] - (m() == 2)) + p[0] - (m() == 0));
              most = max<W, T>(most, max<W, T>(front, back));
              if (!last[m()]) least = min<W, T>(least, front);
            }
          });
        }
    return least > 0 ? splat<W>(T(0)) : most;
  }
  KOKKOS_FORCEINLINE_FUNCTION T coupling(int m, int x, int y, int z) const {
    return fine.couplings[m].row(y, z)[x];
  }
  /// Members: bit x + 2 y + 4 z.
  KOKKOS_FUNCTION double value(int i, int j, int k) const {
    const int o[3] = {coarsening.fine(0, i), coarsening.fine(1, j), coarsening.fine(2, k)};
    const int n[3] = {coarsening.stride(0), coarsening.stride(1), coarsening.stride(2)};
    unsigned members = 0, neighbours[8] = {};
    for (int z = 0; z < n[2]; ++z)
      for (int y = 0; y < n[1]; ++y)
        for (int x = 0; x < n[0]; ++x) {
          const int member = x + 2 * y + 4 * z,
                    last[3] = {x + 1 == n[0], y + 1 == n[1], z + 1 == n[2]};
          const int p[3] = {o[0] + x, o[1] + y, o[2] + z};
          bool coupled = false;
          for (int m = 0; m < 3; ++m) {
            if (Dim == 2 && m == 1) continue;
            const bool front = coupling(m, p[0], p[1], p[2]) > 0;
            coupled = coupled || front ||
                      coupling(m, p[0] - (m == 0), p[1] - (m == 1), p[2] - (m == 2)) > 0;
            if (!front || last[m]) continue;
            neighbours[member] |= 1u << (member + (1 << m));
            neighbours[member + (1 << m)] |= 1u << member;
          }
          if (coupled) members |= 1u << member;
        }
    unsigned reached = members & (~members + 1u); // the lowest one
    for (int round = 0; round < 7; ++round)
      for (int b = 0; b < 8; ++b)
        if (reached >> b & 1u) reached |= neighbours[b];
    return reached == members ? 0.0 : 1.0;
  }
};

} // namespace detail
} // namespace linnet::kernels
