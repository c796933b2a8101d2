// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Products of a banded matrix with all lines of a tensor.
#pragma once

#include <linnet/kernels/block_loop.hpp>
#include <linnet/kernels/fractional/lines.hpp>

namespace linnet::kernels {

/// Row i has @p width values, in the columns from first[i] on, all of which exist.
struct BandedRows {
  const long* first;
  const double* values;
  long size;
  int width;
};

/// y = A x on every line, or y += A x. x and y must not overlap.
inline void multiply_banded(const BandedRows& rows, LineShape shape, const double* x, double* y,
                            bool add) {
  constexpr const char* label = "linnet::kernels::multiply_banded";
  const BandedRows a = rows;
  const long inner = shape.inner, stride = inner * a.size;
  if constexpr (on_device) {
    for_each_in_block(
        label, 0, shape.outer * a.size, inner, KOKKOS_LAMBDA(long row, long place) {
          const long i = row % a.size;
          const double* from = x + row / a.size * stride + a.first[i] * inner + place;
          double* to = y + row * inner + place;
          double sum = add ? *to : 0.0;
          for (long k = 0; k < a.width; ++k) sum += a.values[i * a.width + k] * from[k * inner];
          *to = sum;
        });
  } else { // some lines at a time, so that a row of the result stays in the cache
    constexpr long block = 1024;
    const long parts = (inner + block - 1) / block;
    for_each_block(label, parts * shape.outer, 1, [&](long part, long) {
      const long low = part % parts * block, high = std::min(inner, low + block);
      const double* line = x + part / parts * stride;
      double* image = y + part / parts * stride;
      for (long i = 0; i < a.size; ++i, image += inner) {
        if (!add) std::fill(image + low, image + high, 0.0);
        const double *values = a.values + i * a.width, *from = line + a.first[i] * inner;
        for (long k = 0; k < a.width; ++k, from += inner)
          for (long q = low; q < high; ++q) image[q] += values[k] * from[q];
      }
    });
  }
}

} // namespace linnet::kernels
