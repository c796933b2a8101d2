// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Around the transforms of the columns of an n1 x n2 array, the first of the four steps of a long
/// transform: blocks of columns are taken out, so that each is contiguous, multiplied by twiddle
/// factors, and put into the rows of the spectrum.
#pragma once

#include <linnet/kernels/block_loop.hpp>
#include <linnet/kernels/complex.hpp>

namespace linnet::kernels {

/// exp(-2 pi i exponent / m), 0 <= exponent < m, as a product of one entry of each table.
struct RootTable {
  const Complex* coarse; ///< multiples of fine_count
  const Complex* fine;   ///< below
  long fine_count, order;

  KOKKOS_INLINE_FUNCTION Complex operator()(long exponent) const {
    return coarse[exponent / fine_count] * fine[exponent % fine_count];
  }
};

/// Some columns of this rank's.
struct ColumnBlock {
  long first, count; ///< among the rank's own
  long n1;           ///< their length
  long width;        ///< the rank's columns
  Complex* values;   ///< column after column
};

/// The block's columns from the array, row by row.
inline void take_columns(const ColumnBlock& b, const Complex* array) {
  const ColumnBlock block = b;
  for_each_in_block(
      "linnet::kernels::take_columns", 0, b.n1, b.count, KOKKOS_LAMBDA(long j, long q) {
        block.values[q * block.n1 + j] = array[j * block.width + block.first + q];
      });
}

/// The inverse.
inline void put_columns(const ColumnBlock& b, Complex* array) {
  const ColumnBlock block = b;
  for_each_in_block(
      "linnet::kernels::put_columns", 0, b.n1, b.count, KOKKOS_LAMBDA(long j, long q) {
        array[j * block.width + block.first + q] = block.values[q * block.n1 + j];
      });
}

/// As take_columns, with row k of the array in the place row_place[k].
inline void take_placed_columns(const ColumnBlock& b, const long* row_place, const Complex* array) {
  const ColumnBlock block = b;
  for_each_in_block(
      "linnet::kernels::take_placed_columns", 0, b.n1, b.count, KOKKOS_LAMBDA(long k, long q) {
        block.values[q * block.n1 + k] = array[row_place[k] * block.width + block.first + q];
      });
}

/// The inverse.
inline void put_placed_columns(const ColumnBlock& b, const long* row_place, Complex* array) {
  const ColumnBlock block = b;
  for_each_in_block(
      "linnet::kernels::put_placed_columns", 0, b.n1, b.count, KOKKOS_LAMBDA(long k, long q) {
        array[row_place[k] * block.width + block.first + q] = block.values[q * block.n1 + k];
      });
}

namespace detail {

/// x(k) *= root(column k), or its conjugate, for 0 <= k < count: some steps at a time from a start
/// of their own, in vector instructions.
inline void twiddle_column(const RootTable& root, long column, long count, bool conjugate,
                           Complex* x) {
  constexpr long some = 32;
  double steps[2][some];
  const double sign = conjugate ? -1.0 : 1.0;
  for (long b = 0; b < some; ++b) {
    const Complex w = root(column * b % root.order);
    steps[0][b] = w.real();
    steps[1][b] = sign * w.imag();
  }
  auto* values = reinterpret_cast<double*>(x);
  for (long a = 0; a < count; a += some) {
    const Complex start = root(column * a % root.order);
    const double re = start.real(), im = sign * start.imag();
    for (long b = 0; b < std::min(some, count - a); ++b) {
      const double c = re * steps[0][b] - im * steps[1][b], s = re * steps[1][b] + im * steps[0][b];
      double* v = values + 2 * (a + b);
      const double x_re = v[0], x_im = v[1];
      v[0] = c * x_re - s * x_im;
      v[1] = c * x_im + s * x_re;
    }
  }
}

} // namespace detail

/// Element k of column c times exp(-2 pi i c k / m), or its conjugate, where the block's first
/// column is @p column in the array of all ranks.
inline void twiddle_columns(const ColumnBlock& b, long column, const RootTable& root,
                            bool conjugate) {
  if constexpr (on_device) {
    const ColumnBlock block = b;
    const RootTable table = root;
    for_each_in_block(
        "linnet::kernels::twiddle_columns", 0, b.count, b.n1, KOKKOS_LAMBDA(long q, long k) {
          const Complex w = table((column + q) * k % table.order);
          Complex& x = block.values[q * block.n1 + k];
          x = x * (conjugate ? Kokkos::conj(w) : w);
        });
  } else {
    for (long q = 0; q < b.count; ++q)
      detail::twiddle_column(root, column + q, b.n1, conjugate, b.values + q * b.n1);
  }
}

} // namespace linnet::kernels
