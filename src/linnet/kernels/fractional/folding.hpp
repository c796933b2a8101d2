// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Lines as even and odd parts about their middle: (x_i + x_(N-1-i))/2 for i < ceil(N/2) and
/// (x_i - x_(N-1-i))/2 for i < floor(N/2), with a middle value in the even part.
#pragma once

#include <linnet/kernels/block_loop.hpp>
#include <linnet/kernels/fractional/lines.hpp>

namespace linnet::kernels {

namespace detail {

/// Places of a value, of its mirror image, and of their parts: those of element i of the even part
/// of line (a, b). A middle value has no odd part, and the other three are the same.
struct FoldPlaces {
  long low, high, even, odd;
  bool is_middle;

  KOKKOS_FORCEINLINE_FUNCTION FoldPlaces(long inner, long size, long b, long i, long a)
      : is_middle(2 * i + 1 == size) {
    const long start = b * inner * size + a;
    low = start + inner * i;
    high = start + inner * (size - 1 - i);
    even = low;
    odd = start + inner * (size - size / 2 + i);
  }
};

/// body(places) for all elements of the even parts.
template <class Body>
void for_each_fold(const char* label, LineShape shape, long size, const Body& body) {
  const long inner = shape.inner, even = size - size / 2;
  if constexpr (on_device) {
    for_each_in_block(
        label, 0, shape.outer * even, inner, KOKKOS_LAMBDA(long row, long a) {
          body(FoldPlaces(inner, size, row / even, row % even, a));
        });
  } else {
    const long chunk = std::clamp(4096 / std::max(1L, inner), 1L, even); // of a line
    const long chunks = (even + chunk - 1) / chunk;
    for_each_block(label, shape.outer * chunks, 1, [&](long block, long) {
      const long b = block / chunks, first = block % chunks * chunk;
      for (long i = first; i < std::min(even, first + chunk); ++i)
        for (long a = 0; a < inner; ++a) body(FoldPlaces(inner, size, b, i, a));
    });
  }
}

} // namespace detail

/// From values along the lines to even and odd parts, stored one behind the other; x and parts must
/// not overlap. @p transposed: the transpose of unfold_lines.
inline void fold_lines(LineShape shape, long size, const double* x, double* parts,
                       bool transposed) {
  const double factor = transposed ? 1.0 : 0.5;
  detail::for_each_fold(
      "linnet::kernels::fold_lines", shape, size, KOKKOS_LAMBDA(const detail::FoldPlaces& at) {
        const double low = x[at.low], high = x[at.high];
        if (at.is_middle) {
          parts[at.even] = low;
          return;
        }
        parts[at.even] = factor * (low + high);
        parts[at.odd] = factor * (low - high);
      });
}

/// The inverse; @p transposed: the transpose of fold_lines. @p add: x += instead of x =.
inline void unfold_lines(LineShape shape, long size, const double* parts, double* x,
                         bool transposed, bool add) {
  const double factor = transposed ? 0.5 : 1.0;
  detail::for_each_fold(
      "linnet::kernels::unfold_lines", shape, size, KOKKOS_LAMBDA(const detail::FoldPlaces& at) {
        const double even = parts[at.even];
        const double low = add ? x[at.low] : 0.0;
        if (at.is_middle) {
          x[at.low] = low + even;
          return;
        }
        const double odd = parts[at.odd], high = add ? x[at.high] : 0.0;
        x[at.low] = low + factor * (even + odd);
        x[at.high] = high + factor * (even - odd);
      });
}

} // namespace linnet::kernels
