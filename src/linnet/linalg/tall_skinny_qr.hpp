// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// QR factors of a dense matrix with many distributed rows and few columns, by Householder
/// reflections on each rank and a binary tree over the ranks (TSQR: Demmel, Grigori, Hoemmen and
/// Langou, SIAM J. Sci. Comput. 34 (2012) A206).
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/linalg/small_dense.hpp>

#include <span>
#include <vector>

namespace linnet::linalg {

/// S = Q R with orthonormal Q, kept as reflections. Any ranks may have fewer rows than columns.
class TallSkinnyQr {
public:
  /// Factors the dense @p columns, of which one copy is made, with this rank's rows multiplied by
  /// @p row_scale unless that is empty. Collective. @throws core::Error (data) on all ranks for
  /// values that are not finite.
  explicit TallSkinnyQr(Mat columns, std::span<const double> row_scale = {});

  /// Columns of Q and rows of R: the smaller one of rows and columns of S. On all ranks.
  [[nodiscard]] std::size_t rank() const { return rank_; }
  /// R, rank() x columns of S, upper triangular; on rank 0, empty elsewhere.
  [[nodiscard]] const std::vector<double>& r() const { return r_; }
  /// A new matrix Q T; T of rank() rows and @p columns columns (on all ranks), read on rank 0.
  /// Collective.
  [[nodiscard]] core::Owned<Mat> times(std::size_t columns, const std::vector<double>& t) const;

private:
  /// Two stacked R, the upper one from here.
  struct Stack {
    int partner;
    std::size_t upper;
    Reflections factor;
  };
  void climb(std::size_t columns);

  MPI_Comm comm_;
  PetscInt local_rows_ = 0;
  std::size_t rank_ = 0;
  Reflections own_;
  std::vector<Stack> stacks_; ///< of this rank, from the leaves on
  int parent_ = -1;
  std::vector<double> r_;
};

} // namespace linnet::linalg
