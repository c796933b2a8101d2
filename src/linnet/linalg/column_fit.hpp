// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Least squares over a few distributed columns: the c that makes |b - sum over j of c_j w_j|
/// smallest.
///
/// One pass over the columns makes the matrix of their products with each other and with b, block
/// of rows by block of rows; its eigenvectors, after columns have been scaled to length 1, are an
/// orthogonal basis, of which directions shorter than 1e-7 of the longest are rounding and left
/// out. Products square what they resolve: a residual below 1e-7 |b| cannot be told from them.
/// Where it is that small, or below 1e-4 |b| and directions were left out, a second pass does the
/// same with the columns of that basis, combined in cache, which resolves directions down to 1e-10
/// of the longest and the residual to rounding (Yamamoto, Nakatsukasa, Yanagisawa and Fukaya,
/// "Roundoff error analysis of the CholeskyQR2 algorithm", ETNA 44, 2015).
#pragma once

#include <linnet/core/petsc.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace linnet::linalg {

class ColumnFit {
public:
  struct Outcome {
    double norm = 0.0;     ///< |b|
    double residual = 0.0; ///< smallest |b - W c|, not below 1e-8 |b|; NaN if anything is
    int rank = 0;          ///< directions used
    int passes = 0;
  };

  /// For fits with up to @p most columns.
  explicit ColumnFit(int most);

  /// @p columns: 1 to most vectors of the layout of @p b. Fills @p coefficients, one per column;
  /// zeros where the outcome is NaN. The same bits on all ranks. Collective; flops are logged.
  Outcome fit(std::span<const Vec> columns, Vec b, std::span<double> coefficients);

private:
  class Arrays;
  void copy_block(std::int64_t first, std::int64_t count);
  void combine_block();
  void multiply(std::span<const Vec> columns, Vec b, bool combined);
  double solve(MPI_Comm comm, std::size_t n, bool scaled, double cut, Outcome& outcome);
  void make_basis(MPI_Comm comm, std::size_t n);

  std::vector<const double*> data_;      ///< local values of columns and b
  std::vector<const double*> parts_;     ///< what is multiplied next: columns, zeros, b
  std::vector<double> zeros_;            ///< columns that fill up a tile
  std::vector<double> block_, combined_; ///< some rows by columns; made when first needed
  std::vector<double> products_;         ///< of columns (their upper triangle) and, behind them, b
  std::size_t leading_ = 0;              ///< rows of products_
  std::vector<double> scale_, vectors_, values_, work_;
  std::vector<double> basis_;    ///< combinations of the columns that the second pass takes
  std::vector<double> solution_; ///< of the last pass, in its columns
};

} // namespace linnet::linalg
