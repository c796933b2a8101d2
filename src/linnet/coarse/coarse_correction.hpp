// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Galerkin correction from the span of a few vectors: Q = Phi A_0^-1 Phi^T with A_0 = Phi^T A Phi.
///
/// The vectors may be cut into blocks: p columns times so many disjoint sets of rows raise the rank
/// at the same memory. W = A Phi is kept, so that A Phi y is a product with a dense matrix. A_0 is
/// on every rank, with its Cholesky factor where it is positive definite, else with its LU factors.
#pragma once

#include <linnet/core/owned.hpp>

#include <petscblaslapack.h>

#include <vector>

namespace linnet::coarse {

/// Columns of a tall matrix that are zero on most rows of this rank, or on none.
struct ColumnBlock {
  PetscInt first = 0, columns = 0;
  std::vector<PetscInt> rows; ///< of this rank, ascending
  bool all_rows = false;      ///< then `rows` is empty, and every row counts
  PetscInt count = 0;         ///< rows that count
  std::vector<double> values; ///< count x columns, by columns
};

class CoarseCorrection {
public:
  /// @p vectors: dense, with the rows of the operator; made orthonormal, dependent ones left out.
  /// @p block_of: the block of every row of this rank, from 0 to @p blocks - 1; empty for one
  /// block. Collective. @throws core::Error (data) on all ranks.
  CoarseCorrection(Mat vectors, PetscInt blocks, const std::vector<PetscInt>& block_of);

  /// W, A_0 and its factors for new values of @p A. With @p symmetric false, or where A_0 is not
  /// symmetric positive definite, they are LU factors. Collective. @throws core::Error on all
  /// ranks: (data) where A_0 is not finite, is singular, or, with LU, has a condition number above
  /// 1/sqrt(eps) = 6.7e7.
  void update(Mat A, bool symmetric);

  /// Vectors in the space.
  [[nodiscard]] PetscInt size() const { return size_; }
  [[nodiscard]] PetscInt dropped() const { return dropped_; }
  /// By Cholesky's factor of A_0.
  [[nodiscard]] bool is_definite() const { return definite_; }
  [[nodiscard]] double condition() const { return condition_; } ///< of A_0, estimated in the 1-norm
  [[nodiscard]] double bytes() const;                           ///< of Phi and W on this rank

  // Below, Vecs have the layout of the operator; coordinates have size() values on every rank, and
  // nothing is allocated.

  /// @p y = A_0^-1 Phi^T r. Collective.
  void solve(Vec r, double* y) const;
  /// @p y = A_0^-1 W^T z, for symmetric A the coordinates of what Q A makes of z. Collective.
  void solve_image(Vec z, double* y) const;
  /// z += factor Phi y. Not collective.
  void add(const double* y, double factor, Vec z) const;
  /// r += factor W y. Not collective.
  void add_image(const double* y, double factor, Vec r) const;

private:
  void take_image(Mat A, const ColumnBlock& block, std::vector<double>& matrix);
  void factor(MPI_Comm comm, std::vector<double> matrix, bool symmetric);
  [[nodiscard]] bool factor_cholesky(const std::vector<double>& matrix);
  void factor_lu(const std::vector<double>& matrix);
  void reduce_and_solve(double* y) const;

  MPI_Comm comm_ = MPI_COMM_NULL; // of the vectors; not owned
  PetscInt local_rows_ = 0, size_ = 0, dropped_ = 0;
  std::vector<ColumnBlock> phi_, image_;
  std::vector<double> factors_;
  std::vector<PetscBLASInt> pivots_;
  bool definite_ = true;
  double condition_ = 1.0;
  mutable std::vector<double> gathered_;
};

} // namespace linnet::coarse
