// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"
#include "runs.hpp"
#include "time_stepper.hpp"

#include <linnet/core/phase.hpp>

#include <cstdio>

namespace app {

using linnet::core::Phase;

namespace {

const std::vector<std::string> history_columns = {"time", "integral", "iterations"};

std::string note_of(const TimeStepper& stepper, PetscInt iterations) {
  char text[80];
  std::snprintf(text, sizeof text, "t = %.6g, %d iterations", stepper.time(),
                static_cast<int>(iterations));
  return text;
}

/// The loop over the steps. False when it was asked to stop before the end.
bool advance(AppContext& context, const Discretisation& discretisation, TimeStepper& stepper,
             FieldOutput& output, std::vector<double>& history, Summary& summary) {
  const auto& options = context.options();
  const int every = options.integer("-riesz_output_every");
  const int save_every = options.integer("-riesz_checkpoint_every");
  auto progress = context.progress("step", stepper.expected_steps());
  AppContext::defer_stops();
  while (!stepper.finished()) {
    PetscInt iterations = 0;
    {
      const Phase phase("Solve", nullptr);
      const std::size_t before = stepper.solves().size();
      stepper.step();
      for (std::size_t s = before; s < stepper.solves().size(); ++s)
        iterations += stepper.solves()[s].iterations;
    }
    progress.step(stepper.done(), note_of(stepper, iterations));
    const bool last = stepper.finished(), stop = context.stop_requested();
    const Phase phase("Output", &summary.output_seconds);
    history.insert(history.end(), {stepper.time(), discretisation.integral(stepper.coefficients()),
                                   static_cast<double>(iterations)});
    if (last || stepper.done() % every == 0)
      output.write(stepper.coefficients(), stepper.time(), stepper.done());
    if ((stop && stepper.can_restart()) || (save_every > 0 && stepper.done() % save_every == 0)) {
      output.write_history("integral", history_columns, history);
      stepper.save(checkpoint_path(context));
    }
    if (stop && !last) return false;
  }
  return true;
}

} // namespace

void run_steps(AppContext& context) {
  Summary summary;
  require_writable_outputs(context, {".h5", ".xdmf"});
  std::optional<Discretisation> discretisation;
  std::optional<TimeStepper> stepper;
  {
    const Phase phase("Setup", &summary.problem_seconds);
    discretisation.emplace(context, make_problem(context));
    stepper.emplace(context, *discretisation);
    stepper->start();
  }
  print_problem(context, *discretisation);
  std::optional<double> restart;
  if (stepper->done() > 0) restart = stepper->time();
  FieldOutput output(context, *discretisation, restart);
  std::vector<double> history;
  if (restart)
    history = output.earlier("integral", history_columns, *restart);
  else
    output.write(stepper->coefficients(), 0.0, 0);
  if (!restart) history = {0.0, discretisation->integral(stepper->coefficients()), 0.0};
  const bool completed = advance(context, *discretisation, *stepper, output, history, summary);
  output.close("integral", history_columns, history);
  if (!completed) {
    const std::string remedy =
        stepper->can_restart()
            ? "; go on with the same options and -riesz_restart " + checkpoint_path(context)
            : "; this -ts_type or -ts_adapt_type cannot be taken up, start anew";
    context.stop("after step " + std::to_string(stepper->done()) +
                 ", t = " + std::to_string(stepper->time()) + remedy);
  }
  summary.solves = stepper->solves();
  summary.solver = stepper->description();
  summary.files = output.files();
  if (discretisation->problem().exact)
    summary.errors = discretisation->errors(stepper->coefficients(), stepper->time());
  summary.own = {{"time", stepper->time()},
                 {"steps", std::int64_t{stepper->done()}},
                 {"integral", history[history.size() - 2]}};
  const double end = context.options().real("-riesz_time_end");
  context.print("  time          t = %.8g after %d steps%s\n", stepper->time(),
                static_cast<int>(stepper->done()),
                stepper->time() < end * (1.0 - 1e-12) ? "; -ts_max_steps ended it" : "");
  context.print("  integral      %.8g of u over the box\n", history[history.size() - 2]);
  print_ends(context, *discretisation, stepper->coefficients());
  export_matrices(context, *discretisation, stepper->coefficients());
  if (context.options().is_set("-riesz_export"))
    summary.files.push_back(context.options().string("-riesz_export"));
  finish(context, *discretisation, summary);
  require_convergence(summary.solves);
}

} // namespace app
