// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Around the transforms of the columns of an n1 x n2 array, the first of the four steps of a long
/// transform: they are multiplied by twiddle factors, and put into the rows of the spectrum. On the
/// CPU blocks of columns are taken out first, so that each is contiguous, in the cache.
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

/// Columns of this rank, row k of whose spectrum has the place row_place[k] among all rows. The
/// first one has the number @p first in the array of all ranks.
struct SpectrumColumns {
  long first, width, n1;
  const long* row_place;
  RootTable root;
};

/// Some of them on the CPU, one behind the other.
struct ColumnBlock {
  long first, count; ///< among the rank's own
  Complex* values;
};

/// The block's columns from the n1 x width array.
inline void take_columns(const SpectrumColumns& c, const ColumnBlock& block, const Complex* array) {
  for (long j = 0; j < c.n1; ++j)
    for (long q = 0; q < block.count; ++q)
      block.values[q * c.n1 + j] = array[j * c.width + block.first + q];
}

/// The inverse.
inline void put_columns(const SpectrumColumns& c, const ColumnBlock& block, Complex* array) {
  for (long j = 0; j < c.n1; ++j)
    for (long q = 0; q < block.count; ++q)
      array[j * c.width + block.first + q] = block.values[q * c.n1 + j];
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

/// Transformed columns times exp(-2 pi i column k / m) to the rows of the spectrum.
inline void columns_to_rows(const SpectrumColumns& c, const ColumnBlock& block, Complex* rows) {
  for (long q = 0; q < block.count; ++q)
    detail::twiddle_column(c.root, c.first + block.first + q, c.n1, false, block.values + q * c.n1);
  for (long k = 0; k < c.n1; ++k)
    for (long q = 0; q < block.count; ++q)
      rows[c.row_place[k] * c.width + block.first + q] = block.values[q * c.n1 + k];
}

/// The inverse.
inline void rows_to_columns(const SpectrumColumns& c, const ColumnBlock& block,
                            const Complex* rows) {
  for (long k = 0; k < c.n1; ++k)
    for (long q = 0; q < block.count; ++q)
      block.values[q * c.n1 + k] = rows[c.row_place[k] * c.width + block.first + q];
  for (long q = 0; q < block.count; ++q)
    detail::twiddle_column(c.root, c.first + block.first + q, c.n1, true, block.values + q * c.n1);
}

/// columns_to_rows for all columns, which lie in an n1 x width array; on a GPU.
inline void all_columns_to_rows(const SpectrumColumns& columns, const Complex* array,
                                Complex* rows) {
  const SpectrumColumns c = columns;
  for_each_in_block(
      "linnet::kernels::columns_to_rows", 0, c.n1, c.width, KOKKOS_LAMBDA(long k, long q) {
        rows[c.row_place[k] * c.width + q] =
            array[k * c.width + q] * c.root((c.first + q) * k % c.root.order);
      });
}

/// The inverse.
inline void all_rows_to_columns(const SpectrumColumns& columns, const Complex* rows,
                                Complex* array) {
  const SpectrumColumns c = columns;
  for_each_in_block(
      "linnet::kernels::rows_to_columns", 0, c.n1, c.width, KOKKOS_LAMBDA(long k, long q) {
        array[k * c.width + q] = rows[c.row_place[k] * c.width + q] *
                                 Kokkos::conj(c.root((c.first + q) * k % c.root.order));
      });
}

} // namespace linnet::kernels
