// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The range of the couplings of a star along one direction, from a sample of its rows.
#pragma once

#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/stencil/stencil.hpp>

#include <limits>

namespace linnet::kernels {

/// Logarithms of positive couplings, as maxima.
struct CouplingRange {
  double largest = -INFINITY;
  double least = -INFINITY; ///< negative
  double gap = -INFINITY;   ///< 0 if a coupling is zero
};

namespace detail {

enum class Extreme { largest, least, gap };

template <Extreme E>
struct CouplingExtreme {
  const double* c;
  int pitch_y, pitch_z;
  core::Index3 first, step;
  KOKKOS_FUNCTION double value(int i, int j, int k) const {
    const double v = c[i + static_cast<std::ptrdiff_t>(first[1] + step[1] * j) * pitch_y +
                       static_cast<std::ptrdiff_t>(first[2] + step[2] * k) * pitch_z];
    if constexpr (E == Extreme::gap) return v == 0.0 ? 0.0 : -INFINITY;
    if (!(v > 0.0)) return v == 0.0 ? -INFINITY : INFINITY;
    return E == Extreme::largest ? v : -v;
  }
};

} // namespace detail

/// Rows first + n step along y and z of the coupling field @p c, on x from 0 to @p ends[0] and rows
/// below the other @p ends.
inline CouplingRange sample_couplings(const Field<double>& c, const core::Index3& ends,
                                      const core::Index3& first, const core::Index3& step) {
  Range rows;
  rows.hi[0] = ends[0];
  for (int d = 1; d < 3; ++d)
    rows.hi[d] = first[d] < ends[d] ? (ends[d] - first[d] + step[d] - 1) / step[d] : 0;
  const auto run = [&]<detail::Extreme E>(std::integral_constant<detail::Extreme, E>) {
    return max_over_points(
        "linnet::kernels::sample_couplings", rows,
        detail::CouplingExtreme<E>{c.origin(), c.layout.pitch_y, c.layout.pitch_z, first, step});
  };
  using detail::Extreme;
  const double largest = run(std::integral_constant<Extreme, Extreme::largest>{}),
               least = run(std::integral_constant<Extreme, Extreme::least>{});
  // Of the extremes only: the logarithm is monotone. Where there are none, a maximum is -infinity
  // or the lowest number.
  const auto is_number = [](double v) {
    return std::isfinite(v) && v > std::numeric_limits<double>::lowest();
  };
  return {is_number(largest) ? std::log(largest) : largest,
          is_number(least) ? -std::log(-least) : least,
          run(std::integral_constant<Extreme, Extreme::gap>{})};
}

} // namespace linnet::kernels
