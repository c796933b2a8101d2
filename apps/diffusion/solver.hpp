// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The linear solver of the app: PETSc's KSP, judged by the true residual.
#pragma once

#include "setup.hpp"

#include <linnet/problems/diffusion_matrix.hpp>

#include <string>
#include <vector>

namespace app {

/// Solver settings that hold unless the user gives others: -ksp_type cg, -ksp_rtol 1e-8,
/// -ksp_norm_type unpreconditioned, -dm_mat_type stencil, -pc_type boxmg. Call it before the DMDA
/// is made.
void set_default_options();

/// What one solve did.
struct Solve {
  PetscInt iterations = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  double relative_residual = 0.0; ///< |b - A u| / |b|, computed anew
  bool converged = false;         ///< the true residual meets -ksp_rtol or -ksp_atol
  double setup_seconds = 0.0;     ///< of the preconditioner
  double solve_seconds = 0.0;
  std::vector<double> history; ///< residual norms as the KSP saw them
};

class LinearSolver {
public:
  /// @p compress: solve for the fluid cells alone. Collective.
  LinearSolver(const Problem& problem, bool compress);

  /// Takes the values of @p system; the first call builds, later ones update. Collective.
  void set_operator(const linnet::problems::DiffusionSystem& system,
                    const linnet::problems::FloatingPieces* pieces);
  /// Solves A u = b from the initial guess in @p u. Repeats from where it stands when the true
  /// residual lags behind the recursive one. Collective.
  Solve solve(Vec b, Vec u);
  /// Sum of b - A u over all cells as the last solve left it. Collective.
  [[nodiscard]] double residual_sum() const;
  /// The operator on all cells. Collective.
  void apply(Vec u, Vec result) const;
  /// Types in use, for the report.
  [[nodiscard]] std::string description() const;

private:
  void make_preconditioning_matrix();
  void compress_operator(const linnet::problems::DiffusionSystem& system, bool singular);
  [[nodiscard]] bool needs_rows() const;
  void iterate(Vec b, Vec u, bool guess, Solve& record);
  void residual(Vec b, Vec u, double* norm, double* norm_b) const;

  const Problem& problem_;
  bool compress_;
  Owned<KSP> ksp_;
  Owned<Mat> operator_;
  Owned<Mat> rows_; ///< AIJ conversion for preconditioners that need rows
  std::unique_ptr<linnet::problems::CompressedSystem> compressed_;
  Owned<Vec> packed_b_, packed_u_, work_;
};

} // namespace app
