// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Darcy flow -div(a grad u) = f on a square with u = 0 on its boundary, on nodes that include the
/// boundary.
///
/// Finite volumes around the inner nodes; the coefficient of the face between two nodes is the mean
/// of theirs, arithmetic or harmonic, so that u is of second order in the spacing where a is
/// smooth. Boundary values are exactly zero. Solved by conjugate gradients (cgfused) with boxmg
/// until the true residual has fallen by the tolerance.
#pragma once

#include <linnet/core/owned.hpp>

#include <petscksp.h>

#include <vector>

namespace linnet::problems {

/// Of the coefficients of two nodes, for the face between them.
enum class FaceMean { arithmetic, harmonic };

/// Fields have nodes x nodes values, x fastest, and every rank has all of them.
class DarcySolver {
public:
  /// Of |f - A u| / |f|, checked on the residual itself and not on that of the recurrence.
  static constexpr double tolerance = 1e-10;

  /// @p nodes per direction, boundary included, at least 3; @p side of the square; the ranks of
  /// @p comm solve together. Needs LinnetInitialize (registry/register.hpp). Collective, as is
  /// solve(). @throws core::Error (usage).
  explicit DarcySolver(int nodes, double side = 1.0, MPI_Comm comm = PETSC_COMM_SELF,
                       FaceMean mean = FaceMean::arithmetic);

  /// @p a positive at all nodes; @p f at all nodes, of which the inner ones count; @p u is resized.
  /// The result depends on nothing but the arguments and, within the tolerance, the ranks. @throws
  /// core::Error (not_converged), (data) for an @p a that is not positive.
  void solve(const std::vector<double>& a, const std::vector<double>& f, std::vector<double>& u);

  /// Matrix and right-hand side of the same problem alone. Collective.
  void assemble(const std::vector<double>& a, const std::vector<double>& f);
  /// The inner nodes, the matrix of type "stencil" and the right-hand side, of the last problem;
  /// they belong to the solver.
  [[nodiscard]] DM grid() const { return grid_.get(); }
  [[nodiscard]] Mat matrix() const { return matrix_.get(); }
  [[nodiscard]] Vec right_hand_side() const { return rhs_.get(); }

  /// |f - A u| / |f| of the last solve.
  [[nodiscard]] double residual() const { return residual_; }

private:
  void set_matrix(const std::vector<double>& a);
  void set_right_hand_side(const std::vector<double>& f);
  void iterate();
  void get_solution(std::vector<double>& u) const;
  /// Place of the inner node (i,j), counted from the first one, in a field.
  [[nodiscard]] std::size_t place(int i, int j) const {
    return static_cast<std::size_t>(i + 1) +
           static_cast<std::size_t>(nodes_) * static_cast<std::size_t>(j + 1);
  }

  MPI_Comm comm_;
  int nodes_;
  double cell_area_;
  FaceMean mean_;
  core::Owned<DM> grid_; ///< of the inner nodes
  core::Owned<Mat> matrix_;
  core::Owned<Vec> couplings_[2], row_sum_, rhs_, solution_, true_residual_;
  double residual_ = 0.0;
};

} // namespace linnet::problems
