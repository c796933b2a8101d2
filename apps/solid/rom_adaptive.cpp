// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"
#include "rom_adaptive_report.hpp"
#include "rom_options.hpp"
#include "rom_output.hpp"
#include "rom_report.hpp"
#include "runs.hpp"

#include <linnet/core/model_fingerprint.hpp>
#include <linnet/core/phase.hpp>
#include <linnet/rom/solid/adaptive_checkpoint.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace app {

using namespace linnet;
using core::Phase;

namespace {

/// The model and the run of it: from the archive of -rom_archive or the checkpoint of
/// -solid_restart. All files are read, and checked, before begin().
class AdaptiveCase {
public:
  AdaptiveCase(AppContext& context, AdaptiveSummary& summary)
      : context_(context), summary_(summary), path_(source()), problem_(make_problem(context)),
        materials_(problem_->materials.fingerprint()), truth_(comparison_file(context, *problem_)),
        products_(*problem_->model, rom::archive_product(context.comm(), path_)),
        decomposed_(
            rom::DecomposedLoading::of(*problem_->loading, *problem_->model, times_of(*problem_))),
        lifts_(rom::elastic_lifts(*problem_->model, decomposed_)),
        solver_(*problem_->model, *problem_->loading,
                {context.options().real("-solid_tolerance"),
                 context.options().real("-solid_smallest_step")}) {
    if (context.options().is_set("-solid_restart"))
      load_checkpoint();
    else
      archive_.emplace(rom::read_archive(path_, *problem_->model, products_, materials_));
    make_run();
  }

  /// Pre-enrichment, or what the checkpoint says.
  void begin() {
    const Phase phase("Start", nullptr);
    if (!checkpoint_) {
      run_->start();
      return;
    }
    run_->resume(std::move(*checkpoint_));
    if (run_->done() >= run_->steps())
      context_.options().fail("-solid_restart", path_ + " is of a run that has done all of its " +
                                                    std::to_string(run_->done()) +
                                                    " steps; there is nothing to go on with");
  }

  /// False when a stop was asked for before the last step.
  bool advance() {
    const int save_every = context_.options().integer("-solid_checkpoint_every");
    auto progress = context_.progress("step", run_->steps());
    AppContext::defer_stops();
    while (run_->done() < run_->steps()) {
      const rom::OnlineStep& end = step();
      progress.step(run_->done(), note_of(end));
      const bool last = run_->done() == run_->steps();
      const bool stop = context_.stop_requested();
      if (stop || (save_every > 0 && run_->done() % save_every == 0)) save();
      if (stop && !last) return false;
    }
    return true;
  }

  void finish() {
    const core::Options& options = context_.options();
    const rom::Reconstruction fields(run_->model(), decomposed_, lifts_);
    write_fields(fields);
    if (options.is_set("-rom_save")) {
      rom::ArchiveContent content = archive_->content;
      content.online.push_back(run_->history());
      summary_.files.push_back(options.string("-rom_save"));
      rom::write_archive(options.string("-rom_save"), run_->model(), materials_, content);
    }
    report_adaptive(context_, *problem_, *run_, summary_);
  }

  [[nodiscard]] const rom::AdaptiveRun& run() const { return *run_; }

private:
  [[nodiscard]] std::string source() const {
    const core::Options& options = context_.options();
    if (options.is_set("-solid_restart"))
      return context_.find_file("-solid_restart", options.string("-solid_restart"));
    if (!options.is_set("-rom_archive"))
      options.fail("-rom_archive", "must name the file of the reduced model to begin with");
    return context_.find_file("-rom_archive", options.string("-rom_archive"));
  }

  void make_run() {
    rom::AdaptiveOptions options = adaptive_options(context_);
    options.name = "run_" + std::to_string(archive_->content.online.size() + 1);
    run_.emplace(archive_->model,
                 rom::AdaptiveProblem{solver_, *problem_->loading, decomposed_, lifts_}, options);
  }

  void load_checkpoint() {
    rom::AdaptiveCheckpoint checkpoint =
        rom::load_adaptive_run(path_, *problem_->model, products_, materials_);
    const std::string changes = core::model_changes(checkpoint.problem, fingerprint());
    if (!changes.empty())
      context_.options().fail("-solid_restart", path_ + " is of another problem: " + changes +
                                                    "; restart with the same, or start anew");
    archive_.emplace(std::move(checkpoint.archive));
    checkpoint_.emplace(std::move(checkpoint.state));
  }

  [[nodiscard]] std::string fingerprint() const {
    return core::model_fingerprint(context_.options(), "-solid_") + '\n' +
           core::model_fingerprint(context_.options(), "-rom_");
  }

  const rom::OnlineStep& step() {
    const Phase phase("Solve", nullptr);
    try {
      return run_->advance();
    } catch (const core::Error& error) {
      if (error.code() != core::ExitCode::not_converged) throw;
      save();
      throw core::Error(core::ExitCode::not_converged,
                        std::string(error.what()) + "; the state after step " +
                            std::to_string(run_->done()) + " is in " + checkpoint_path(context_) +
                            ", for -solid_restart");
    }
  }

  [[nodiscard]] std::string note_of(const rom::OnlineStep& end) const {
    char text[120];
    if (end.high_fidelity) {
      const rom::HighFidelityCall& call = run_->costs().calls.back();
      std::snprintf(text, sizeof text, "t = %.6g, Ehat %.2e, HF: %d Newton, %d modes, %d points",
                    end.time, call.estimate, call.newton, call.modes_u, call.points);
    } else {
      std::snprintf(text, sizeof text, "t = %.6g, Ehat %.2e, %d reduced Newton", end.time,
                    end.estimate, end.iterations);
    }
    return text;
  }

  void save() {
    const Phase phase("Output", &summary_.output_seconds);
    rom::save_adaptive_run(checkpoint_path(context_), *run_, materials_, archive_->content,
                           fingerprint());
  }

  /// All steps by the modes that the run ended with.
  void write_fields(const rom::Reconstruction& fields) {
    const rom::OnlineHistory& history = run_->history();
    ReducedOutput output(context_, *problem_);
    {
      const Phase phase("Output", &summary_.output_seconds);
      for (std::size_t k = 1; k < history.steps.size(); ++k)
        output.write(fields, history.steps[k], k, k + 1 == history.steps.size());
    }
    if (truth_) {
      const Phase phase("Compare", &summary_.comparison_seconds);
      summary_.errors =
          rom::compare(fields, run_->model(), history, truth_->times(), rom::states_of(*truth_));
    }
    output.write_history(history, summary_.errors ? &*summary_.errors : nullptr);
    output.close();
    summary_.files = output.files();
  }

  AppContext& context_;
  AdaptiveSummary& summary_;
  std::string path_;
  std::unique_ptr<Problem> problem_;
  std::string materials_;
  std::optional<rom::SnapshotFile> truth_;
  rom::SolidProducts products_;
  rom::DecomposedLoading decomposed_;
  linalg::ColumnStore lifts_;
  fem::SolidSolver solver_;
  std::optional<rom::Archive> archive_;
  std::optional<rom::AdaptiveState> checkpoint_;
  std::optional<rom::AdaptiveRun> run_;
};

} // namespace

void run_adaptive(AppContext& context) {
  AdaptiveSummary summary;
  require_writable_outputs(context);
  std::optional<AdaptiveCase> adaptive;
  {
    const Phase phase("Setup", &summary.setup_seconds);
    adaptive.emplace(context, summary);
  }
  adaptive->begin();
  if (!adaptive->advance())
    context.stop("after step " + std::to_string(adaptive->run().done()) + " of " +
                 std::to_string(adaptive->run().steps()) +
                 "; go on with the same options and -solid_restart " + checkpoint_path(context));
  adaptive->finish();
}

} // namespace app
