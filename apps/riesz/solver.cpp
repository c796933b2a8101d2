// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "solver.hpp"

#include <linnet/core/text.hpp>
#include <linnet/fractional/pc_tau.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace app {

namespace {

constexpr int max_corrections = 3;
// Of one pass: methods that recompute their residual stall a few digits above rounding.
constexpr double largest_reduction = 1e-13;

std::string option_text(KSP ksp, const char* name) {
  char text[64] = "";
  const char* prefix = nullptr;
  LINNET_CHECK(KSPGetOptionsPrefix(ksp, &prefix));
  LINNET_CHECK(PetscOptionsGetString(nullptr, prefix, name, text, sizeof text, nullptr));
  return text;
}

/// Methods that judge the true residual when they are preconditioned from the right.
bool goes_right(const std::string& type) {
  const char* const list[] = {KSPGMRES,  KSPLGMRES, KSPFGMRES, KSPDGMRES,
                              KSPPGMRES, KSPBCGS,   KSPTFQMR,  KSPCGS};
  return type.empty() ||
         std::any_of(std::begin(list), std::end(list), [&](const char* t) { return type == t; });
}

void require_range(double size) {
  if (!(size < 1e120))
    linnet::core::throw_usage("the source is too large for double precision: its norm is " +
                              linnet::core::number_text(size) + "; choose larger units");
}

} // namespace

void set_solver_defaults(KSP ksp, double rtol) {
  PC pc = nullptr;
  LINNET_CHECK(KSPSetType(ksp, KSPGMRES));
  LINNET_CHECK(KSPGMRESSetRestart(ksp, 60));
  LINNET_CHECK(KSPGMRESSetCGSRefinementType(ksp, KSP_GMRES_CGS_REFINE_IFNEEDED));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCTAU));
  LINNET_CHECK(KSPSetTolerances(ksp, rtol, 1e-300, 1e15, PETSC_DEFAULT));
  if (goes_right(option_text(ksp, "-ksp_type")) && option_text(ksp, "-ksp_pc_side").empty() &&
      option_text(ksp, "-ksp_norm_type").empty())
    LINNET_CHECK(KSPSetPCSide(ksp, PC_RIGHT));
}

bool Solve::at_limit() const { return relative_residual <= std::min(limit, 1e-3); }

ResidualJudge::ResidualJudge(Mat A) : matrix_(A) {
  PetscBool given = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, "-ksp_rtol", &given));
  asked_ = given == PETSC_TRUE;
  Vec v = nullptr;
  LINNET_CHECK(MatCreateVecs(A, nullptr, &v));
  residual_.reset(v);
  LINNET_CHECK(MatGetDiagonal(A, v));
  LINNET_CHECK(VecNorm(v, NORM_INFINITY, &largest_entry_));
}

// Rounding of the coefficients moves the residual by the machine epsilon times |A| |x|; |A| is
// about twice its largest diagonal entry, since the rows of the operator sum to zero but for the
// ends.
void ResidualJudge::judge(Vec b, Vec x, double rtol, double atol, Solve& solve) const {
  double size = 0.0, solution = 0.0, left = 0.0;
  LINNET_CHECK(MatMult(matrix_, x, residual_.get()));
  LINNET_CHECK(VecAYPX(residual_.get(), -1.0, b));
  LINNET_CHECK(VecNorm(residual_.get(), NORM_2, &left));
  LINNET_CHECK(VecNorm(b, NORM_2, &size));
  LINNET_CHECK(VecNorm(x, NORM_2, &solution));
  const double scale = size > 0.0 ? size : 1.0;
  solve.relative_residual = left / scale;
  solve.limit = 2.0 * PETSC_MACHINE_EPSILON * (2.0 * largest_entry_ * solution + size) / scale;
  solve.goal = std::max(rtol, atol / scale);
  solve.asked = asked_;
  // The recursion of the KSP and the residual computed anew differ by rounding.
  const double slack = 1.0 + 1e-3;
  solve.converged = solve.relative_residual <= slack * solve.goal || (!asked_ && solve.at_limit());
}

LinearSolver::LinearSolver(Mat A, const char* prefix, double rtol) : judge_(A) {
  KSP ksp = nullptr;
  Vec v = nullptr;
  LINNET_CHECK(KSPCreate(PetscObjectComm(reinterpret_cast<PetscObject>(A)), &ksp));
  ksp_.reset(ksp);
  LINNET_CHECK(KSPSetOptionsPrefix(ksp, prefix));
  LINNET_CHECK(KSPSetOperators(ksp, A, A));
  set_solver_defaults(ksp, rtol);
  LINNET_CHECK(KSPSetFromOptions(ksp));
  LINNET_CHECK(KSPSetInitialGuessNonzero(ksp, PETSC_FALSE));
  LINNET_CHECK(KSPGetTolerances(ksp, &rtol_, &atol_, nullptr, nullptr));
  LINNET_CHECK(PetscOptionsGetReal(nullptr, prefix, "-ksp_rtol", &rtol_, nullptr));
  if (!(rtol_ >= 0.0 && rtol_ < 1.0))
    linnet::core::throw_usage("-ksp_rtol: must be at least 0 and below 1, got " +
                              linnet::core::number_text(rtol_));
  LINNET_CHECK(MatCreateVecs(A, &v, nullptr));
  correction_.reset(v);
}

// x += d with A d = b - A x. False where that does not help.
bool LinearSolver::correct(Vec b, Vec x, Solve& record) {
  PetscReal divergence = 0.0;
  PetscInt most = 0, iterations = 0;
  const Solve before = record;
  LINNET_CHECK(KSPGetTolerances(ksp_.get(), nullptr, nullptr, &divergence, &most));
  const double reduction =
      std::clamp(0.1 * record.goal / record.relative_residual, largest_reduction, 0.5);
  LINNET_CHECK(KSPSetTolerances(ksp_.get(), reduction, 1e-300, divergence, most));
  LINNET_CHECK(KSPSolve(ksp_.get(), judge_.residual(), correction_.get()));
  LINNET_CHECK(KSPGetIterationNumber(ksp_.get(), &iterations));
  LINNET_CHECK(KSPSetTolerances(ksp_.get(), rtol_, atol_, divergence, most));
  record.iterations += iterations;
  LINNET_CHECK(VecAXPY(x, 1.0, correction_.get()));
  judge_.judge(b, x, rtol_, atol_, record);
  if (record.relative_residual < before.relative_residual)
    return record.relative_residual < 0.5 * before.relative_residual;
  LINNET_CHECK(VecAXPY(x, -1.0, correction_.get()));
  judge_.judge(b, x, rtol_, atol_, record);
  return false;
}

Solve LinearSolver::solve(Vec b, Vec x) {
  Solve record;
  double size = 0.0;
  LINNET_CHECK(VecNorm(b, NORM_2, &size));
  require_range(size);
  const double begin = MPI_Wtime();
  LINNET_CHECK(KSPSetUp(ksp_.get()));
  LINNET_CHECK(KSPSetUpOnBlocks(ksp_.get()));
  const double ready = MPI_Wtime();
  record.setup_seconds = ready - begin;
  LINNET_CHECK(KSPSolve(ksp_.get(), b, x));
  LINNET_CHECK(KSPGetIterationNumber(ksp_.get(), &record.iterations));
  LINNET_CHECK(KSPGetConvergedReason(ksp_.get(), &record.reason));
  judge_.judge(b, x, rtol_, atol_, record);
  const bool finite = std::isfinite(record.relative_residual);
  for (int pass = 0; finite && record.reason > 0 && !record.converged && pass < max_corrections;
       ++pass)
    if (!correct(b, x, record)) break;
  KSPNormType norm = KSP_NORM_DEFAULT;
  LINNET_CHECK(KSPGetNormType(ksp_.get(), &norm));
  record.misled = record.reason > 0 && !record.converged && norm == KSP_NORM_UNPRECONDITIONED;
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
  std::string text = std::string(type) + " with " + (pc_type ? pc_type : "none");
  if (pc_type && std::strcmp(pc_type, PCTAU) == 0) {
    const char* description = nullptr;
    LINNET_CHECK(linnet::fractional::PCTauGetDescription(pc, &description));
    if (description[0] != '\0') text += ": " + std::string(description);
  }
  return text;
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
    const char* remedy =
        solve.at_limit() && solve.asked
            ? "it stands at the limit of double precision for this n; leave -ksp_rtol out"
        : solve.misled || solve.relative_residual <= solve.limit
            ? "data of such a range are beyond double precision; change their units or take a "
              "coefficient that varies less"
            : "raise -ksp_max_it, loosen -ksp_rtol, or take -pc_type tau with -ksp_type gmres, "
              "preconditioned from the right";
    throw linnet::core::Error(linnet::core::ExitCode::not_converged, std::string(text) + remedy);
  }
}

} // namespace app
