// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "solver.hpp"

#include <linnet/core/default_option.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace app {

using linnet::core::set_default_option;

namespace {

constexpr int max_passes = 3;

bool has_option(const char* name) {
  PetscBool given = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, name, &given));
  return given == PETSC_TRUE;
}

} // namespace

void set_default_options() {
  set_default_option("-ksp_type", "gmres");
  set_default_option("-ksp_gmres_restart", "60");
  set_default_option("-ksp_gmres_cgs_refinement_type", "refine_ifneeded");
  set_default_option("-ksp_pc_side", "right");
  set_default_option("-pc_type", "tau");
}

ResidualJudge::ResidualJudge(Mat A) : matrix_(A), given_(has_option("-ksp_rtol")) {
  Vec v = nullptr;
  LINNET_CHECK(MatCreateVecs(A, nullptr, &v));
  residual_.reset(v);
  LINNET_CHECK(MatGetDiagonal(A, v));
  LINNET_CHECK(VecNorm(v, NORM_INFINITY, &largest_entry_));
}

// Rounding of the coefficients moves the residual by the machine epsilon times |A| |x|; |A| is
// about twice its largest diagonal entry, since the rows of the operator sum to zero but for the
// ends.
void ResidualJudge::judge(KSP ksp, Vec b, Vec x, Solve& solve) const {
  double size = 0.0, solution = 0.0, left = 0.0, rtol = 0.0, atol = 0.0;
  LINNET_CHECK(MatMult(matrix_, x, residual_.get()));
  LINNET_CHECK(VecAYPX(residual_.get(), -1.0, b));
  LINNET_CHECK(VecNorm(residual_.get(), NORM_2, &left));
  LINNET_CHECK(VecNorm(b, NORM_2, &size));
  LINNET_CHECK(VecNorm(x, NORM_2, &solution));
  LINNET_CHECK(KSPGetTolerances(ksp, &rtol, &atol, nullptr, nullptr));
  LINNET_CHECK(KSPGetConvergedReason(ksp, &solve.reason));
  const double scale = size > 0.0 ? size : 1.0;
  solve.relative_residual = left / scale;
  solve.limit = 2.0 * PETSC_MACHINE_EPSILON * (2.0 * largest_entry_ * solution + size) / scale;
  solve.goal = std::max(rtol, atol / scale);
  // The recursion of the KSP and the residual computed anew differ by rounding.
  const double slack = 1.0 + 1e-3;
  solve.converged = solve.relative_residual <= slack * solve.goal ||
                    (!given_ && solve.relative_residual <= std::min(solve.limit, 1e-3));
}

LinearSolver::LinearSolver(Mat A, const char* prefix, double rtol) : judge_(A) {
  KSP ksp = nullptr;
  LINNET_CHECK(KSPCreate(PetscObjectComm(reinterpret_cast<PetscObject>(A)), &ksp));
  ksp_.reset(ksp);
  LINNET_CHECK(KSPSetOptionsPrefix(ksp, prefix));
  LINNET_CHECK(KSPSetOperators(ksp, A, A));
  LINNET_CHECK(KSPSetTolerances(ksp, rtol, PETSC_DEFAULT, 1e15, PETSC_DEFAULT));
  LINNET_CHECK(KSPSetFromOptions(ksp));
}

Solve LinearSolver::solve(Vec b, Vec x) {
  Solve record;
  const double begin = MPI_Wtime();
  LINNET_CHECK(KSPSetUp(ksp_.get()));
  LINNET_CHECK(KSPSetUpOnBlocks(ksp_.get()));
  const double ready = MPI_Wtime();
  record.setup_seconds = ready - begin;
  for (int pass = 0; pass < max_passes && !record.converged; ++pass) {
    PetscInt iterations = 0;
    const double before = pass == 0 ? HUGE_VAL : record.relative_residual;
    LINNET_CHECK(KSPSetInitialGuessNonzero(ksp_.get(), pass > 0 ? PETSC_TRUE : PETSC_FALSE));
    LINNET_CHECK(KSPSolve(ksp_.get(), b, x));
    LINNET_CHECK(KSPGetIterationNumber(ksp_.get(), &iterations));
    record.iterations += iterations;
    judge_.judge(ksp_.get(), b, x, record);
    if (record.reason < 0 || !(record.relative_residual < 0.5 * before)) break;
  }
  record.solve_seconds = MPI_Wtime() - ready;
  return record;
}

std::string LinearSolver::description() const { return solver_description(ksp_.get()); }

std::string solver_description(KSP ksp) {
  KSPType type = nullptr;
  PCType pc_type = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPGetType(ksp, &type));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCGetType(pc, &pc_type));
  return std::string(type) + " with " + (pc_type ? pc_type : "none");
}

void require_convergence(const std::vector<Solve>& solves) {
  for (std::size_t s = 0; s < solves.size(); ++s) {
    const Solve& solve = solves[s];
    if (solve.converged) continue;
    char text[400];
    std::snprintf(text, sizeof text,
                  "solve %zu did not converge: true relative residual %.3e after %d iterations "
                  "where %.1e was asked for (%s); ",
                  s + 1, solve.relative_residual, static_cast<int>(solve.iterations), solve.goal,
                  KSPConvergedReasons[solve.reason]);
    const bool limit = solve.relative_residual <= solve.limit;
    throw linnet::core::Error(
        linnet::core::ExitCode::not_converged,
        text + (limit ? std::string("it stands at the limit of double precision for this n; leave "
                                    "-ksp_rtol out")
                      : std::string("raise -ksp_max_it, loosen -ksp_rtol, or take -pc_type tau "
                                    "with -ksp_type gmres")));
  }
}

} // namespace app
