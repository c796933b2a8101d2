// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The least value of a field and the largest magnitude, in packs along x.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/parallel.hpp>

namespace linnet::kernels {

namespace detail {

/// The largest of -x, or of |x|, over a row of points, at least 0.
template <class T, bool Magnitude>
struct LargestOfRow {
  static constexpr int width = native_width<T>;
  const T* x;
  Layout l;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static Pack<T, W> value(const T* at) {
    const Pack<T, W> v = load<W>(at);
    return Magnitude ? abs<W, T>(v) : -v;
  }
  KOKKOS_FUNCTION T operator()(int j, int k) const {
    const T* row =
        x + static_cast<std::ptrdiff_t>(j) * l.pitch_y + static_cast<std::ptrdiff_t>(k) * l.pitch_z;
    Pack<T, width> most = splat<width>(T(0));
    int i = 0;
    for (; i + width <= l.n[0]; i += width) most = max<width, T>(most, value<width>(row + i));
    T result = 0;
    if constexpr (width == 1)
      result = most;
    else
      for (int lane = 0; lane < width; ++lane) result = max<1, T>(result, most[lane]);
    for (; i < l.n[0]; ++i) result = max<1, T>(result, value<1>(row + i));
    return result;
  }
};

template <bool Magnitude, class T>
T largest_over_rows(const Field<T>& x) {
  const LargestOfRow<T, Magnitude> largest{x.origin(), x.layout};
  const int ny = x.layout.n[1], nz = x.layout.n[2];
  T result = 0;
  Kokkos::parallel_reduce(
      "linnet::kernels::largest", Kokkos::RangePolicy<ExecutionSpace>(0, ny * nz),
      KOKKOS_LAMBDA(int row, T& running) {
        running = max<1, T>(running, largest(row % ny, row / ny));
      },
      Kokkos::Max<T>(result));
  return result;
}

} // namespace detail

/// True if an owned value of @p x is negative.
template <class T>
bool has_negative(const Field<T>& x) {
  return detail::largest_over_rows<false>(x) > 0;
}

/// The largest |x| over the owned points, 0 without any.
template <class T>
T largest_magnitude(const Field<T>& x) {
  return detail::largest_over_rows<true>(x);
}

} // namespace linnet::kernels
