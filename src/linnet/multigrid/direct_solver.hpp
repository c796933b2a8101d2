// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Dense solve on the coarsest grid, on one rank, in fp64.
#pragma once

#include <linnet/kernels/stencil/stencil.hpp>

#include <vector>

namespace linnet::multigrid {

/// Pivoted Cholesky factor of a small stencil operator. Where the operator is singular (one null
/// vector per component with pure Neumann walls, empty rows) the pivots that vanish are left out:
/// what remains is a symmetric positive semidefinite generalised inverse.
class DirectSolver {
public:
  /// Factors @p a, which lies whole on this rank; @p periodic says which directions wrap.
  void factor(const kernels::StencilOperator<double>& a, const std::array<bool, 3>& periodic);
  /// @p x becomes the solution for the right-hand side @p x; natural order, size() values.
  void solve(std::vector<double>& x) const;
  /// u = the solution for the right-hand side f, on the layout of factor() or one with other
  /// ghosts.
  template <class T>
  void solve(const kernels::Field<T>& f, const kernels::Field<T>& u) const;

  [[nodiscard]] int size() const { return n_; }
  [[nodiscard]] int rank() const { return rank_; }

private:
  int n_ = 0;
  int rank_ = 0;
  std::vector<double> factor_; ///< column-major lower triangle
  std::vector<int> pivots_;    ///< row of the matrix at each position of the factor
};

} // namespace linnet::multigrid
