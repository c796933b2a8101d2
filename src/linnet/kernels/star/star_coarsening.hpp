// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Star operators on coarse grids that stay stars, one coarsened direction after the other.
///
/// A point between two coarse points is eliminated: its two couplings along the direction act in
/// series, its couplings across and its leak (row sum) go to the two coarse points in halves. A
/// point between a coarse point and a wall follows the coarse point with the weight w, and adds
/// c (1 - w)^2 + s w^2 to its leak, the energy that this costs (c: the coupling of the two, s: the
/// leak into the wall). All terms are sums of products of non-negative numbers, so that the result
/// for an M-matrix is one again, in any precision.
#pragma once

#include <linnet/kernels/static_for.hpp>
#include <linnet/kernels/stencil/linear_transfer.hpp>

namespace linnet::kernels {

/// A star operator while coarse ones are formed from it; layouts are marched.
template <class T>
struct StarSums {
  Field<T> couplings[3]; ///< along x, y, z; none along y in 2-D
  Field<T> row_sum;

  StarSums() = default;
  StarSums(const Layout& l, int dimension) : row_sum("linnet::kernels::row_sum", l) {
    for (int m = 0; m < 3; ++m)
      if (dimension == 3 || m != 1) couplings[m] = Field<T>("linnet::kernels::coupling", l);
  }
};

/// The same with planes that may roll (kernels/stencil/planes.hpp).
template <class T>
struct StarPlanes {
  Planes<T> couplings[3], row_sum;

  StarPlanes() = default;
  StarPlanes(const StarSums<T>& a, int dimension) : row_sum(a.row_sum) {
    for (int m = 0; m < 3; ++m)
      if (dimension == 3 || m != 1) couplings[m] = Planes<T>(a.couplings[m]);
  }
};

namespace detail {

template <class T, int Dim, int Direction>
struct StarCoarsening {
  static constexpr int width = native_width<T>;
  static constexpr int stride_x = Direction == 0 ? 2 : 1;
  StarPlanes<T> fine, coarse;
  int shift;
  const T* before;
  const T* after;

  /// Values so many fine points further along the direction.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static Pack<T, W> at(const Planes<T>& x, const int (&p)[3],
                                                   int offset) {
    const int i = p[0] + (Direction == 0 ? offset : 0), j = p[1] + (Direction == 1 ? offset : 0),
              k = p[2] + (Direction == 2 ? offset : 0);
    return load_strided<W, stride_x, T>(x.row(j, k) + i);
  }
  /// Weights of the coarse points c, c+1, ... (along x), or of the one the row belongs to.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static Pack<T, W> weight(const T* w, int c) {
    if constexpr (Direction == 0)
      return load<W>(w + c);
    else
      return splat<W>(w[c]);
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static void put(const Planes<T>& x, int i, int j, int k,
                                              const Pack<T, W>& v) {
    store<W, T>(x.row(j, k) + i, v);
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<T, W>;
    int q[3] = {i, j, k};
    const int c = q[Direction];
    q[Direction] = 2 * c + shift;
    const V zero = splat<W>(T(0)), one = splat<W>(T(1));
    // Couplings of the child in front to here and beyond, and of the child behind.
    const auto& along = fine.couplings[Direction];
    const V front = at<W>(along, q, 0), front2 = at<W>(along, q, 1);
    const V back = at<W>(along, q, -1), back2 = at<W>(along, q, -2);
    const V w_front = weight<W>(after, c), w_back = weight<W>(before, c);
    // A child without a second coarse point stands at a wall.
    const V share_front = front2 > zero ? w_front : w_front * w_front;
    const V share_back = back2 > zero ? w_back : w_back * w_back;
    const V total = front + front2;
    put<W>(coarse.couplings[Direction], i, j, k,
           total > zero ? front * front2 / (total > zero ? total : one) : zero);
    static_for<3>([&](auto m) {
      if constexpr (m() != Direction && (Dim == 3 || m() != 1)) {
        const auto& across = fine.couplings[m()];
        put<W>(coarse.couplings[m()], i, j, k,
               at<W>(across, q, 0) + share_front * at<W>(across, q, 1) +
                   share_back * at<W>(across, q, -1));
      }
    });
    const V lost_front = front2 > zero ? zero : front * (one - w_front) * (one - w_front);
    const V lost_back = back2 > zero ? zero : back * (one - w_back) * (one - w_back);
    put<W>(coarse.row_sum, i, j, k,
           at<W>(fine.row_sum, q, 0) + lost_front + lost_back +
               share_front * at<W>(fine.row_sum, q, 1) + share_back * at<W>(fine.row_sum, q, -1));
  }
};

} // namespace detail

/// Coarsens @p fine along @p direction (of the marched layouts) on @p range of coarse points; valid
/// in @p fine: two points further along the direction.
template <class T>
void coarsen_star(const StarPlanes<T>& fine, const LinearWeights<T>& weights, int shift,
                  int direction, int dimension, const Range& range, const StarPlanes<T>& coarse) {
  const auto run = [&](auto dim, auto d) {
    constexpr int ghosts = LinearWeights<T>::ghosts;
    for_each_point("linnet::kernels::coarsen_star", range,
                   detail::StarCoarsening<T, dim(), d()>{fine, coarse, shift,
                                                         weights.before.data() + ghosts,
                                                         weights.after.data() + ghosts});
  };
  const auto with_direction = [&](auto dim) {
    if (direction == 0) return run(dim, std::integral_constant<int, 0>{});
    if constexpr (dim() == 3)
      if (direction == 1) return run(dim, std::integral_constant<int, 1>{});
    run(dim, std::integral_constant<int, 2>{});
  };
  if (dimension == 3)
    with_direction(std::integral_constant<int, 3>{});
  else
    with_direction(std::integral_constant<int, 2>{});
}

} // namespace linnet::kernels
