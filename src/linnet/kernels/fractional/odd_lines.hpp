// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Around sine transforms by real Fourier transforms: lines of L values are continued oddly to
/// 2 (L+1), and the result is in the imaginary parts.
#pragma once

#include <linnet/kernels/block_loop.hpp>
#include <linnet/kernels/complex.hpp>
#include <linnet/kernels/fractional/lines.hpp>

namespace linnet::kernels {

namespace detail {

/// body(line, i) for 0 <= i < count with the one innermost that lies contiguous in the tensor.
template <class Body>
void for_each_of_lines(const char* label, const LineBlock& block, long count, const Body& body) {
  if (block.element_step == 1)
    for_each_in_block(
        label, 0, block.lines, count, KOKKOS_LAMBDA(long q, long i) { body(q, i); });
  else
    for_each_in_block(
        label, 0, count, block.lines, KOKKOS_LAMBDA(long i, long q) { body(q, i); });
}

} // namespace detail

/// From the lines of the tensor x to sequences of 2 (length + 1), one behind the other.
inline void continue_lines_oddly(const LineBlock& block, long length, const double* x,
                                 double* sequences) {
  const LineBlock lines = block;
  const long period = 2 * (length + 1);
  detail::for_each_of_lines(
      "linnet::kernels::continue_lines_oddly", block, length + 1, KOKKOS_LAMBDA(long q, long i) {
        double* to = sequences + q * period;
        if (i == length) { // what lies at the two walls
          to[0] = to[length + 1] = 0.0;
          return;
        }
        const double value = x[lines.start + q * lines.line_step + i * lines.element_step];
        to[i + 1] = value;
        to[period - 1 - i] = -value;
      });
}

/// x(i) = factor Im spectrum(i + 1) on every line.
inline void take_imaginary_parts(const LineBlock& block, long length, const Complex* spectra,
                                 double factor, double* x) {
  const LineBlock lines = block;
  detail::for_each_of_lines(
      "linnet::kernels::take_imaginary_parts", block, length, KOKKOS_LAMBDA(long q, long i) {
        x[lines.start + q * lines.line_step + i * lines.element_step] =
            factor * spectra[q * (length + 2) + i + 1].imag();
      });
}

} // namespace linnet::kernels
