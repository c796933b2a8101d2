// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Linear interpolation along each coarsened direction, and its transpose. The weights depend on
/// the position along the direction only.
#pragma once

#include <linnet/kernels/stencil/coarsening.hpp>
#include <linnet/kernels/stencil/planes.hpp>

namespace linnet::kernels {

/// One coarsened direction. Coarse points keep their value; the fine point behind (in front of) the
/// coarse point c takes the share before(c) (after(c)) of it.
template <class T>
struct LinearWeights {
  static constexpr int ghosts = 2;
  Array<T> before, after; ///< with ghosts on both sides

  LinearWeights() = default;
  explicit LinearWeights(int coarse_points)
      : before("linnet::kernels::before", padded(coarse_points)),
        after("linnet::kernels::after", padded(coarse_points)) {}

private:
  static std::size_t padded(int n) { return static_cast<std::size_t>(n + 2 * ghosts) + pack_slack; }
};

/// All directions of a marched layout.
template <class T>
struct LinearTransfer {
  Coarsening coarsening;
  LinearWeights<T> weights[3];
  /// A coarse point and the child in front of it are one aggregate: after is 1 inside of the grid,
  /// before is not used.
  bool aggregates = false;
};

namespace detail {

template <class T, bool Aggregates>
struct TransferPointers {
  static constexpr bool aggregates = Aggregates;
  Coarsening coarsening;
  const T* before[3];
  const T* after[3];

  explicit TransferPointers(const LinearTransfer<T>& p) : coarsening(p.coarsening) {
    for (int d = 0; d < 3; ++d) {
      before[d] = after[d] = nullptr;
      if (!coarsening.halves[d]) continue;
      before[d] = p.weights[d].before.data() + LinearWeights<T>::ghosts;
      after[d] = p.weights[d].after.data() + LinearWeights<T>::ghosts;
    }
  }
  /// How far children lie in front of their coarse point, and behind it.
  KOKKOS_FORCEINLINE_FUNCTION int reach(int d) const { return coarsening.halves[d] ? 1 : 0; }
  KOKKOS_FORCEINLINE_FUNCTION int reach_behind(int d) const { return Aggregates ? 0 : reach(d); }
  KOKKOS_FORCEINLINE_FUNCTION T weight(int d, int offset, int c) const {
    return offset == 0 ? T(1) : offset < 0 ? before[d][c] : after[d][c];
  }
};

/// The one or two coarse points that a fine point interpolates from: first and first + 1.
template <class T, bool Aggregates>
struct Parents {
  int first, count;
  T weight[2];
  KOKKOS_FORCEINLINE_FUNCTION Parents(const TransferPointers<T, Aggregates>& p, int d, int fine)
      : first(fine), count(1), weight{T(1), T(0)} {
    if (!p.coarsening.halves[d]) return;
    const int t = fine - p.coarsening.shift[d];
    first = t >> 1;
    if ((t & 1) == 0) return;
    weight[0] = p.after[d][first];
    if constexpr (Aggregates) return;
    count = 2;
    weight[1] = p.before[d][first + 1];
  }
};

/// A weighted sum of rows at the points 0, S, 2S, ... from the addresses given: rows are summed as
/// they lie, and taken apart once.
template <int W, int S, class T>
struct RowSum {
  static constexpr bool takes_apart = W > 1 && S == 2;
  Pack<T, W> low = splat<W>(T(0)), high = splat<W>(T(0));
  KOKKOS_FORCEINLINE_FUNCTION void add(T weight, const T* row) {
    low += weight * load<W>(row);
    if constexpr (takes_apart) high += weight * load<W>(row + W);
  }
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> at_points() const {
    if constexpr (takes_apart)
      return even_lanes<W, T>(low, high, std::make_integer_sequence<int, W>{});
    else
      return low;
  }
};

/// f = P^T r at coarse points.
template <class T, int StrideX, bool Aggregates>
struct LinearRestriction {
  static constexpr int width = native_width<T>;
  TransferPointers<T, Aggregates> p;
  Planes<T> r, f;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const int x = p.coarsening.fine(0, i), y = p.coarsening.fine(1, j), z = p.coarsening.fine(2, k);
    RowSum<W, StrideX, T> here, front, behind; // along x
    for (int oz = -p.reach_behind(2); oz <= p.reach(2); ++oz)
      for (int oy = -p.reach_behind(1); oy <= p.reach(1); ++oy) {
        const T weight = p.weight(1, oy, j) * p.weight(2, oz, k);
        const T* row = r.row(y + oy, z + oz) + x;
        here.add(weight, row);
        if constexpr (StrideX == 2) front.add(weight, row + 1);
        if constexpr (StrideX == 2 && !Aggregates) behind.add(weight, row - 1);
      }
    Pack<T, W> sum = here.at_points();
    if constexpr (StrideX == 2) sum += load<W>(p.after[0] + i) * front.at_points();
    if constexpr (StrideX == 2 && !Aggregates) sum += load<W>(p.before[0] + i) * behind.at_points();
    store<W, T>(f.row(j, k) + i, sum);
  }
};

/// u += P e at the fine points (2 i + shift, j, k) and (2 i + 1 + shift, j, k): i counts coarse
/// points, j and k fine ones.
template <class Star, int StrideX, bool Aggregates>
struct LinearInterpolation {
  using T = typename Star::value_type;
  static constexpr int width = native_width<T>;
  Star a; ///< of the fine grid, for its mask
  TransferPointers<T, Aggregates> p;
  Planes<T> e;
  T* u;
  int pitch_y, pitch_z;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const Parents<T, Aggregates> y(p, 1, j), z(p, 2, k);
    Pack<T, W> here = splat<W>(T(0)), next = splat<W>(T(0));
    for (int pz = 0; pz < z.count; ++pz)
      for (int py = 0; py < y.count; ++py) {
        const T w = y.weight[py] * z.weight[pz];
        const T* row = e.row(y.first + py, z.first + pz) + i;
        here += w * load<W>(row);
        if constexpr (StrideX == 2 && !Aggregates) next += w * load<W>(row + 1);
      }
    T* to = u + p.coarsening.fine(0, i) + static_cast<std::ptrdiff_t>(j) * pitch_y +
            static_cast<std::ptrdiff_t>(k) * pitch_z;
    if constexpr (StrideX == 2) {
      Pack<T, W> front = load<W>(p.after[0] + i) * here;
      if constexpr (!Aggregates) front += load<W>(p.before[0] + i + 1) * next;
      add_interleaved<W, T>(to, here, front);
    } else {
      store<W, T>(to, load<W>(to) + here);
    }
    if constexpr (Star::masks) {
      for (int half = 0; half < StrideX; ++half, to += W)
        store<W, T>(to, a.template masked<W>(load<W>(to), to - u));
    }
  }
};

} // namespace detail
} // namespace linnet::kernels
