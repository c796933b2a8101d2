// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Lanczos process with full reorthogonalisation for a symmetric matrix, and its Ritz pairs.
///
/// m steps from the start vector s give an orthonormal basis W = (w_1 .. w_m) of the Krylov space
/// span{s, A s, .. A^(m-1) s} with W^T A W = T tridiagonal and A W = W T + beta_m w_(m+1) e_m^T.
/// With T = Y diag(theta) Y^T, (theta_i, q_i = W y_i) is a Ritz pair, and |A q_i - theta_i q_i| is
/// beta_m |y_mi| (Parlett, The Symmetric Eigenvalue Problem, SIAM 1998, chapter 13).
///
/// Each new vector is made orthogonal twice: against the two vectors before it, which are all that
/// exact arithmetic needs, and then against the whole basis by classical Gram-Schmidt; once more
/// where that last pass took away a large part (Daniel, Gragg, Kaufman and Stewart, Math. Comp. 30,
/// 1976). The basis is one dense block per rank, so a pass reads it twice at the speed of memory.
#pragma once

#include <linnet/core/petsc.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace linnet::linalg {

struct LanczosOptions {
  PetscInt steps = 100; ///< at least 1; no more than the order of the matrix are done
  /// The process ends where beta_k is below this part of the largest entry of T so far: the basis
  /// then spans an invariant space, and what is left of the next vector is mere rounding.
  double breakdown = 1e-12;
  std::int64_t memory_limit = INT64_MAX; ///< bytes on the fullest rank, see lanczos_bytes()
  std::function<void(PetscInt done)> progress = nullptr; ///< after each step, on all ranks
};

/// Bytes that Lanczos takes on a rank with @p rows rows, at most: the basis, the eigenvectors of T,
/// and while these are computed a work space of their size on the first rank.
std::int64_t lanczos_bytes(PetscInt rows, PetscInt steps);

/// A Krylov basis and its Ritz pairs, ascending. Memory of its own; neither the matrix nor the
/// start vector is referred to after construction. Calls with Vec arguments take vectors of the
/// matrix's layout.
class Lanczos {
public:
  /// Runs the process on the symmetric @p A from @p start (not changed, need not be normalised).
  /// Collective; the values of T and its eigenpairs have the same bits on all ranks. @throws
  /// core::Error on all ranks: (usage) for steps or a memory limit that do not do, before anything
  /// is allocated, and for a start vector that is zero; (data) where a product is not finite.
  Lanczos(Mat A, Vec start, const LanczosOptions& options);

  /// Vectors in the basis, m; less than the steps asked for after a breakdown.
  [[nodiscard]] PetscInt size() const { return static_cast<PetscInt>(diagonal_.size()); }
  /// True when the basis spans an invariant space: every Ritz pair is then an eigenpair.
  [[nodiscard]] bool invariant() const { return invariant_; }
  /// Rows on this rank.
  [[nodiscard]] PetscInt rows() const { return rows_; }

  /// T: m diagonal entries alpha; m entries beta below them, the last one of the vector after the
  /// basis (0 if invariant).
  [[nodiscard]] const std::vector<double>& diagonal() const { return diagonal_; }
  [[nodiscard]] const std::vector<double>& off_diagonal() const { return off_diagonal_; }

  /// theta, ascending.
  [[nodiscard]] const std::vector<double>& ritz_values() const { return theta_; }
  /// |A q_i - theta_i q_i| = beta_m |y_mi|.
  [[nodiscard]] double residual_norm(PetscInt i) const;
  /// Entry of y_i at basis vector @p k. Signs are such that entry 0, the product of q_i and the
  /// start vector, is not negative, so that they do not hang on rounding.
  [[nodiscard]] double ritz_entry(PetscInt k, PetscInt i) const;

  /// @p w = w_k of the basis. Not collective.
  void basis_vector(PetscInt k, Vec w) const;
  /// @p q = q_i, of norm 1. Not collective.
  void ritz_vector(PetscInt i, Vec q) const;
  /// @p b = sum over i of coefficients[i] q_i = W (Y c), with m coefficients. Not collective.
  void combine(const std::vector<double>& coefficients, Vec b) const;
  /// The same for @p count sets of m coefficients, one after the other, as two products of dense
  /// matrices: @p b takes rows() values for each. Not collective.
  void combine(PetscInt count, const double* coefficients, double* b) const;

private:
  struct Process;
  void decompose(MPI_Comm comm);

  PetscInt rows_ = 0;
  std::int64_t stride_ = 0; ///< from one vector of the basis to the next, in values
  bool invariant_ = false;
  std::unique_ptr<double[]> basis_; ///< this rank's rows of W, by columns
  std::vector<double> diagonal_, off_diagonal_, theta_;
  std::vector<double> vectors_; ///< Y by columns
};

} // namespace linnet::linalg
