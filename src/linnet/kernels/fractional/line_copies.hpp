// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Copies of single lines, and scaled ones.
#pragma once

#include <linnet/kernels/block_loop.hpp>
#include <linnet/kernels/fractional/lines.hpp>

namespace linnet::kernels {

/// to = factor from.
inline void scale_values(const double* from, long count, double factor, double* to) {
  for_each_index(
      "linnet::kernels::scale_values", count, KOKKOS_LAMBDA(long i) { to[i] = factor * from[i]; });
}

/// to = the first line of the block in x.
inline void take_line(const LineBlock& block, const double* x, double* to) {
  const long start = block.start(0), step = block.inner;
  for_each_index(
      "linnet::kernels::take_line", block.length,
      KOKKOS_LAMBDA(long i) { to[i] = x[start + step * i]; });
}

/// The first line of the block in x = from, or += from.
inline void put_line(const LineBlock& block, const double* from, double* x, bool add) {
  const long start = block.start(0), step = block.inner;
  for_each_index(
      "linnet::kernels::put_line", block.length, KOKKOS_LAMBDA(long i) {
        double& to = x[start + step * i];
        to = (add ? to : 0.0) + from[i];
      });
}

} // namespace linnet::kernels
