// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"
#include "problem.hpp"
#include "rom_options.hpp"
#include "runs.hpp"

#include <linnet/core/phase.hpp>
#include <linnet/io/results.hpp>
#include <linnet/rom/solid/archive.hpp>

namespace app {

using namespace linnet;
using core::Phase;

namespace {

/// Seconds of the parts of a training.
struct TrainingSeconds {
  double setup = 0.0, reading = 0.0, model = 0.0, budget = 0.0, calibration = 0.0, writing = 0.0;
};

class Training {
public:
  Training(AppContext& context, const Problem& problem, TrainingSeconds& seconds)
      : context_(context), problem_(problem), seconds_(seconds),
        products_(*problem.model, product_kind(context)) {}

  void read() {
    const Phase phase("Read", &seconds_.reading);
    for (const std::string& file : training_files(context_)) {
      loadings_.push_back(
          rom::read_training_loading(file, *problem_.model, problem_.materials.fingerprint()));
      context_.print("  %s: %d steps\n", file.c_str(), loadings_.back().steps());
    }
  }

  rom::SolidReducedModel learn() {
    const Phase phase("Train", &seconds_.model);
    const std::vector<rom::TrainingPart> parts(loadings_.begin(), loadings_.end());
    return rom::train_reduced_model(*problem_.model, products_, parts,
                                    training_options(context_, problem_.model->points_per_cell()));
  }

  /// Where the errors on the training's own loadings come from.
  void print_budget(const rom::SolidReducedModel& model) {
    const Phase phase("Budget", &seconds_.budget);
    for (const rom::TrainingLoading& loading : loadings_) {
      const auto run = [&](rom::QuadratureKind kind) {
        return rom::run_reduced(model, kind, loading.loading, loading.lifts,
                                newton_options(context_));
      };
      try {
        const rom::OnlineHistory reduced = run(rom::QuadratureKind::ecm),
                                 full = run(rom::QuadratureKind::full);
        const auto budget = rom::solid_error_budget(model, loading, reduced, &full);
        context_.print("  %s: displacement   %s\n", loading.name.c_str(),
                       to_string(budget.displacement).c_str());
        context_.print("  %s: plastic strain %s\n", loading.name.c_str(),
                       to_string(budget.plastic_strain).c_str());
      } catch (const core::Error& error) {
        if (error.code() != core::ExitCode::not_converged) throw;
        context_.warn(loading.name + " has no error budget: " + error.what());
      }
    }
  }

  rom::Calibration calibrate() {
    const Phase phase("Calibrate", &seconds_.calibration);
    rom::CalibrationRunOptions options;
    options.training = training_options(context_, problem_.model->points_per_cell());
    options.newton = newton_options(context_);
    options.calibration = calibration_options(context_);
    if (options.calibration.kind == rom::CalibrationKind::identity) return {};
    if (loadings_.size() == 1)
      context_.warn("with one loading the indicator is calibrated by models of its first steps "
                    "alone; give -rom_train more loadings");
    runs_ = rom::calibration_runs(
        *problem_.model, products_, loadings_, options,
        [&](const std::string& line) { context_.print("  %s\n", line.c_str()); });
    if (runs_.pairs.empty())
      context_.warn("there is no plastic flow in these loadings that a calibration could rest on; "
                    "take ones that yield, or -rom_calibration identity");
    else if (runs_.pairs.size() < options.least_pairs)
      context_.warn("the calibration rests on " + std::to_string(runs_.pairs.size()) +
                    " pairs, fewer than " + std::to_string(options.least_pairs) +
                    "; give -rom_train more loadings or steps");
    return rom::Calibration::fit(runs_.pairs, options.calibration);
  }

  [[nodiscard]] const rom::CalibrationRuns& runs() const { return runs_; }
  [[nodiscard]] std::size_t loadings() const { return loadings_.size(); }

private:
  AppContext& context_;
  const Problem& problem_;
  TrainingSeconds& seconds_;
  rom::SolidProducts products_;
  std::vector<rom::TrainingLoading> loadings_;
  rom::CalibrationRuns runs_;
};

void print_model(const AppContext& context, const rom::SolidReducedModel& model) {
  const rom::SolidBasis& basis = model.basis();
  const std::size_t of_rule = model.points().rule.points.size();
  context.print("  modes         %d of displacement, %d of plastic strain, %d of stress\n",
                static_cast<int>(basis.displacement().size()),
                static_cast<int>(basis.plastic_strain().size()),
                static_cast<int>(basis.stress().size()));
  context.print("  points        %zu of the cubature (residual %.2e) and %zu more of %lld\n",
                of_rule, model.points().rule.residual, model.points().points.size() - of_rule,
                static_cast<long long>(basis.model().all_points()));
  if (model.plastic_strain_fit())
    context.print("  gappy fit     condition %.2f of plastic strain, %.2f of stress\n",
                  model.plastic_strain_fit()->condition(), model.stress_fit()->condition());
}

void print_calibration(const AppContext& context, const rom::CalibrationRuns& runs,
                       const rom::Calibration& calibration) {
  if (runs.pairs.empty()) return;
  const auto quality = calibration.quality(runs.pairs);
  context.print("  calibration   %zu pairs of %d models in %d runs (%d failed): Spearman %.3f, "
                "Pearson %.3f, coverage %.3f\n",
                runs.pairs.size(), runs.models, runs.runs, runs.failed, quality.spearman,
                quality.pearson, quality.coverage);
  context.print("                a %.3f, b %.3f, s %.3f decades\n", calibration.data().slope,
                calibration.data().intercept, calibration.data().deviation);
}

io::Results results_of(const AppContext& context, const Problem& problem,
                       const rom::SolidReducedModel& model, const Training& training,
                       const TrainingSeconds& seconds, const std::string& archive) {
  io::Results results;
  results.app = context.name();
  results.command = context.command();
  results.ranks = context.ranks();
  results.unknowns = 3 * std::int64_t{problem.mesh.all_nodes()};
  results.converged = true;
  results.reason = "TRAINED";
  results.setup_seconds = seconds.setup;
  results.solve_seconds = seconds.model + seconds.calibration;
  results.total_seconds = context.seconds();
  results.peak_memory_mb = io::peak_memory_mb(context.comm());
  results.outputs = {archive};
  auto& own = results.objects["rom"];
  own["loadings"] = static_cast<std::int64_t>(training.loadings());
  own["modes_u"] = std::int64_t{model.basis().displacement().size()};
  own["modes_p"] = std::int64_t{model.basis().plastic_strain().size()};
  own["modes_sigma"] = std::int64_t{model.basis().stress().size()};
  own["cubature_points"] = static_cast<std::int64_t>(model.points().rule.points.size());
  own["points"] = static_cast<std::int64_t>(model.points().points.size());
  own["cubature_residual"] = model.points().rule.residual;
  own["calibration_pairs"] = static_cast<std::int64_t>(training.runs().pairs.size());
  const auto quality = model.calibration().quality(training.runs().pairs);
  own["spearman"] = quality.spearman;
  own["coverage"] = quality.coverage;
  own["seconds_reading"] = seconds.reading;
  own["seconds_model"] = seconds.model;
  own["seconds_budget"] = seconds.budget;
  own["seconds_calibration"] = seconds.calibration;
  own["seconds_writing"] = seconds.writing;
  return results;
}

} // namespace

void run_train(AppContext& context) {
  TrainingSeconds seconds;
  const std::string archive = context.options().string("-rom_archive");
  if (archive.empty()) context.options().fail("-rom_archive", "must name the file to write");
  require_writable_outputs(context);
  std::unique_ptr<Problem> problem;
  {
    const Phase phase("Setup", &seconds.setup);
    problem = make_problem(context);
  }
  context.print("reduced model of a solid with %lld unknowns, learnt from\n",
                3LL * static_cast<long long>(problem->mesh.all_nodes()));
  Training training(context, *problem, seconds);
  training.read();
  rom::SolidReducedModel model = training.learn();
  print_model(context, model);
  training.print_budget(model);
  model.set_calibration(training.calibrate());
  print_calibration(context, training.runs(), model.calibration());
  {
    const Phase phase("Write", &seconds.writing);
    rom::write_archive(archive, model, problem->materials.fingerprint(),
                       {training_text(context), {}});
  }
  context.print("  seconds       set-up %.3f, reading %.3f, modes and points %.3f, error budget "
                "%.3f, calibration %.3f, writing %.3f; total %.3f\n  archive       %s\n",
                seconds.setup, seconds.reading, seconds.model, seconds.budget, seconds.calibration,
                seconds.writing, context.seconds(), archive.c_str());
  if (!context.results_file().empty())
    io::write_results(context.comm(), context.results_file(),
                      results_of(context, *problem, model, training, seconds, archive));
}

} // namespace app
