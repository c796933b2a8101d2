// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How far the values of two fields differ.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/parallel.hpp>

namespace linnet::kernels {

namespace detail {

/// now / before, or the inverse. -infinity where both are zero, +infinity where only one is or the
/// signs differ.
struct RatioKernel {
  const double* now;
  const float* before;
  int pitch_y, pitch_z;
  bool inverse;
  KOKKOS_FUNCTION double value(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * pitch_y + static_cast<std::ptrdiff_t>(k) * pitch_z;
    const double x = now[q], y = static_cast<double>(before[q]);
    if (x * y > 0.0) return inverse ? y / x : x / y;
    return x == 0.0 && y == 0.0 ? -INFINITY : INFINITY;
  }
};

} // namespace detail

/// The largest of now / before, or of before / now, over the owned points of two fields of one
/// layout, points where both are zero apart: -infinity if there are no others. Infinite where only
/// one is zero or the signs differ.
inline double largest_ratio(const Field<double>& now, const Field<float>& before, bool inverse) {
  const Layout& l = now.layout;
  return max_over_points(
      "linnet::kernels::largest_ratio", Range::box(l.n),
      detail::RatioKernel{now.origin(), before.origin(), l.pitch_y, l.pitch_z, inverse});
}

} // namespace linnet::kernels
