// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Cyclic convolutions of real vectors with a real even kernel, distributed over ranks:
///   y(q) = sum over r of kernel(q - r) x(r), of period 2 m.
/// Products with symmetric Toeplitz matrices are such convolutions, of vectors continued by zeros,
/// and inverses of tau matrices, of vectors continued oddly.
///
/// Even and odd elements are the real and imaginary parts of m = n1 n2 complex numbers, whose
/// transform takes four steps (Bailey, J. Supercomputing 4, 1990): transforms of length n1 down the
/// columns of an n1 x n2 array, twiddle factors, transforms of length n2 along its rows. Columns
/// and rows are spread over the ranks; in between, and to and from the vector's own layout, all
/// ranks exchange. The spectrum stays in the order of the rows, and a row k has the rank of row n1
/// - k, so that every frequency meets its conjugate. On one rank the same steps keep to the caches.
#pragma once

#include <linnet/fractional/fourier.hpp>
#include <linnet/kernels/host_blocks.hpp>

#include <mpi.h>

#include <complex>
#include <functional>
#include <vector>

namespace linnet::fractional {

/// Indices begin .. end-1.
struct IndexRange {
  long begin = 0, end = 0;
  [[nodiscard]] long size() const { return end - begin; }
};

/// How a vector goes on beyond its own indices: with zeros, or x(2m - q) = x(q), or -x(q).
enum class Continuation { zero, even, odd };

class EvenConvolution {
public:
  /// m is a product of two lengths about sqrt(m) that suit transforms, not below @p least_half.
  /// Collective, as are all other functions but the getters.
  EvenConvolution(MPI_Comm comm, long least_half);

  [[nodiscard]] long half_period() const { return half_; }
  /// Bytes held on this rank.
  [[nodiscard]] double memory() const;

  /// The part of 0 .. m, a rank's share of kernel values.
  [[nodiscard]] IndexRange kernel_range() const;
  /// Sets the kernel's values on kernel_range(); returns the least of the eigenvalues at the
  /// frequencies 1 .. m-1 (all values of its transform are real).
  double set_kernel(const double* values);
  /// Replaces the kernel by the one whose eigenvalues are the reciprocals at the frequencies
  /// 1 .. m-1, and zero at 0 and m: the inverse on odd vectors.
  void invert_kernel();

  /// Computes the kernel's values, of which kernel_values() gives ranges until the next apply().
  void unfold_kernel();
  /// Those at this rank's @p range within 0 .. 2m-1; ranges of ranks may overlap.
  void kernel_values(IndexRange range, double* values);
  /// y on this rank's range @p to of the convolution with x, which has its values on @p from. Those
  /// ranges of different ranks must not overlap, and lie within 0 .. m (odd: within 1 .. m-1).
  void apply(IndexRange from, const double* x, Continuation beyond, IndexRange to, double* y);

private:
  using Complex = std::complex<double>;
  /// Rows k and n1 - k of the spectrum.
  struct Group {
    long row;   ///< k
    bool alone; ///< they are the same
    long place; ///< of row k in rows_; the other is the next one
  };

  EvenConvolution(MPI_Comm comm, long n1, long n2);
  void make_groups();
  void make_factors();
  [[nodiscard]] std::vector<IndexRange> ranges_of(IndexRange mine) const;
  [[nodiscard]] std::vector<IndexRange> pieces(IndexRange range, Continuation beyond) const;
  [[nodiscard]] IndexRange columns_of(int rank) const;
  template <class Visit>
  void for_chunks(IndexRange elements, IndexRange columns, const Visit& visit) const;
  [[nodiscard]] double* place(long element);
  void scatter(IndexRange range, const double* x, Continuation beyond);
  void gather(IndexRange range, double* y);
  [[nodiscard]] Complex power(long exponent) const;
  void twiddle(long column, Complex* x, bool conjugate) const;
  template <class Work>
  void for_column_blocks(const Work& work);
  void transform_columns();
  void transform_columns_back();
  template <class Visit>
  void for_row_pieces(const Visit& visit);
  void borrow_rows();
  void release_rows();
  void exchange();
  void exchange_back();
  [[nodiscard]] long pairs_of(const Group& group) const;
  template <class Visit>
  void for_eigenvalues(const Visit& visit) const;
  template <class Visit>
  void for_pairs(std::size_t group, const Visit& visit);
  template <class Work>
  void for_groups(bool forward, bool backward, const Work& work);

  kernels::ThreadNumber::Tokens tokens_;
  MPI_Comm comm_;
  int rank_ = 0, ranks_ = 1;
  long n1_, n2_, half_;
  ComplexFfts column_ffts_, row_ffts_, pair_ffts_;
  std::vector<Group> groups_;          ///< of this rank
  std::vector<long> row_place_;        ///< of row k among all rows, in the order of the ranks
  std::vector<long> first_row_;        ///< of each rank in that order, and the end
  std::vector<Complex> coarse_, fine_; ///< exp(-2 pi i j / m): multiples of fine_.size(), below
  std::vector<Complex> half_turn_;     ///< exp(-i pi k / n2)
  /// Half the sum and half the difference of eigenvalues k and k + m, per group and column.
  std::vector<double> mean_, difference_;
  std::vector<Complex> columns_;   ///< n1 x this rank's columns
  std::vector<Complex> rows_;      ///< this rank's rows x n2
  std::vector<Complex> exchanged_; ///< all rows x this rank's columns
  std::vector<Complex> blocks_;    ///< some columns for each thread
  std::vector<double> sent_, received_;
};

} // namespace linnet::fractional
