// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The linear solver of the app: PETSc's KSP, judged by the true residual.
#pragma once

#include "discretisation.hpp"

#include <petscksp.h>

#include <string>
#include <vector>

namespace app {

inline constexpr double default_tolerance = 1e-10;

/// Settings that hold unless options give others: gmres, preconditioned from the right, with tau,
/// to @p rtol. The prefix of @p ksp must have been set.
void set_solver_defaults(KSP ksp, double rtol = default_tolerance);

/// What one solve did.
struct Solve {
  PetscInt iterations = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  double relative_residual = 0.0; ///< |b - A c| / |b|, computed anew
  double goal = 0.0;              ///< what it had to reach
  double limit = 0.0;             ///< about what rounding allows
  bool asked = false;             ///< by -ksp_rtol: then the limit is no excuse
  bool converged = false;
  bool misled = false; ///< the KSP took its own count of the true residual for converged: rounding
  double setup_seconds = 0.0, solve_seconds = 0.0;

  [[nodiscard]] bool at_limit() const;
};

/// Looks at solutions of A x = b.
class ResidualJudge {
public:
  explicit ResidualJudge(Mat A);
  /// Fills in residual, goal, limit and verdict of @p x; the KSP has the tolerances.
  void judge(Vec b, Vec x, double rtol, double atol, Solve& solve) const;
  /// b - A x of the last judgement.
  [[nodiscard]] Vec residual() const { return residual_.get(); }

private:
  Mat matrix_;
  bool asked_ = false;
  double largest_entry_ = 0.0;
  Owned<Vec> residual_;
};

class LinearSolver {
public:
  /// Reads the options; @p rtol holds where they have no -ksp_rtol. Collective.
  explicit LinearSolver(Mat A, const char* prefix = nullptr, double rtol = default_tolerance);
  /// From zero; where the norm of the KSP has misled it, solves again for what is left. Collective.
  Solve solve(Vec b, Vec x);
  /// Types in use, for the report.
  [[nodiscard]] std::string description() const;

private:
  bool correct(Vec b, Vec x, Solve& record);

  Owned<KSP> ksp_;
  ResidualJudge judge_;
  Owned<Vec> correction_;
  double rtol_ = 0.0, atol_ = 0.0;
};

/// "gmres with tau (fast diagonalisation ..)", of a KSP that has solved.
std::string solver_description(KSP ksp);

/// Throws (not converged) when a solve missed its goal, with a remedy. Not collective: the same on
/// all ranks.
void require_convergence(const std::vector<Solve>& solves);

} // namespace app
