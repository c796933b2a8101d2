// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Diagonals of star operators, and whether their coefficients vary mildly.
#pragma once

#include <linnet/kernels/star/star_coarsening.hpp>
#include <linnet/kernels/star/star_smoother.hpp>

namespace linnet::kernels {

namespace detail {

template <class T>
struct ConstStarPointers {
  const T* c[3];
  const T* s;
  int pitch_y;
  std::ptrdiff_t pitch_z;
  explicit ConstStarPointers(const StarSums<T>& a, int dimension)
      : s(a.row_sum.origin()), pitch_y(a.row_sum.layout.pitch_y),
        pitch_z(a.row_sum.layout.pitch_z) {
    for (int m = 0; m < 3; ++m) c[m] = dimension == 2 && m == 1 ? nullptr : a.couplings[m].origin();
  }
};

template <class T, int Dim>
struct StarDiagonal {
  static constexpr int width = native_width<double>;
  ConstStarPointers<T> a;
  T* diagonal;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t step[3] = {1, a.pitch_y, a.pitch_z};
    const std::ptrdiff_t q = i + j * step[1] + k * step[2];
    Pack<double, W> sum = load_double<W>(a.s + q);
    static_for<3>([&](auto m) {
      if constexpr (Dim == 3 || m() != 1)
        sum += load_double<W>(a.c[m()] + q) + load_double<W>(a.c[m()] + q - step[m()]);
    });
    store_double<W>(diagonal + q, sum > 0 ? sum : splat<W>(1.0));
  }
};

/// What speaks against mild variation in a row of points: positive where neighbouring couplings of
/// one direction differ by more than `most`, a coupling is missing or a row sum negative.
template <class T, int Dim>
struct StarInspection {
  static constexpr int width = native_width<T>;
  ConstStarPointers<T> a;
  Range ends; ///< per direction: first point with a coupling behind, first one without in front
  T most;

  KOKKOS_FUNCTION T of_row(int n, int j, int k) const {
    Pack<T, width> worst = splat<width>(T(-1));
    T result = T(-1);
    // The ends of a row one by one, what lies between in packs.
    int i = 0;
    for (; i < n && i < ends.lo[0]; ++i) result = max<1, T>(result, value<1>(i, j, k));
    for (; i + width <= n && i + width <= ends.hi[0]; i += width)
      worst = max<width, T>(worst, value<width>(i, j, k));
    for (; i < n; ++i) result = max<1, T>(result, value<1>(i, j, k));
    if constexpr (width == 1)
      result = max<1, T>(result, worst);
    else
      for (int lane = 0; lane < width; ++lane) result = max<1, T>(result, worst[lane]);
    return result;
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> value(int i, int j, int k) const {
    const std::ptrdiff_t step[3] = {1, a.pitch_y, a.pitch_z};
    const std::ptrdiff_t q = i + j * step[1] + k * step[2];
    const int index[3] = {i, j, k};
    Pack<T, W> worst = -load<W>(a.s + q);
    static_for<3>([&](auto m) {
      if constexpr (Dim == 3 || m() != 1) {
        if (index[m()] == ends.hi[m()]) return;
        const Pack<T, W> c = load<W>(a.c[m()] + q);
        worst = max<W, T>(worst, c > 0 ? splat<W>(T(-1)) : splat<W>(T(1)));
        static_for<3>([&](auto d) {
          if constexpr (Dim == 3 || d() != 1) {
            if (index[d()] < ends.lo[d()]) return;
            const Pack<T, W> before = load<W>(a.c[m()] + q - step[d()]);
            worst = max<W, T>(worst, max<W, T>(c - most * before, before - most * c));
          }
        });
      }
    });
    return worst;
  }
};

template <class T>
struct LeakRatio {
  const T* row_sum;
  const T* coupling;
  int pitch_y, pitch_z;
  KOKKOS_FUNCTION double value(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * pitch_y + static_cast<std::ptrdiff_t>(k) * pitch_z;
    return -static_cast<double>(row_sum[q]) / static_cast<double>(coupling[q]);
  }
};

} // namespace detail

/// The diagonal on @p range, 1 where it would be 0; the couplings must be valid one point further
/// back.
template <class T>
void star_diagonal(const StarSums<T>& a, int dimension, const Range& range,
                   const Field<T>& diagonal) {
  const auto run = [&](auto dim) {
    for_each_point(
        "linnet::kernels::star_diagonal", range,
        detail::StarDiagonal<T, dim()>{detail::ConstStarPointers<T>(a, dim()), diagonal.origin()});
  };
  if (dimension == 3)
    run(std::integral_constant<int, 3>{});
  else
    run(std::integral_constant<int, 2>{});
}

namespace detail {

// A function of its own: nvcc takes no kernel from within a generic lambda.
template <int Dim, class T>
T worst_of(const StarSums<T>& a, const Range& ends, double most) {
  const auto& n = a.row_sum.layout.n;
  const StarInspection<T, Dim> inspection{ConstStarPointers<T>(a, Dim), ends, static_cast<T>(most)};
  const int points = n[0], rows = n[1];
  T worst = T(-1);
  Kokkos::parallel_reduce(
      "linnet::kernels::star_inspection", Kokkos::RangePolicy<ExecutionSpace>(0, rows * n[2]),
      KOKKOS_LAMBDA(int row, T& running) {
        running = max<1, T>(running, inspection.of_row(points, row % rows, row / rows));
      },
      Kokkos::Max<T>(worst));
  return worst;
}

} // namespace detail

/// True if on the owned points all couplings inside of the grid are positive, no row sum is
/// negative, and couplings along one direction differ from neighbour to neighbour by a factor of at
/// most @p most. In each direction points from @p ends.lo on have a coupling behind them, and the
/// point @p ends.hi has none in front: ends of a grid that does not wrap. Ghosts of @p a must be
/// valid.
template <class T>
bool varies_mildly(const StarSums<T>& a, int dimension, const Range& ends, double most) {
  return (dimension == 3 ? detail::worst_of<3>(a, ends, most)
                         : detail::worst_of<2>(a, ends, most)) <= 0;
}

/// The least ratio of row sum and @p coupling over @p range, where couplings are positive;
/// +infinity for an empty range. @p behind: the coupling behind the points, not the one in front.
template <class T>
double least_leak(const StarSums<T>& a, int direction, bool behind, const Range& range) {
  const Layout& l = a.row_sum.layout;
  const std::ptrdiff_t step = direction == 0 ? 1 : direction == 1 ? l.pitch_y : l.pitch_z;
  const T* coupling = a.couplings[direction].origin() - (behind ? step : 0);
  return -max_over_points("linnet::kernels::least_leak", range,
                          detail::LeakRatio<T>{a.row_sum.origin(), coupling, l.pitch_y, l.pitch_z});
}

} // namespace linnet::kernels
