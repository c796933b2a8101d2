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

/// Solver settings that hold unless the user gives others: -ksp_type gmres, preconditioned from the
/// right, -ksp_rtol 1e-10 or what rounding allows, -pc_type tau.
void set_default_options();

inline constexpr double default_tolerance = 1e-10;

/// What one solve did.
struct Solve {
  PetscInt iterations = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  double relative_residual = 0.0; ///< |b - A c| / |b|, computed anew
  double goal = 0.0;              ///< what it had to reach
  double limit = 0.0;             ///< about what rounding allows
  bool converged = false;
  double setup_seconds = 0.0, solve_seconds = 0.0;
};

/// Looks at each solve of a KSP after it.
class ResidualJudge {
public:
  explicit ResidualJudge(Mat A);
  /// @p asked: -ksp_rtol, unless the user left it open: then the limit of rounding is good enough.
  void judge(KSP ksp, Vec b, Vec x, Solve& solve) const;

private:
  Mat matrix_;
  bool given_ = false; ///< -ksp_rtol
  double largest_entry_ = 0.0;
  mutable Owned<Vec> residual_;
};

class LinearSolver {
public:
  /// Reads the options; @p rtol holds where they have no -ksp_rtol. Collective.
  explicit LinearSolver(Mat A, const char* prefix = nullptr, double rtol = default_tolerance);
  /// From zero. Solves again for what is left where the norm of the KSP has misled it. Collective.
  Solve solve(Vec b, Vec x);
  /// Types in use, for the report.
  [[nodiscard]] std::string description() const;
  [[nodiscard]] KSP ksp() const { return ksp_.get(); }

private:
  Owned<KSP> ksp_;
  ResidualJudge judge_;
};

/// "gmres with tau (fast diagonalisation)".
std::string solver_description(KSP ksp);

/// Throws (not converged) when a solve missed its goal, with a remedy. Not collective: the same on
/// all ranks.
void require_convergence(const std::vector<Solve>& solves);

} // namespace app
