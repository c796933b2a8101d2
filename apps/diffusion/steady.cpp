// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "balance.hpp"
#include "convergence.hpp"
#include "output.hpp"
#include "runs.hpp"

#include <linnet/core/phase.hpp>

namespace app {

using linnet::core::Phase;
using namespace linnet::problems;

namespace {

/// What the solver does not need, before it takes memory itself.
void release_scratch(const Problem& problem, DiffusionSystem& system) {
  system.release_couplings();
  LINNET_CHECK(DMClearGlobalVectors(problem.cells.get()));
  LINNET_CHECK(DMClearLocalVectors(problem.cells.get()));
}

} // namespace

void run_steady(AppContext& context) {
  Summary summary;
  if (context.options().is_set("-linnet_time_limit"))
    context.warn(context.options().sources().place("-linnet_time_limit") +
                 ": has no effect; it needs -diffusion_time_steps");
  require_writable_outputs(context);
  set_default_options();
  std::unique_ptr<Problem> problem;
  {
    const Phase phase("Setup", &summary.seconds.setup);
    problem = make_problem(context);
    update_conductivity(*problem, 0.0);
  }
  DiffusionSystem system(problem->cells.get(), problem->model);
  LinearSolver solver(*problem, context.options().boolean("-diffusion_compress_solids"));
  std::optional<FloatingPieces> pieces;
  const Owned<Vec> u = make_cell_vector(problem->cells.get(), "u");
  {
    const Phase phase("Assemble", &summary.seconds.assemble);
    system.assemble(problem->kappa.get(), problem->mask.get(), 0.0);
    pieces.emplace(system, problem->mask.get(), problem->compatibility);
    solver.set_operator(system, &*pieces);
    release_scratch(*problem, system);
  }
  {
    const Phase phase("Solve", nullptr);
    summary.solves.push_back(solver.solve(system.rhs(), u.get()));
    pieces->remove_means(problem->cells.get(), u.get());
  }
  summary.solver = solver.description();
  solver.release();
  std::vector<std::string> files;
  {
    const Phase phase("Output", &summary.seconds.output);
    integrate_steady(*problem, system, solver, *pieces, u.get(), summary);
    FieldOutput output(context, *problem);
    output.write(system, u.get(), 0.0, summary.solves.back().iterations);
    output.close(summary.solves);
    files = output.files();
  }
  finish(context, *problem, summary, files);
  require_convergence(summary.solves);
}

} // namespace app
