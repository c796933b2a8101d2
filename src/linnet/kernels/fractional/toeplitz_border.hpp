// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The border of a matrix that is Toeplitz but for its first and last q rows and columns.
#pragma once

#include <linnet/kernels/block_loop.hpp>
#include <linnet/kernels/simd.hpp>

namespace linnet::kernels {

/// Long vectors of a rank, q of @p count values one behind the other: those that belong to the
/// first q unknowns, and to the last q from the end.
struct BorderVectors {
  const double *first, *last;
  long count;
  int q;

  /// first(k), or from k = q on last(k - q).
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION const double* vector(long k) const {
    return k < q ? first + k * count : last + (k - q) * count;
  }
};

inline constexpr long border_block = 4096;

/// Blocks of the inner products.
inline long border_blocks(long count) { return (count + border_block - 1) / border_block; }

namespace detail {

/// Inner product on the CPU, lane by lane of a pack.
template <int w = native_width<double>>
double short_product(const double* v, const double* x, long count) {
  double sum = 0.0;
  long i = 0;
  if constexpr (w > 1) {
    Pack<double, w> lanes = splat<w>(0.0);
    for (; i + w <= count; i += w) lanes += load<w>(v + i) * load<w>(x + i);
    for (int lane = 0; lane < w; ++lane) sum += lanes[lane];
  }
  for (; i < count; ++i) sum += v[i] * x[i];
  return sum;
}

} // namespace detail

/// parts[k + 2 q b]: what block b of the elements adds to the inner product of x with first(k), or
/// from k = q on with last(k - q). The sum over blocks in order does not depend on threads.
inline void border_products(const BorderVectors& vectors, const double* x, double* parts) {
  constexpr const char* label = "linnet::kernels::border_products";
  const BorderVectors v = vectors;
  const long products = 2L * v.q, blocks = border_blocks(v.count);
  if constexpr (on_device) {
    using Policy = Kokkos::TeamPolicy<ExecutionSpace>;
    Kokkos::parallel_for(
        label, Policy(static_cast<int>(products * blocks), Kokkos::AUTO),
        KOKKOS_LAMBDA(const Policy::member_type& team) {
          const long k = team.league_rank() % products,
                     first = team.league_rank() / products * border_block;
          const double* vector = v.vector(k);
          const long last = first + border_block < v.count ? first + border_block : v.count;
          double sum = 0.0;
          Kokkos::parallel_reduce(
              Kokkos::TeamThreadRange(team, first, last),
              [&](long i, double& part) { part += vector[i] * x[i]; }, sum);
          Kokkos::single(Kokkos::PerTeam(team), [&] { parts[team.league_rank()] = sum; });
        });
  } else {
    for_each_block(label, v.count, border_block, [&](long first, long many) {
      for (long k = 0; k < products; ++k)
        parts[first / border_block * products + k] =
            detail::short_product(v.vector(k) + first, x + first, many);
    });
  }
}

/// y += sum over j of factors[j] first(j) + factors[q + j] last(j).
inline void add_border_vectors(const BorderVectors& vectors, const double* factors, double* y) {
  constexpr const char* label = "linnet::kernels::add_border_vectors";
  const BorderVectors v = vectors;
  if constexpr (on_device) {
    for_each_index(
        label, v.count, KOKKOS_LAMBDA(long i) {
          double sum = y[i];
          for (int j = 0; j < v.q; ++j)
            sum +=
                factors[j] * v.first[j * v.count + i] + factors[v.q + j] * v.last[j * v.count + i];
          y[i] = sum;
        });
  } else {
    for_each_block(label, v.count, border_block, [&](long first, long many) {
      for (int j = 0; j < v.q; ++j) {
        const double *low = v.first + j * v.count, *high = v.last + j * v.count;
        const double a = factors[j], b = factors[v.q + j];
        for (long i = first; i < first + many; ++i) y[i] += a * low[i] + b * high[i];
      }
    });
  }
}

/// The share begin .. begin + count - 1 of a line of @p size values.
struct Share {
  long begin, count, size;

  /// Place of the value k (from the first one, or k - q from the last one backwards) among the
  /// share's; negative where it is not there.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION long end_place(int k, int q) const {
    const long i = (k < q ? k : size - 1 - (k - q)) - begin;
    return i < count ? i : -1;
  }
};

/// ends[k] = x at end k, 0 <= k < 2 q, or 0 where it is not in the share.
inline void take_ends(const Share& share, const double* x, int q, double* ends) {
  const Share s = share;
  for_each_index(
      "linnet::kernels::take_ends", 2L * q, KOKKOS_LAMBDA(long k) {
        const long i = s.end_place(static_cast<int>(k), q);
        ends[k] = i >= 0 ? x[i] : 0.0;
      });
}

/// x at end k += ends[k]. The first q and the last q must be different ones.
inline void add_to_ends(const Share& share, const double* ends, int q, double* x) {
  const Share s = share;
  for_each_index(
      "linnet::kernels::add_to_ends", 2L * q, KOKKOS_LAMBDA(long k) {
        const long i = s.end_place(static_cast<int>(k), q);
        if (i >= 0) x[i] += ends[k];
      });
}

/// y = T x on the share, T symmetric with the first column band[0 .. width-1], then zeros; x whole.
inline void multiply_band(const Share& share, const double* band, int width, const double* x,
                          double* y) {
  const Share s = share;
  for_each_index(
      "linnet::kernels::multiply_band", s.count, KOKKOS_LAMBDA(long at) {
        const long i = s.begin + at;
        double sum = band[0] * x[i];
        for (long k = 1; k < width; ++k) {
          if (i >= k) sum += band[k] * x[i - k];
          if (i + k < s.size) sum += band[k] * x[i + k];
        }
        y[at] = sum;
      });
}

} // namespace linnet::kernels
