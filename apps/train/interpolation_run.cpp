// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "interpolation_run.hpp"

#include "checkpoint_pace.hpp"
#include "held_out_media.hpp"
#include "history.hpp"
#include "interpolation_task.hpp"
#include "options.hpp"

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/text.hpp>
#include <linnet/core/version.hpp>
#include <linnet/io/results.hpp>
#include <linnet/io/writable_outputs.hpp>
#include <linnet/multigrid/cycle_model_file.hpp>

#include <cmath>
#include <cstdio>
#include <numeric>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using namespace linnet::multigrid;
using namespace linnet::nn;

namespace {

// Patches take the numbers from 0 on, media held out others.
constexpr std::int64_t held_out_numbers = 1000000000;

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

class InterpolationTraining {
public:
  explicit InterpolationTraining(AppContext& context)
      : context_(context), options_(context.options()), stem_(options_.string("-train_output")),
        media_(media_options(options_)),
        task_(media_, options_.integer64("-train_samples"), options_.integer("-train_power_steps")),
        trainer_(context.comm(), task_,
                 with_epochs(options_, trainer_options(options_), task_.samples())) {}

  void run() {
    linnet::io::require_writable_outputs(context_, {{"-train_output", stem_ + ".model.h5"},
                                                    {"-train_output", stem_ + ".history.csv"},
                                                    {"-train_output", stem_ + ".history.h5"},
                                                    {"-train_output", stem_ + ".checkpoint"}});
    start();
    context_.print("train: interpolation of black-box multigrid, %d %s\n", context_.ranks(),
                   context_.ranks() == 1 ? "rank" : "ranks");
    context_.print("  patches       %lld for training, %lld for validation, of %s cells\n",
                   static_cast<long long>(trainer_.split().training),
                   static_cast<long long>(trainer_.split().validation),
                   options_.text("-train_grid").c_str());
    context_.print("  parameters    %zu\n", task_.graph().parameters.count());
    loop();
    trainer_.save(checkpoint(), recipe(options_)); // should the verdict fail
    judge();
    save();
    finish();
  }

private:
  void start() {
    const auto file = [&](const char* option) {
      return context_.find_file(option, options_.string(option));
    };
    if (options_.is_set("-train_restart"))
      trainer_.load(file("-train_restart"), recipe(options_));
    else if (options_.is_set("-train_start"))
      trainer_.start_from(task_.parameters(start_weights(file("-train_start"))));
  }
  [[nodiscard]] InterpolationWeights start_weights(const std::string& path) const {
    const auto weights = read_interpolation_model(context_.comm(), path).weights;
    if (weights.dimension != media_.dim)
      options_.fail("-train_start", "was trained on grids of " + std::to_string(weights.dimension) +
                                        " dimensions, and -train_dim is " +
                                        options_.text("-train_dim"));
    return weights;
  }

  void loop() {
    const std::int64_t each = trainer_.steps_per_epoch(),
                       total = options_.integer64("-train_epochs") * each;
    CheckpointPace pace(context_);
    auto progress = context_.progress("training", total);
    const double start = context_.seconds();
    AppContext::defer_stops();
    while (trainer_.steps() < total) {
      const double loss = trainer_.step();
      const std::int64_t steps = trainer_.steps();
      char note[80];
      if (steps % each == 0)
        std::snprintf(note, sizeof note, "loss %.4f, validation %.4f",
                      trainer_.history().back().training, trainer_.history().back().validation);
      else
        std::snprintf(note, sizeof note, "loss %.4f", loss);
      progress.step(steps, note);
      if (steps % each == 0 && steps < total && pace.is_due(steps / each)) {
        save();
        pace.saved();
      }
      if (steps < total && context_.stop_requested()) {
        save();
        context_.stop("saved " + checkpoint() + "; go on with -train_restart " + checkpoint());
      }
    }
    progress.finish();
    train_seconds_ = context_.seconds() - start;
  }

  void judge() {
    held_out_ = judge_interpolation(context_.comm(), media_, held_out_numbers,
                                    options_.integer("-train_held_out"),
                                    options_.integer("-train_held_out_scale"), weights());
    context_.print(
        "  held out      %.2f iterations to 1e-8 black-box, %.2f trained, at worst %+d\n",
        mean(held_out_.black_box), mean(held_out_.trained), held_out_.worst(held_out_.trained));
    context_.print("                %.2f with the fallback, at worst %+d\n",
                   mean(held_out_.guarded), held_out_.worst(held_out_.guarded));
    for (std::size_t k = 0; k < media_.kinds.size(); ++k) {
      const int kind = static_cast<int>(k);
      context_.print("                %-12s network kept on %.0f %%, median gain %.2f\n",
                     media_.kinds[k].c_str(), 100.0 * held_out_.active_part(kind),
                     held_out_.median_gain(kind));
    }
    context_.print("  verdict       %s\n",
                   held_out_.is_safe() ? "nowhere more than one iteration more"
                                       : "costs iterations somewhere, in spite of the fallback");
  }

  [[nodiscard]] InterpolationWeights weights() const {
    return task_.weights(trainer_.best_parameters());
  }
  [[nodiscard]] std::string checkpoint() const { return stem_ + ".checkpoint"; }

  void save() {
    trainer_.save(checkpoint(), recipe(options_));
    write_history(context_.comm(), stem_, trainer_.history());
    write_interpolation_model(context_.comm(), stem_ + ".model.h5", {weights(), card()});
  }

  [[nodiscard]] std::map<std::string, std::string> card() const {
    using linnet::core::number_text;
    std::map<std::string, std::string> card{
        {"command", context_.command()},
        {"recipe", recipe(options_)},
        {"version", LINNET_VERSION " (" LINNET_GIT_COMMIT ")"},
        {"training_seconds", number_text(std::round(1e3 * trainer_.seconds()) / 1e3)}};
    double best = HUGE_VAL;
    for (const EpochRecord& r : trainer_.history()) {
      if (!(r.validation < best)) continue;
      best = r.validation;
      card["loss_training"] = number_text(r.training);
      card["loss_validation"] = number_text(r.validation);
    }
    if (held_out_.trained.empty()) return card;
    card["iterations_held_out"] = number_text(mean(held_out_.trained));
    card["iterations_held_out_black_box"] = number_text(mean(held_out_.black_box));
    card["iterations_held_out_fallback"] = number_text(mean(held_out_.guarded));
    card["iterations_more_at_worst"] = std::to_string(held_out_.worst(held_out_.guarded));
    return card;
  }

  void finish() {
    linnet::io::Results results;
    results.app = context_.name();
    results.command = context_.command();
    results.ranks = context_.ranks();
    results.unknowns = static_cast<std::int64_t>(task_.graph().parameters.count());
    results.converged = true;
    results.reason = "all epochs done";
    results.solve_seconds = train_seconds_;
    results.total_seconds = context_.seconds();
    results.peak_memory_mb = linnet::io::peak_memory_mb(context_.comm());
    results.outputs = {stem_ + ".model.h5", stem_ + ".history.csv", stem_ + ".history.h5",
                       checkpoint()};
    auto& own = results.objects["train"];
    std::vector<double> training, validation;
    for (const EpochRecord& r : trainer_.history()) {
      training.push_back(r.training);
      validation.push_back(r.validation);
    }
    own["loss"] = training;
    own["loss_held_out"] = validation;
    own["weights"] = weights().values;
    own["kinds"] = media_.kinds;
    own["kind"] = held_out_.kind;
    own["contrast"] = held_out_.contrast;
    own["iterations_black_box"] = held_out_.black_box;
    own["iterations_trained"] = held_out_.trained;
    own["iterations_guarded"] = held_out_.guarded;
    own["active"] = held_out_.active;
    own["is_safe"] = held_out_.is_safe();
    context_.print("  training      %.1f s\n", train_seconds_);
    context_.print("  model         %s\n", (stem_ + ".model.h5").c_str());
    if (!context_.results_file().empty())
      linnet::io::write_results(context_.comm(), context_.results_file(), results);
  }

  AppContext& context_;
  const Options& options_;
  std::string stem_;
  MediaOptions media_;
  InterpolationTask task_;
  Trainer trainer_;
  HeldOutMedia held_out_;
  double train_seconds_ = 0.0;
};

} // namespace

void run_interpolation_training(AppContext& context) {
  LINNET_CHECK(linnet::core::ensure_kokkos());
  InterpolationTraining(context).run();
}

} // namespace app
