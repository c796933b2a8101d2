// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "nonlinear_solver.hpp"

#include <linnet/core/default_option.hpp>
#include <linnet/nonlinear/snes_guess_operator.hpp>
#include <linnet/nonlinear/snes_neural.hpp>
#include <linnet/problems/cells/cell_function.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace app {

using linnet::core::Options;
using linnet::core::set_default_option;
using linnet::nonlinear::DiffusionNewton;
using namespace linnet::problems;

namespace {

// Of a linear solve in Newton's method: what it leaves, the next step takes along.
constexpr double loose_tolerance = 1e-2;

/// True when the equation with k = 1 and r = 0 has one solution.
bool is_determined(const Problem& problem) {
  const DiffusionModel& model = problem.model;
  const bool walls = problem.solid_cells > 0 && model.wall == WallKind::fixed_value;
  const auto fixes = [](const FaceCondition& c) {
    return c.kind == BoundaryKind::dirichlet || c.kind == BoundaryKind::robin;
  };
  const auto end = model.boundary.begin() + 2 * model.grid.dim;
  return model.reaction > 0.0 || walls || problem.held_cells > 0 ||
         std::any_of(model.boundary.begin(), end, fixes);
}

void fill(const Problem& problem, const Expression& value, Vec u) {
  const auto box = owned_cells(problem.cells.get());
  const CellArray values(u, box, linnet::grid::Access::write);
  std::optional<CellArray> mask;
  if (problem.mask) mask.emplace(problem.mask.get(), box, linnet::grid::Access::read);
  visit_values(problem.model.grid, box, value, 0.0, [&](int i, int j, int k, double here) {
    values(i, j, k) = !mask || is_fluid((*mask)(i, j, k)) ? here : 0.0;
  });
}

/// What is in use already is no remedy.
std::string linear_remedy(SNES snes) {
  KSP ksp = nullptr;
  PC pc = nullptr;
  PetscBool flexible = PETSC_FALSE, boxmg = PETSC_FALSE;
  PetscReal rtol = 0.0;
  LINNET_CHECK(SNESGetKSP(snes, &ksp));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(ksp), KSPFGMRES, &flexible));
  LINNET_CHECK(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc), "boxmg", &boxmg));
  LINNET_CHECK(KSPGetTolerances(ksp, &rtol, nullptr, nullptr, nullptr));
  std::string text = "take ";
  if (!flexible) text += "-ksp_type fgmres, ";
  if (rtol < loose_tolerance) text += "-ksp_rtol 1e-2, ";
  text += boxmg ? "another -pc_type" : "-pc_type boxmg";
  return text + ", or start nearer with -diffusion_nonlinear_start";
}

std::string remedy(SNES snes, SNESConvergedReason reason) {
  switch (reason) {
  case SNES_DIVERGED_LINEAR_SOLVE: return linear_remedy(snes);
  case SNES_DIVERGED_MAX_IT: return "raise -snes_max_it";
  default: return "start nearer with -diffusion_nonlinear_start, or tighten -ksp_rtol";
  }
}

bool is_newton(SNES snes) {
  PetscBool newton = PETSC_FALSE;
  LINNET_CHECK(PetscObjectTypeCompareAny(reinterpret_cast<PetscObject>(snes), &newton, SNESNEWTONLS,
                                         SNESNEWTONTR, SNESKSPONLY, ""));
  return newton == PETSC_TRUE;
}

std::string type_of(SNES snes) {
  SNESType type = nullptr;
  LINNET_CHECK(SNESGetType(snes, &type));
  return type ? type : "none";
}

void require_convergence(SNES snes, const DiffusionNewton::Outcome& outcome) {
  if (outcome.converged()) return;
  throw linnet::core::Error(
      linnet::core::ExitCode::not_converged,
      (is_newton(snes) ? "Newton's method" : "-snes_type " + type_of(snes)) +
          " did not converge: " + std::string(SNESConvergedReasons[outcome.reason]) + " after " +
          std::to_string(outcome.iterations) + " steps; " + remedy(snes, outcome.reason));
}

} // namespace

void prepare_nonlinear(const Options& options) {
  if (options.choice("-diffusion_time_scheme") == "crank_nicolson")
    options.fail("-diffusion_time_scheme",
                 "crank_nicolson is for linear problems; take backward_euler or quasi_steady");
  if (options.is_set("-diffusion_compress_solids"))
    options.fail("-diffusion_compress_solids", "cannot be used with -diffusion_nonlinear");
  const bool symmetric = options.choice("-diffusion_nonlinear") == "reaction";
  set_default_option("-snes_rtol", "1e-8");
  set_default_option("-snes_stol", "0");
  set_default_option("-ksp_type", symmetric ? "cg" : "fgmres");
  // The p-Laplacian's matrix is made of differences: digits beyond their noise cost steps that lead
  // nowhere.
  const bool differences = options.choice("-diffusion_nonlinear") == "p_laplacian";
  set_default_option("-ksp_rtol", differences ? "1e-2" : "1e-6");
}

NonlinearSolver::NonlinearSolver(const AppContext& context, const Problem& problem,
                                 DiffusionSystem& system, bool has_mass)
    : options_(context.options()), problem_(problem),
      equations_(system, *problem.law, problem.kappa.get(), problem.mask.get()),
      newton_(equations_, preconditioner_needs_rows()) {
  if (problem.moves())
    options_.fail("-diffusion_obstacles", "must not turn where -diffusion_nonlinear is given");
  if (!has_mass && problem.law->kind != LawKind::reaction && !is_determined(problem))
    options_.fail("-diffusion_nonlinear",
                  "nothing fixes u; set a dirichlet or robin face, or -diffusion_reaction");
}

void NonlinearSolver::start(Vec u) {
  const auto given = expression_option(options_, "-diffusion_nonlinear_start");
  if (given && given->depends_on_time())
    options_.fail("-diffusion_nonlinear_start", "must not depend on the time t");
  if (given)
    fill(problem_, *given, u);
  else if (is_determined(problem_))
    newton_.start(u);
}

Solve NonlinearSolver::solve(Vec u) {
  Solve record;
  LINNET_CHECK(SNESGetTolerances(newton_.snes(), nullptr, &record.goal, nullptr, nullptr, nullptr));
  const double begin = MPI_Wtime();
  const DiffusionNewton::Outcome outcome = newton_.solve(u);
  record.solve_seconds = MPI_Wtime() - begin;
  require_convergence(newton_.snes(), outcome);
  residuals_ = outcome.residuals;
  record.iterations = outcome.linear_iterations;
  record.newton_steps = outcome.iterations;
  record.reason = KSP_CONVERGED_RTOL;
  record.relative_residual = outcome.scale > 0.0 ? residuals_.back() / outcome.scale : 0.0;
  record.converged = true;
  for (std::size_t i = 0; i < residuals_.size(); ++i)
    record.history.push_back({static_cast<PetscInt>(i), residuals_[i]});
  equations_.assemble(u);
  return record;
}

void NonlinearSolver::add_reaction(Vec u, FluxReport& fluxes) const {
  const double reacted = equations_.reaction_integral(u);
  fluxes.reaction += reacted;
  fluxes.imbalance -= reacted;
  fluxes.turnover = std::max(fluxes.turnover, std::abs(reacted));
}

std::string NonlinearSolver::description() const {
  const SNES snes = newton_.snes();
  SNES inner = nullptr;
  KSP ksp = nullptr;
  PC pc = nullptr;
  KSPType method = nullptr;
  PCType preconditioner = nullptr;
  PetscBool has_inner = PETSC_FALSE;
  LINNET_CHECK(SNESHasNPC(snes, &has_inner));
  if (has_inner) LINNET_CHECK(SNESGetNPC(snes, &inner));
  std::string text = type_of(snes);
  if (has_inner) text += " with " + type_of(inner) + " as nonlinear preconditioner";
  if (!is_newton(has_inner ? inner : snes) && !is_newton(snes)) return text;
  LINNET_CHECK(SNESGetKSP(is_newton(snes) ? snes : inner, &ksp));
  LINNET_CHECK(KSPGetType(ksp, &method));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCGetType(pc, &preconditioner));
  const auto name = [](const char* word) { return std::string(word ? word : "none"); };
  return text + ", " + name(method) + " with " + name(preconditioner);
}

std::string NonlinearSolver::guess_note() const {
  linnet::nonlinear::SnesGuessInfo info;
  PetscBool exists = PETSC_FALSE;
  LINNET_CHECK(linnet::nonlinear::SNESGuessOperatorGetInfo(newton_.snes(), &exists, &info));
  if (!exists) return {};
  char text[160];
  std::snprintf(text, sizeof text,
                "start of the network taken in %d of %d solves, in part in %d; residual %.3e, "
                "%.3e without it",
                static_cast<int>(info.taken), static_cast<int>(info.guesses),
                static_cast<int>(info.on_line), info.residual, info.plain);
  return text;
}

std::string NonlinearSolver::step_note() const {
  SNES snes = newton_.snes();
  PetscBool has_inner = PETSC_FALSE;
  LINNET_CHECK(SNESHasNPC(snes, &has_inner));
  if (has_inner) LINNET_CHECK(SNESGetNPC(snes, &snes));
  if (type_of(snes) != SNESNEURAL) return {};
  linnet::nonlinear::SnesNeuralInfo info;
  LINNET_CHECK(linnet::nonlinear::SNESNeuralGetInfo(snes, &info));
  char text[160];
  std::snprintf(text, sizeof text,
                "%d steps of the network taken, %d refused, %d left out; %d of the fallback taken",
                static_cast<int>(info.accepted), static_cast<int>(info.rejected),
                static_cast<int>(info.left_out), static_cast<int>(info.fallback));
  return text;
}

std::vector<std::string> NonlinearSolver::network_notes() const {
  std::vector<std::string> notes;
  for (const std::string& note : {guess_note(), step_note()})
    if (!note.empty()) notes.push_back(note);
  return notes;
}

} // namespace app
