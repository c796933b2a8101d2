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

/// Lines that the CPU takes at a time: as many as a cache line has values.
inline constexpr long cache_line_values = 8;

namespace detail {

/// body(q, i, place) for elements i < length of the lines q of a block, with the index innermost
/// along which they lie contiguously.
template <class Body>
void for_each_of_lines(const char* label, const LineBlock& block, const Body& body) {
  const LineBlock lines = block;
  if constexpr (on_device) {
    const bool along = lines.inner == 1;
    const long fast = along ? lines.length : lines.lines;
    for_each_in_block(
        label, 0, along ? lines.lines : lines.length, fast, KOKKOS_LAMBDA(long row, long column) {
          const long q = along ? row : column, i = along ? column : row;
          body(q, i, lines.place(q, i));
        });
  } else if (lines.inner == 1) {
    for (long q = 0; q < lines.lines; ++q)
      for (long i = 0; i < lines.length; ++i) body(q, i, lines.start(q) + i);
  } else { // the caller takes a few lines only
    long start[cache_line_values];
    for (long q = 0; q < lines.lines; ++q) start[q] = lines.start(q);
    for (long i = 0; i < lines.length; ++i)
      for (long q = 0; q < lines.lines; ++q) body(q, i, start[q] + lines.inner * i);
  }
}

} // namespace detail

/// From the lines of the tensor x to sequences of 2 (length + 1), one behind the other. The values
/// that lie at the walls, numbers 0 and length + 1 of each, must be zero already.
inline void continue_lines_oddly(const LineBlock& block, const double* x, double* sequences) {
  const long period = 2 * (block.length + 1);
  detail::for_each_of_lines(
      "linnet::kernels::continue_lines_oddly", block, KOKKOS_LAMBDA(long q, long i, long place) {
        double* const to = sequences + q * period;
        to[i + 1] = x[place];
        to[period - 1 - i] = -x[place];
      });
}

/// x(i) = factor Im spectrum(i + 1) on every line.
inline void take_imaginary_parts(const LineBlock& block, const Complex* spectra, double factor,
                                 double* x) {
  const long spectrum_length = block.length + 2;
  detail::for_each_of_lines(
      "linnet::kernels::take_imaginary_parts", block, KOKKOS_LAMBDA(long q, long i, long place) {
        x[place] = factor * spectra[q * spectrum_length + i + 1].imag();
      });
}

} // namespace linnet::kernels
