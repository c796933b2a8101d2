// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A vector that goes on beyond its own indices: with zeros, or as its even or odd mirror image.
#pragma once

#include <linnet/kernels/block_loop.hpp>

namespace linnet::kernels {

/// x(q) for begin <= q < end, else sign x(period - q) where that index has a value, else 0. A sign
/// of 0 goes on with zeros.
struct ContinuedLine {
  const double* x; ///< x(begin) first
  long begin, end, period;
  double sign;

  KOKKOS_INLINE_FUNCTION double operator()(long q) const {
    if (q >= begin && q < end) return x[q - begin];
    const long mirrored = period - q;
    return sign != 0.0 && mirrored >= begin && mirrored < end ? sign * x[mirrored - begin] : 0.0;
  }
};

namespace detail {

/// Elements first .. last-1, range by range.
inline void continue_piece(const ContinuedLine& line, long first, long last, double* to) {
  const auto range = [&](long begin, long end, const auto& value) {
    for (long q = std::max(first, begin); q < std::min(last, end); ++q) to[q] = value(q);
  };
  const long begin = line.begin, end = line.end;
  const long image = line.sign == 0.0 ? line.period : std::max(end, line.period - end + 1),
             behind = line.sign == 0.0 ? line.period : line.period - begin + 1;
  const double* x = line.x - begin;
  const auto zero = [](long) { return 0.0; };
  range(first, begin, zero);
  range(begin, end, [&](long q) { return x[q]; });
  range(end, image, zero);
  range(image, behind, [&](long q) { return line.sign * x[line.period - q]; });
  range(std::max(image, behind), last, zero);
}

} // namespace detail

/// to(q) for 0 <= q < count <= period.
inline void continue_line(const ContinuedLine& line, long count, double* to) {
  constexpr const char* label = "linnet::kernels::continue_line";
  if constexpr (on_device)
    for_each_index(
        label, count, KOKKOS_LAMBDA(long q) { to[q] = line(q); });
  else
    for_each_block(label, count, 8192, [&](long first, long many) {
      detail::continue_piece(line, first, first + many, to);
    });
}

} // namespace linnet::kernels
