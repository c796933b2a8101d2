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
};

inline constexpr long border_block = 4096;

/// Blocks of the inner products.
inline long border_blocks(long count) { return (count + border_block - 1) / border_block; }

namespace detail {

/// Inner product over the elements of block @p b: contiguous on the CPU, lane by lane of a pack; on
/// a GPU every blocks-th, so that neighbouring threads read neighbouring values.
template <int w>
KOKKOS_INLINE_FUNCTION double border_product(const double* v, const double* x, long count,
                                             long blocks, long b) {
  double sum = 0.0;
  if constexpr (on_device) {
    for (long i = b; i < count; i += blocks) sum += v[i] * x[i];
  } else {
    const long last = (b + 1) * border_block < count ? (b + 1) * border_block : count;
    Pack<double, w> lanes = splat<w>(0.0);
    long i = b * border_block;
    for (; i + w <= last; i += w) lanes += load<w>(v + i) * load<w>(x + i);
    for (; i < last; ++i) sum += v[i] * x[i];
    for (int lane = 0; lane < w; ++lane) sum += lanes[lane];
  }
  return sum;
}

} // namespace detail

/// parts[j + 2 q b] and parts[q + j + 2 q b]: what block b adds to the inner products of x with
/// first(j) and last(j). The sum over blocks in order does not depend on threads.
inline void border_products(const BorderVectors& vectors, const double* x, double* parts) {
  const BorderVectors v = vectors;
  const long blocks = border_blocks(v.count);
  for_each_in_rows(
      "linnet::kernels::border_products", blocks, 2L * v.q, KOKKOS_LAMBDA(long b, long k) {
        const double* vector = k < v.q ? v.first + k * v.count : v.last + (k - v.q) * v.count;
        parts[b * 2 * v.q + k] =
            detail::border_product<native_width<double>>(vector, x, v.count, blocks, b);
      });
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

/// x at end k += ends[k]. The first q and the last q values may be the same ones.
inline void add_to_ends(const Share& share, const double* ends, int q, double* x) {
  const Share s = share;
  for (const int first : {0, q})
    for_each_index(
        "linnet::kernels::add_to_ends", q, KOKKOS_LAMBDA(long j) {
          const int k = first + static_cast<int>(j);
          const long i = s.end_place(k, q);
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
