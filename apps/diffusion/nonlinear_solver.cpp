// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "nonlinear_solver.hpp"

#include <linnet/core/default_option.hpp>

#include <algorithm>
#include <cmath>

namespace app {

using linnet::core::Options;
using linnet::core::set_default_option;
using linnet::nonlinear::DiffusionNewton;
using namespace linnet::problems;

namespace {

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
  visit_cells(box, [&](int i, int j, int k) {
    const bool fluid = !mask || is_fluid((*mask)(i, j, k));
    values(i, j, k) = fluid ? value(problem.model.grid.center(i, j, k)) : 0.0;
  });
}

const char* remedy(SNESConvergedReason reason) {
  switch (reason) {
  case SNES_DIVERGED_LINEAR_SOLVE:
    return "take -ksp_type fgmres, another -pc_type, or start nearer with "
           "-diffusion_nonlinear_start";
  case SNES_DIVERGED_MAX_IT: return "raise -snes_max_it";
  default: return "start nearer with -diffusion_nonlinear_start, or tighten -ksp_rtol";
  }
}

void require_convergence(const DiffusionNewton::Outcome& outcome) {
  if (outcome.converged()) return;
  throw linnet::core::Error(
      linnet::core::ExitCode::not_converged,
      "Newton's method did not converge: " + std::string(SNESConvergedReasons[outcome.reason]) +
          " after " + std::to_string(outcome.iterations) + " steps; " + remedy(outcome.reason));
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
  set_default_option("-ksp_rtol", "1e-6");
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
  require_convergence(outcome);
  residuals_ = outcome.residuals;
  record.iterations = outcome.linear_iterations;
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
  KSP ksp = nullptr;
  PC pc = nullptr;
  SNESType snes = nullptr;
  KSPType method = nullptr;
  PCType preconditioner = nullptr;
  LINNET_CHECK(SNESGetType(newton_.snes(), &snes));
  LINNET_CHECK(SNESGetKSP(newton_.snes(), &ksp));
  LINNET_CHECK(KSPGetType(ksp, &method));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCGetType(pc, &preconditioner));
  const auto name = [](const char* word) { return std::string(word ? word : "none"); };
  return name(snes) + ", " + name(method) + " with " + name(preconditioner);
}

} // namespace app
