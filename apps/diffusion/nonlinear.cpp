// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A steady nonlinear problem by Newton's method.
#include "output.hpp"
#include "runs.hpp"

#include <linnet/core/default_option.hpp>
#include <linnet/core/phase.hpp>
#include <linnet/nonlinear/diffusion_newton.hpp>

#include <algorithm>
#include <cmath>

namespace app {

using linnet::core::Options;
using linnet::core::Phase;
using linnet::core::set_default_option;
using linnet::nonlinear::DiffusionNewton;
using namespace linnet::problems;

namespace {

void require_steady(const Options& options) {
  if (options.integer("-diffusion_time_steps") > 0)
    options.fail("-diffusion_nonlinear", "is for steady problems; take -diffusion_time_steps 0");
  for (const char* name : {"-diffusion_restart", "-diffusion_compress_solids"})
    if (options.is_set(name)) options.fail(name, "cannot be used with -diffusion_nonlinear");
}

/// Before those of linear problems, which then find them there.
void set_newton_defaults(const Options& options) {
  const bool symmetric = options.choice("-diffusion_nonlinear") == "reaction";
  set_default_option("-snes_rtol", "1e-8");
  set_default_option("-snes_stol", "0");
  set_default_option("-ksp_type", symmetric ? "cg" : "fgmres");
  set_default_option("-ksp_rtol", "1e-6");
  set_default_options();
}

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

/// Refuses a problem that leaves u free: its matrices would be singular.
void require_determined(const Options& options, const Problem& problem) {
  if (problem.law->kind != LawKind::reaction && !is_determined(problem))
    options.fail("-diffusion_nonlinear",
                 "nothing fixes u; set a dirichlet or robin face, or -diffusion_reaction");
}

void start(const Options& options, const Problem& problem, DiffusionNewton& newton, Vec u) {
  const auto given = expression_option(options, "-diffusion_nonlinear_start");
  if (!given && is_determined(problem)) return newton.start(u);
  if (!given) return;
  if (given->depends_on_time())
    options.fail("-diffusion_nonlinear_start", "must not depend on the time t");
  const auto box = owned_cells(problem.cells.get());
  const CellArray values(u, box, linnet::grid::Access::write);
  std::optional<CellArray> mask;
  if (problem.mask) mask.emplace(problem.mask.get(), box, linnet::grid::Access::read);
  visit_cells(box, [&](int i, int j, int k) {
    const bool fluid = !mask || is_fluid((*mask)(i, j, k));
    values(i, j, k) = fluid ? (*given)(problem.model.grid.center(i, j, k)) : 0.0;
  });
}

Solve record_of(const DiffusionNewton::Outcome& outcome, double goal, double seconds) {
  Solve record;
  const auto& r = outcome.residuals;
  record.iterations = outcome.linear_iterations;
  record.reason = outcome.converged() ? KSP_CONVERGED_RTOL : KSP_DIVERGED_BREAKDOWN;
  record.relative_residual = !r.empty() && outcome.scale > 0.0 ? r.back() / outcome.scale : 0.0;
  record.goal = goal;
  record.converged = outcome.converged();
  record.solve_seconds = seconds;
  for (std::size_t i = 0; i < r.size(); ++i)
    record.history.push_back({static_cast<PetscInt>(i), r[i]});
  return record;
}

std::string description(const DiffusionNewton& newton) {
  KSP ksp = nullptr;
  PC pc = nullptr;
  SNESType snes = nullptr;
  KSPType method = nullptr;
  PCType preconditioner = nullptr;
  LINNET_CHECK(SNESGetType(newton.snes(), &snes));
  LINNET_CHECK(SNESGetKSP(newton.snes(), &ksp));
  LINNET_CHECK(KSPGetType(ksp, &method));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCGetType(pc, &preconditioner));
  const auto name = [](const char* word) { return std::string(word ? word : "none"); };
  return name(snes) + ", " + name(method) + " with " + name(preconditioner);
}

void integrate(const Problem& problem, const NonlinearDiffusion& equations,
               const DiffusionSystem& system, Vec u, Summary& summary) {
  summary.fluxes = integrate_fluxes(system, u);
  const double reacted = equations.reaction_integral(u);
  summary.fluxes.reaction += reacted;
  summary.fluxes.imbalance -= reacted;
  summary.fluxes.turnover = std::max(summary.fluxes.turnover, std::abs(reacted));
  summary.zero = is_zero(u);
  if (summary.fluxes.turnover > 0.0)
    summary.balance_error = std::abs(summary.fluxes.imbalance) / summary.fluxes.turnover;
  if (problem.manufactured)
    summary.error = solution_error(problem.model.grid, problem.cells.get(), u, problem.mask.get(),
                                   problem.manufactured->solution, 0.0, false);
}

void require_convergence(const DiffusionNewton::Outcome& outcome) {
  if (outcome.converged()) return;
  throw linnet::core::Error(
      linnet::core::ExitCode::not_converged,
      "Newton's method did not converge: " + std::string(SNESConvergedReasons[outcome.reason]) +
          " after " + std::to_string(outcome.iterations) +
          " steps; start nearer with -diffusion_nonlinear_start, raise -snes_max_it, or tighten "
          "-ksp_rtol");
}

} // namespace

void run_nonlinear(AppContext& context) {
  const Options& options = context.options();
  Summary summary;
  require_steady(options);
  require_writable_outputs(context);
  set_newton_defaults(options);
  std::unique_ptr<Problem> problem;
  {
    const Phase phase("Setup", &summary.seconds.setup);
    problem = make_problem(context);
    update_conductivity(*problem, 0.0);
    require_determined(options, *problem);
  }
  DiffusionSystem system(problem->cells.get(), problem->model);
  NonlinearDiffusion equations(system, *problem->law, problem->kappa.get(), problem->mask.get());
  DiffusionNewton newton(equations, preconditioner_needs_rows());
  const Owned<Vec> u = make_cell_vector(problem->cells.get(), "u");
  DiffusionNewton::Outcome outcome;
  {
    const Phase phase("Solve", nullptr);
    double goal = 0.0;
    LINNET_CHECK(SNESGetTolerances(newton.snes(), nullptr, &goal, nullptr, nullptr, nullptr));
    const double begin = MPI_Wtime();
    start(options, *problem, newton, u.get());
    outcome = newton.solve(u.get());
    summary.solves.push_back(record_of(outcome, goal, MPI_Wtime() - begin));
    summary.newton = outcome.residuals;
    summary.solver = description(newton);
  }
  require_convergence(outcome);
  std::vector<std::string> files;
  {
    const Phase phase("Output", &summary.seconds.output);
    equations.assemble(u.get());
    integrate(*problem, equations, system, u.get(), summary);
    FieldOutput output(context, *problem);
    output.write(system, u.get(), 0.0, summary.solves.back().iterations);
    output.close(summary.solves);
    files = output.files();
  }
  finish(context, *problem, summary, files);
}

} // namespace app
