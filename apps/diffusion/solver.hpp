// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The linear solver of the app: PETSc's KSP, judged by the true residual.
#pragma once

#include "coarse_operators.hpp"

#include <linnet/problems/diffusion/diffusion_matrix.hpp>

#include <optional>
#include <string>
#include <vector>

namespace app {

/// Solver settings that hold unless the user gives others: -ksp_type cg, -ksp_rtol 1e-8,
/// -dm_mat_type stencil, -pc_type boxmg. Call it before the DMDA is made.
void set_default_options();

/// True when the preconditioner of the options (all of PETSc's own but jacobi and none) wants a
/// matrix with rows in place of one of type stencil.
bool preconditioner_needs_rows();

/// One point of the history of a solve.
struct ResidualNorm {
  PetscInt iteration;
  double norm;
};

/// What one solve did.
struct Solve {
  PetscInt iterations = 0; ///< of the first pass and all corrections
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  double relative_residual = 0.0;       ///< |b - A u| / |b|, computed anew
  double goal = 0.0;                    ///< what relative_residual had to reach
  double limit = 0.0;                   ///< what rounding allows it to reach; 0 when converged
  bool converged = false;               ///< relative_residual <= goal
  std::optional<PetscInt> newton_steps; ///< of a nonlinear solve
  bool once = false;                    ///< -ksp_type preonly: no iteration
  double setup_seconds = 0.0;           ///< of the preconditioner
  double solve_seconds = 0.0;
  /// Norms of b - A u; within a pass those of the KSP's recursion where it judges the true
  /// residual, else only those at the ends of the passes.
  std::vector<ResidualNorm> history;
};

class LinearSolver {
public:
  /// @p compress: solve for the fluid cells alone. Collective.
  LinearSolver(const Problem& problem, bool compress);

  /// Takes the values of @p system and keeps a reference to it; the first call builds, later ones
  /// update. Collective.
  void set_operator(const linnet::problems::DiffusionSystem& system,
                    const linnet::problems::FloatingPieces* pieces);
  /// Solves A u = b from the initial guess in @p u by iterative refinement: each pass of the KSP
  /// solves A d = b - A u, computed anew in double precision. One pass is enough where the KSP
  /// sees the true residual; more follow where its own norm or its recursion misled it. -ksp_max_it
  /// counts over all passes. Collective.
  Solve solve(Vec b, Vec u);
  /// Sum of b - A u over all cells as the last solve left it. Collective.
  [[nodiscard]] double residual_sum() const;
  /// The operator on all cells. Collective.
  void apply(Vec u, Vec result) const;
  /// Frees preconditioner and matrices after the last solve. Collective.
  void release();
  /// Types in use, for the report; not after release().
  [[nodiscard]] std::string description() const;

private:
  void make_ksp();
  void make_preconditioning_matrix();
  void compress_operator(const linnet::problems::DiffusionSystem& system, bool singular);
  void follow_coarse_operators(bool first);
  [[nodiscard]] bool needs_rows() const;
  void set_from_options();
  void read_tolerances();
  void set_up(Solve& record);
  double refine(Vec b, Vec u, double goal, Solve& record);
  double correct(Vec b, Vec u, double before, double target, bool first, Solve& record);
  void solve_correction(double reduction, Vec d, Solve& record);
  Vec correction() const;
  void record_pass(double scale, Solve& record) const;
  [[nodiscard]] double residual(Vec b, Vec u) const;
  [[nodiscard]] double rounding_limit(Vec b, Vec u) const;

  struct Tolerances {
    double relative = 0.0, absolute = 0.0, divergence = 0.0;
    PetscInt iterations = 0;
  };

  const Problem& problem_;
  bool compress_;
  bool once_ = false;     ///< -ksp_type preonly
  Tolerances tolerances_; ///< as the options have them
  Owned<KSP> ksp_;        ///< a new one for every matrix of other fluid cells
  Owned<Mat> operator_;
  Owned<Mat> rows_; ///< AIJ conversion for preconditioners that need rows
  std::unique_ptr<linnet::problems::CompressedSystem> compressed_;
  const linnet::problems::DiffusionSystem* system_ = nullptr; ///< borrowed
  std::optional<CoarseOperators> coarse_;                     ///< of -pc_type mg
  Owned<Vec> packed_residual_, packed_correction_;
  Owned<Vec> residual_;           ///< b - A u
  mutable Owned<Vec> correction_; ///< none as long as u itself can take it
};

} // namespace app
