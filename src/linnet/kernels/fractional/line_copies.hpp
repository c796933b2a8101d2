// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Copies of lines.
#pragma once

#include <linnet/kernels/block_loop.hpp>
#include <linnet/kernels/fractional/lines.hpp>

namespace linnet::kernels {

/// to = factor from.
inline void scale_values(const double* from, long count, double factor, double* to) {
  for_each_index(
      "linnet::kernels::scale_values", count, KOKKOS_LAMBDA(long i) { to[i] = factor * from[i]; });
}

/// to = the first of the lines of x.
inline void take_line(const LineBlock& block, long length, const double* x, double* to) {
  const LineBlock line = block;
  for_each_index(
      "linnet::kernels::take_line", length,
      KOKKOS_LAMBDA(long i) { to[i] = x[line.start + i * line.element_step]; });
}

/// The first of the lines of x = from, or += from.
inline void put_line(const LineBlock& block, long length, const double* from, double* x, bool add) {
  const LineBlock line = block;
  for_each_index(
      "linnet::kernels::put_line", length, KOKKOS_LAMBDA(long i) {
        double& to = x[line.start + i * line.element_step];
        to = (add ? to : 0.0) + from[i];
      });
}

} // namespace linnet::kernels
