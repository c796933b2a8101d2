// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How strongly the points of a stencil operator are coupled along x, y and z.
#pragma once

#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/stencil/stencil.hpp>

#include <array>
#include <cstdint>
#include <cstring>

namespace linnet::kernels {

/// Counts of points by direction and strength: bin b holds the points whose couplings along a
/// direction are 2^-b to 2^-(b+1) of those along their strongest one; the last bin what is weaker.
inline constexpr int strength_bins = 64;
using StrengthCounts = std::array<std::array<std::int64_t, strength_bins>, 3>;

namespace detail {

/// By the exponent of a share of at most one.
KOKKOS_INLINE_FUNCTION int strength_bin(double share) {
  std::uint64_t bits;
  std::memcpy(&bits, &share, sizeof bits);
  const int bin = 1023 - static_cast<int>(bits >> 52);
  return bin < strength_bins ? bin : strength_bins - 1;
}

using StrengthBins = Kokkos::View<std::int64_t* [strength_bins], ExecutionSpace>;

// A function of its own: nvcc allows no device lambda inside a generic one.
template <StencilPattern pattern, class T>
void count_strengths(const StencilPointers<T, pattern> p, const std::array<bool, 3> wanted,
                     const core::Index3 lo, const core::Index3 by, const core::Index3 size,
                     const StrengthBins found) {
  const int nx = size[0], ny = size[1];
  Kokkos::parallel_for(
      "linnet::kernels::direction_strength",
      Kokkos::RangePolicy<ExecutionSpace>(0, size[1] * size[2]), KOKKOS_LAMBDA(int row) {
        const std::ptrdiff_t start =
            lo[0] + static_cast<std::ptrdiff_t>(lo[1] + by[1] * (row % ny)) * p.pitch_y +
            static_cast<std::ptrdiff_t>(lo[2] + by[2] * (row / ny)) * p.pitch_z;
        for (int i = 0; i < nx; ++i) {
          const std::ptrdiff_t q = start + static_cast<std::ptrdiff_t>(i) * by[0];
          T along[3] = {T(0), T(0), T(0)};
          for (int m = 0; m < coupling_count(pattern); ++m) {
            const Offset o = upper_offset(pattern, m);
            if (o.x) along[0] += p.c[m][q];
            if (o.y) along[1] += p.c[m][q];
            if (o.z) along[2] += p.c[m][q];
          }
          T strongest = 0;
          bool coupled = true;
          for (int d = 0; d < 3; ++d) {
            if (!wanted[d]) continue;
            coupled = coupled && along[d] > T(0);
            strongest = max<1, T>(strongest, along[d]);
          }
          if (!coupled) continue;
          for (int d = 0; d < 3; ++d) {
            if (!wanted[d]) continue;
            const int bin = strength_bin(static_cast<double>(along[d] / strongest));
            std::int64_t& count = found(d, bin);
            if constexpr (is_serial)
              ++count;
            else
              Kokkos::atomic_increment(&count);
          }
        }
      });
}

} // namespace detail

/// Counts the points first, first + step, ... (local indices) of the owned box of @p a, as far as
/// they are coupled along every direction of @p active. A coupling to an edge or corner neighbour
/// belongs to two or three directions. Ghosts are not needed.
template <class T>
StrengthCounts count_direction_strengths(const StencilOperator<T>& a,
                                         const std::array<bool, 3>& active,
                                         const core::Index3& first, const core::Index3& step) {
  StrengthCounts counts{};
  const Layout& l = a.layout();
  int size[3];
  for (int d = 0; d < 3; ++d) {
    size[d] = first[d] < l.n[d] ? (l.n[d] - first[d] + step[d] - 1) / step[d] : 0;
    if (size[d] == 0) return counts;
  }
  const detail::StrengthBins found("linnet::kernels::strength_counts", 3);
  with_pattern(a.pattern, [&](auto pattern) {
    detail::count_strengths<pattern(), T>(detail::StencilPointers<T, pattern()>(a), active, first,
                                          step, {size[0], size[1], size[2]}, found);
  });
  const auto host = Kokkos::create_mirror_view_and_copy(HostSpace{}, found);
  for (std::size_t d = 0; d < 3; ++d)
    for (std::size_t b = 0; b < strength_bins; ++b) counts[d][b] = host(d, b);
  return counts;
}

} // namespace linnet::kernels
