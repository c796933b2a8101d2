// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Products with a centrosymmetric matrix that is Toeplitz and symmetric but for its first and last
/// q rows and columns: y = T x + R x in O(N log N + N q).
///
/// T is multiplied by a circulant matrix that contains it, or, if it has a few diagonals only (a
/// mass matrix), by those. Every rank gathers x and transforms it; with the border's few sums that
/// is all the communication: N doubles and one sum of 4 q.
#pragma once

#include <linnet/fractional/collocation_entries.hpp>
#include <linnet/fractional/fourier.hpp>
#include <linnet/fractional/riesz_product.hpp>

#include <mpi.h>

#include <vector>

namespace linnet::fractional {

class BorderedToeplitz final : public RieszProduct {
public:
  /// Rows and columns begin .. end-1 are this rank's, in the order of the ranks. Collective on
  /// @p comm, as are the products.
  BorderedToeplitz(MPI_Comm comm, long begin, long end, const std::vector<CollocationTerm>& terms);

  [[nodiscard]] long size() const { return size_; }
  /// y = A x, or A^T x; this rank's parts.
  void multiply(const double* x, double* y, bool transposed) override;
  /// This rank's part of the diagonal.
  [[nodiscard]] std::vector<double> diagonal() const override;
  /// Bytes held on this rank.
  [[nodiscard]] double memory() const override;

private:
  /// Border vectors of this rank, q of each: columns j and N-1-j, or rows.
  struct Border {
    std::vector<double> first, last;
  };
  void make_spectrum(const std::vector<double>& column);
  void make_borders(const std::vector<CollocationTerm>& terms, const std::vector<double>& column);
  void gather(const double* x);
  void multiply_toeplitz(double* y);
  void multiply_band(double* y);
  void add_border(const double* x, double* y, const Border& columns, const Border& rows) const;

  MPI_Comm comm_;
  long size_, begin_, end_;
  int border_;
  double diagonal_ = 0.0;
  std::vector<int> counts_, starts_;
  RealFft fft_;
  std::vector<double> spectrum_; ///< of the circulant matrix, over its length; or none
  std::vector<double> band_;     ///< the first column of T up to its last value, if short
  Border columns_, rows_;
};

} // namespace linnet::fractional
