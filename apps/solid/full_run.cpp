// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"
#include "report.hpp"
#include "run_state.hpp"
#include "runs.hpp"

#include <linnet/core/phase.hpp>
#include <linnet/rom/solid/solid_snapshots.hpp>

#include <cstdio>
#include <optional>

namespace app {

using namespace linnet;
using core::Phase;

namespace {

fem::SolidSolverOptions solver_options(const core::Options& options) {
  return {options.real("-solid_tolerance"), options.real("-solid_smallest_step")};
}

std::string note_of(double t, const fem::StepOutcome& outcome, const fem::StepSummary& summary) {
  char text[160], halved[40] = "";
  if (outcome.halvings > 0)
    std::snprintf(halved, sizeof halved, ", halved %d times", outcome.halvings);
  std::snprintf(text, sizeof text, "t = %.6g, %d Newton, %d linear%s, max p %.3e, max stress %.4g",
                t, outcome.newton, outcome.linear, halved, summary.max_p, summary.max_von_mises);
  return text;
}

/// The loop over the steps.
class FullRun {
public:
  FullRun(AppContext& context, Problem& problem, RunSummary& summary)
      : context_(context), problem_(problem), summary_(summary), state_(problem),
        solver_(*problem.model, *problem.loading, solver_options(context.options())),
        history_(context, problem) {
    std::optional<double> restart;
    if (context.options().is_set("-solid_restart")) {
      state_.load(context, problem);
      restart = state_.time;
    }
    output_.emplace(context, problem, restart, history_);
    start_recording();
  }

  /// False when a stop was asked for before the last step.
  bool advance() {
    const core::Options& options = context_.options();
    const int every = options.integer("-solid_output_every");
    const int save_every = options.integer("-solid_checkpoint_every");
    const auto steps = static_cast<std::int64_t>(problem_.times.size());
    auto progress = context_.progress("step", steps);
    AppContext::defer_stops();
    while (state_.done < steps) {
      const fem::StepOutcome outcome = step();
      progress.step(state_.done, note_of(state_.time, outcome, history_.last()));
      const bool last = state_.done == steps;
      const bool stop = context_.stop_requested();
      const Phase phase("Output", &summary_.output_seconds);
      if (last || state_.done % every == 0)
        output_->write(state_.u.get(), state_.time, state_.done);
      if (stop || (save_every > 0 && state_.done % save_every == 0)) save();
      if (stop && !last) return false;
    }
    return true;
  }

  void close() {
    output_->write_tables(history_);
    output_->close();
    summary_.files = output_->files();
    if (recorder_ && recorder_->steps_written() == static_cast<int>(problem_.times.size())) {
      recorder_->close();
      summary_.files.push_back(context_.options().string("-rom_snapshots"));
    }
    summary_.steps = state_.done;
    summary_.newton = state_.newton;
    summary_.linear = state_.linear;
    summary_.halvings = state_.halvings;
    summary_.time = state_.time;
    summary_.state = history_.last();
    summary_.group = history_.group();
    summary_.group_mean = history_.group_mean();
    summary_.peak_von_mises = history_.peak_von_mises();
    summary_.held = problem_.model->held().all();
  }

  [[nodiscard]] const RunState& state() const { return state_; }

private:
  /// Of every step, for reduced models.
  void start_recording() {
    const core::Options& options = context_.options();
    if (!options.is_set("-rom_snapshots")) return;
    if (options.is_set("-solid_restart"))
      options.fail("-rom_snapshots", "needs a run from the begin, without -solid_restart: what a "
                                     "stopped run has recorded is not kept");
    std::vector<double> times{0.0};
    times.insert(times.end(), problem_.times.begin(), problem_.times.end());
    recorder_.emplace(options.string("-rom_snapshots"), *problem_.model,
                      problem_.materials.fingerprint(),
                      rom::DecomposedLoading::of(*problem_.loading, *problem_.model, times));
  }

  fem::StepOutcome step() {
    const Phase phase("Solve", nullptr);
    const double target = problem_.times[static_cast<std::size_t>(state_.done)];
    fem::StepOutcome outcome;
    try {
      outcome = solver_.step(*problem_.loading, state_.time, target, state_.u.get());
    } catch (const core::Error& error) {
      if (error.code() != core::ExitCode::not_converged) throw;
      give_up(error);
    }
    state_.time = target;
    ++state_.done;
    state_.newton += outcome.newton;
    state_.linear += outcome.linear;
    state_.halvings += outcome.halvings;
    summary_.steps_done.push_back(outcome);
    history_.add(target, state_.u.get(), solver_.reactions(), outcome);
    if (recorder_) recorder_->append(*problem_.model, state_.u.get());
    return outcome;
  }

  /// Saves what was reached, possibly within a step.
  [[noreturn]] void give_up(const core::Error& error) {
    state_.time = solver_.time();
    save();
    output_->close();
    throw core::Error(core::ExitCode::not_converged, std::string(error.what()) +
                                                         "; the state at t = " + time_text() +
                                                         " is in " + checkpoint_path(context_));
  }

  void save() {
    // The rows first: a run that goes on from the checkpoint takes them from the file.
    output_->write_tables(history_);
    state_.save(context_, problem_, checkpoint_path(context_));
  }

  [[nodiscard]] std::string time_text() const {
    char text[40];
    std::snprintf(text, sizeof text, "%.9g", state_.time);
    return text;
  }

  AppContext& context_;
  Problem& problem_;
  RunSummary& summary_;
  RunState state_;
  fem::SolidSolver solver_;
  History history_;
  std::optional<FieldOutput> output_;
  std::optional<rom::SnapshotWriter> recorder_;
};

} // namespace

void run_full(AppContext& context) {
  RunSummary summary;
  require_writable_outputs(context);
  std::unique_ptr<Problem> problem;
  {
    const Phase phase("Setup", &summary.setup_seconds);
    problem = make_problem(context);
  }
  FullRun run(context, *problem, summary);
  const bool completed = run.advance();
  run.close();
  if (!completed) {
    const bool recorded = context.options().is_set("-rom_snapshots");
    context.stop("after step " + std::to_string(run.state().done) + " of " +
                 std::to_string(problem->times.size()) +
                 (recorded ? "; what was recorded is gone: record anew, or go on without "
                             "-rom_snapshots and with -solid_restart "
                           : "; go on with the same options and -solid_restart ") +
                 checkpoint_path(context));
  }
  report(context, *problem, summary);
}

} // namespace app
