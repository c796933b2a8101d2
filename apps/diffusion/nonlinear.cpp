// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A steady nonlinear problem.
#include "nonlinear_solver.hpp"
#include "runs.hpp"

#include <linnet/core/phase.hpp>

#include <cmath>

namespace app {

using linnet::core::Phase;
using namespace linnet::problems;

namespace {

void integrate(const Problem& problem, const NonlinearSolver& solver, const DiffusionSystem& system,
               Vec u, Summary& summary) {
  summary.fluxes = integrate_fluxes(system, u);
  solver.add_reaction(u, summary.fluxes);
  summary.zero = is_zero(u);
  if (summary.fluxes.turnover > 0.0)
    summary.balance_error = std::abs(summary.fluxes.imbalance) / summary.fluxes.turnover;
  if (problem.manufactured)
    summary.error = solution_error(problem.model.grid, problem.cells.get(), u, problem.mask.get(),
                                   problem.manufactured->solution, 0.0, false);
}

} // namespace

void run_nonlinear(AppContext& context) {
  Summary summary;
  require_writable_outputs(context);
  prepare_nonlinear(context.options());
  set_default_options();
  std::unique_ptr<Problem> problem;
  {
    const Phase phase("Setup", &summary.seconds.setup);
    problem = make_problem(context);
    update_conductivity(*problem, 0.0);
  }
  DiffusionSystem system(problem->cells.get(), problem->model);
  NonlinearSolver solver(context, *problem, system, false);
  const Owned<Vec> u = make_cell_vector(problem->cells.get(), "u");
  {
    const Phase phase("Solve", nullptr);
    solver.start(u.get());
    summary.solves.push_back(solver.solve(u.get()));
    summary.newton = solver.residuals();
    summary.solver = solver.description();
    summary.networks = solver.network_notes();
  }
  std::vector<std::string> files;
  {
    const Phase phase("Output", &summary.seconds.output);
    integrate(*problem, solver, system, u.get(), summary);
    FieldOutput output(context, *problem);
    output.write(system, u.get(), 0.0, summary.solves.back().iterations);
    output.close(summary.solves);
    files = output.files();
  }
  finish(context, *problem, summary, files);
}

} // namespace app
