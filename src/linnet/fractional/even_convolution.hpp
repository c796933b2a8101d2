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
#include <linnet/kernels/fractional/convolution_columns.hpp>
#include <linnet/kernels/fractional/spectrum_pairs.hpp>
#include <linnet/kernels/host_blocks.hpp>

#include <mpi.h>

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
  /// Sets the kernel's values on kernel_range(), given on the host; returns the least of the
  /// eigenvalues at the frequencies 1 .. m-1 (all values of its transform are real).
  double set_kernel(const std::vector<double>& values);
  /// Replaces the kernel by the one whose eigenvalues are the reciprocals at the frequencies
  /// 1 .. m-1, and zero at 0 and m: the inverse on odd vectors.
  void invert_kernel();

  /// Computes the kernel's values, of which kernel_values() gives ranges until the next apply().
  void unfold_kernel();
  /// Those at this rank's @p range within 0 .. 2m-1, to kernel memory; ranges of ranks may overlap.
  void kernel_values(IndexRange range, double* values);
  /// y on this rank's range @p to of the convolution with x, which has its values on @p from, both
  /// in kernel memory. Those ranges of different ranks must not overlap, and lie within 0 .. m
  /// (odd: within 1 .. m-1).
  void apply(IndexRange from, const double* x, Continuation beyond, IndexRange to, double* y);

private:
  using Complex = kernels::Complex;
  using ComplexArray = kernels::Array<Complex>;

  EvenConvolution(MPI_Comm comm, long n1, long n2);
  void make_groups();
  void make_factors();
  void make_transforms();
  [[nodiscard]] IndexRange columns_of(int rank) const;
  [[nodiscard]] long own_rows() const;
  [[nodiscard]] long groups() const { return static_cast<long>(groups_.size()); }
  [[nodiscard]] kernels::KernelEigenvalues eigenvalues() const {
    return {mean_.data(), difference_.data()};
  }
  [[nodiscard]] kernels::Spectrum spectrum() const;
  [[nodiscard]] kernels::SpectrumColumns spectrum_columns() const;

  [[nodiscard]] std::vector<IndexRange> ranges_of(IndexRange mine) const;
  [[nodiscard]] std::vector<IndexRange> pieces(IndexRange range, Continuation beyond) const;
  template <class Visit>
  void for_chunks(IndexRange elements, IndexRange columns, const Visit& visit) const;
  [[nodiscard]] long place(long element) const;
  void scatter(IndexRange range, const double* x, Continuation beyond);
  void scatter_to_ranks(IndexRange range, const double* x, Continuation beyond);
  void gather(IndexRange range, double* y);
  void gather_from_ranks(IndexRange range, double* y);
  void exchange();
  void exchange_back();

  template <class Work>
  void for_column_blocks(const Work& work);
  void transform_columns();
  void transform_columns_back();
  void transform_rows(long group, bool forward);
  template <class Work>
  void for_groups(bool forward, bool backward, const Work& work);

  kernels::ThreadNumber::Tokens tokens_;
  MPI_Comm comm_;
  int rank_ = 0, ranks_ = 1;
  long n1_, n2_, half_;
  std::vector<ComplexFfts> column_ffts_, row_ffts_; ///< of the numbers of sequences in use
  std::vector<kernels::RowGroup> groups_;           ///< of this rank
  std::vector<long> first_row_; ///< of each rank among all rows in their order, and the end
  // Kernel memory from here on.
  kernels::Array<kernels::RowGroup> group_;
  kernels::Array<long> row_place_;      ///< of row k among all rows
  ComplexArray coarse_, fine_;          ///< exp(-2 pi i j / m): multiples of n1, below
  ComplexArray row_turn_, column_turn_; ///< of kernels::Spectrum
  kernels::Array<double> mean_, difference_;
  ComplexArray columns_;   ///< n1 x this rank's columns
  ComplexArray rows_;      ///< this rank's rows x n2; on one rank those of the next array
  ComplexArray exchanged_; ///< all rows x this rank's columns
  ComplexArray blocks_;    ///< some columns for each thread of the CPU
  // On the host.
  std::vector<double> sent_, received_;
};

} // namespace linnet::fractional
