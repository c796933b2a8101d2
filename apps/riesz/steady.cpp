// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"
#include "runs.hpp"

#include <linnet/core/phase.hpp>

namespace app {

using linnet::core::Phase;

void run_steady(AppContext& context) {
  Summary summary;
  if (context.options().is_set("-linnet_time_limit"))
    context.warn(context.options().sources().place("-linnet_time_limit") +
                 ": has no effect; it needs -riesz_time_end");
  require_writable_outputs(context, {".h5", ".xdmf"});
  std::optional<Discretisation> discretisation;
  Owned<Vec> b, c;
  {
    const Phase phase("Setup", &summary.problem_seconds);
    discretisation.emplace(context, make_problem(context));
    b = discretisation->make_vector();
    c = discretisation->make_vector();
    discretisation->fill_source(0.0, b.get());
  }
  print_problem(context, *discretisation);
  FieldOutput output(context, *discretisation); // refuses a grid before the work
  {
    const Phase phase("Solve", nullptr);
    LinearSolver solver(discretisation->matrix());
    summary.solves.push_back(solver.solve(b.get(), c.get()));
    summary.solver = solver.description();
  }
  print_ends(context, *discretisation, c.get());
  {
    const Phase phase("Output", &summary.output_seconds);
    if (discretisation->problem().exact) summary.errors = discretisation->errors(c.get(), 0.0);
    summary.own["integral"] = discretisation->integral(c.get());
    output.write(c.get(), 0.0, summary.solves.back().iterations);
    output.close("residual", {"iterations", "relative_residual"},
                 {static_cast<double>(summary.solves.back().iterations),
                  summary.solves.back().relative_residual});
    summary.files = output.files();
    export_matrices(context, *discretisation, c.get());
    if (context.options().is_set("-riesz_export"))
      summary.files.push_back(context.options().string("-riesz_export"));
  }
  finish(context, *discretisation, summary);
  require_convergence(summary.solves);
}

} // namespace app
