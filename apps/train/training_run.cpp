// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "training_run.hpp"

#include "checkpoint_pace.hpp"
#include "history.hpp"
#include "meta_options.hpp"
#include "options.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/text.hpp>
#include <linnet/core/version.hpp>
#include <linnet/io/writable_outputs.hpp>

#include <cmath>
#include <cstdio>

namespace app {

using linnet::core::AppContext;
using namespace linnet::nn;
namespace kernels = linnet::kernels;

TrainingRun::TrainingRun(AppContext& context)
    : context_(context), options_(context.options()), stem_(options_.string("-train_output")) {}

void TrainingRun::run() {
  linnet::io::require_writable_outputs(
      context_, {{"-train_output", stem_ + ".model.h5"},
                 {"-train_output", stem_ + ".history.csv"},
                 {"-train_output", stem_ + ".history.h5"},
                 {"-train_output", stem_ + ".checkpoint"},
                 {"-train_samples_file", options_.string("-train_samples_file")}});
  LINNET_CHECK(linnet::core::ensure_kokkos());
  set_up();
  print_start();
  loop();
  save_outputs(); // what has been learned stays, should the verdict fail
  judge(*trainer_);
  save_outputs();
  finish();
}

void TrainingRun::set_up() {
  const bool restarts = options_.is_set("-train_restart");
  if (options_.is_set("-train_start") && (!restarts || restart_needs_start())) load_start();
  const ResolvedGraph graph = prepare();
  if (start_) require_start(graph);
  if (!start_ && adapter_options(options_))
    options_.fail("-train_lora_rank", "needs -train_start: a model whose weights stay");
  const TrainerOptions training = with_epochs(options_, trainer_options(), sample_count());
  if (restarts) require_training_checkpoint(context_.comm(), restart_file(), training_text());
  sample_seconds_ = make_samples();
  task_ = &make_task(graph);
  if (const auto low_rank = adapter_options(options_))
    task_ = &adapters_.emplace(*task_, start_parameters(graph.parameters), *low_rank);
  trainer_.emplace(context_.comm(), *task_, training);
  if (start_ && !adapters_ && !restarts) trainer_->start_from(start_parameters(task_->layout()));
  if (restarts) trainer_->load(restart_file(), training_text());
  trainer_->spend(sample_seconds_);
}

std::string TrainingRun::training_text() const { return recipe(options_) + "; " + data_text(); }

std::string TrainingRun::restart_file() const {
  return context_.find_file("-train_restart", options_.string("-train_restart"));
}

bool TrainingRun::restart_needs_start() const { return adapter_options(options_).has_value(); }

void TrainingRun::load_start() {
  const char* option = "-train_start";
  start_ = load_model(context_.comm(), context_.find_file(option, options_.string(option)));
}

/// What is frozen must be there.
void TrainingRun::require_start(const ResolvedGraph& graph) const {
  const auto values = parameter_buffer<float>(graph.parameters);
  const std::size_t found = copy_matching_blocks(*start_, graph.parameters, values),
                    all = graph.parameters.blocks().size();
  if (found == 0)
    options_.fail("-train_start", "has no parameters that the network has: none of the same name "
                                  "and shape");
  if (adapter_options(options_) && found < all)
    options_.fail("-train_start", "has " + std::to_string(found) + " of " + std::to_string(all) +
                                      " arrays of the network, and -train_lora_rank needs all");
}

/// Those of the seed, and of the model of -train_start what fits.
kernels::Array<float> TrainingRun::start_parameters(const ParameterLayout& layout) const {
  const auto values = parameter_buffer<float>(layout);
  initialise(layout, trainer_options().seed, values);
  copy_matching_blocks(*start_, layout, values);
  return values;
}

std::int64_t TrainingRun::total_steps() const {
  return options_.integer64("-train_epochs") * trainer_->steps_per_epoch();
}

void TrainingRun::print_start() const {
  const auto mb = [](std::size_t bytes) { return 1e-6 * static_cast<double>(bytes); };
  const auto number = [](std::int64_t count) { return std::to_string(count); };
  const SampleSplit& split = trainer_->split();
  const int sharing = task_->ranks_per_sample();
  context_.print("train: %s, %d %s%s\n", options_.string("-train_network").c_str(),
                 context_.ranks(), context_.ranks() == 1 ? "rank" : "ranks",
                 sharing > 1 ? (", " + number(sharing) + " for each sample").c_str() : "");
  context_.print("  %-13s %s\n", data_name(), data_text().c_str());
  const std::size_t all = task_->graph().parameters.count(), trained = task_->layout().count();
  context_.print("  parameters    %zu%s\n", all,
                 trained != all ? (", and " + std::to_string(trained) + " are trained").c_str()
                                : "");
  context_.print(
      "  %-13s %s for training, %s held out%s (%s)\n", sample_name(),
      number(split.training).c_str(), number(split.validation).c_str(),
      split.test > 0 ? (", " + number(split.test) + " for the test").c_str() : "",
      sample_seconds_ > 0.0
          ? ("made in " + linnet::core::number_text(std::round(sample_seconds_)) + " s").c_str()
          : "from their file");
  if (task_->arena_bytes() > 0) // some tasks know it after the first step alone
    context_.print(
        "  arena         %.1f MB a rank, %.2f times the least possible\n", mb(task_->arena_bytes()),
        static_cast<double>(task_->arena_bytes()) / static_cast<double>(task_->least_bytes()));
}

void TrainingRun::loop() {
  auto progress = context_.progress("training", total_steps());
  CheckpointPace pace(context_);
  const double start = context_.seconds();
  const std::int64_t first = trainer_->steps();
  AppContext::defer_stops();
  while (trainer_->steps() < total_steps()) {
    before_step(*trainer_);
    const double loss = trainer_->step();
    const std::int64_t steps = trainer_->steps(), epoch = steps / trainer_->steps_per_epoch();
    const bool epoch_ends = steps % trainer_->steps_per_epoch() == 0;
    progress.step(steps, note(loss, epoch_ends));
    if (epoch_ends && steps < total_steps() && pace.is_due(epoch)) {
      save_outputs();
      pace.saved();
    }
    if (steps < total_steps() && context_.stop_requested()) {
      save_outputs();
      context_.stop("saved " + checkpoint() + "; go on with -train_restart " + checkpoint());
    }
  }
  after_steps(*trainer_);
  train_seconds_ = context_.seconds() - start;
  steps_done_ = trainer_->steps() - first;
}

std::string TrainingRun::note(double loss, bool epoch_ends) const {
  char text[160];
  if (!epoch_ends) {
    std::snprintf(text, sizeof text, "loss %.5g", loss);
    return text;
  }
  const EpochRecord& r = trainer_->history().back();
  const auto epoch = static_cast<long long>(r.epoch);
  if (trainer_->split().validation > 0)
    std::snprintf(text, sizeof text, "epoch %lld: loss %.5g, held out %.5g", epoch, r.training,
                  r.validation);
  else
    std::snprintf(text, sizeof text, "epoch %lld: loss %.5g", epoch, r.training);
  return text;
}

void TrainingRun::save_outputs() const {
  trainer_->save(checkpoint(), training_text());
  write_history(context_.comm(), stem_, trainer_->history());
  Model model;
  model.graph = task_->graph();
  model.parameters = best_parameters(*trainer_);
  model.normalisation = normalisation();
  model.provenance = card();
  finish_model(model);
  model.basis = basis(model);
  save_model(context_.comm(), stem_ + ".model.h5", model);
  save_more(*trainer_);
}

TrainingRun::Card TrainingRun::card() const {
  Card card{
      {"command", context_.command()},
      {"recipe", recipe(options_)},
      {data_name(), data_text()},
      {"version", LINNET_VERSION " (" LINNET_GIT_COMMIT ")"},
      {"training_seconds", linnet::core::number_text(std::round(1e3 * trainer_->seconds()) / 1e3)}};
  double best = HUGE_VAL;
  for (const EpochRecord& r : trainer_->history()) {
    if (!(r.validation < best)) continue;
    best = r.validation;
    card["epoch"] = std::to_string(r.epoch);
    card["loss_training"] = linnet::core::number_text(r.training);
    card["loss_held_out"] = linnet::core::number_text(r.validation);
  }
  add_verdict(card);
  return card;
}

void TrainingRun::finish() const {
  linnet::io::Results results;
  results.app = context_.name();
  results.command = context_.command();
  results.ranks = context_.ranks();
  results.unknowns = static_cast<std::int64_t>(task_->graph().parameters.count());
  results.converged = true;
  results.reason = "all epochs done";
  results.setup_seconds = sample_seconds_;
  results.solve_seconds = train_seconds_;
  results.total_seconds = context_.seconds();
  results.peak_memory_mb = linnet::io::peak_memory_mb(context_.comm());
  results.outputs = {stem_ + ".model.h5", stem_ + ".history.csv", stem_ + ".history.h5",
                     checkpoint()};
  const auto evaluations = static_cast<double>(steps_done_ * options_.integer64("-train_batch"));
  const double rate =
      train_seconds_ > 0.0 ? 1e-9 * task_->flops() * evaluations / train_seconds_ : 0.0;
  auto& own = results.objects["train"];
  own["gflops_per_second"] = rate;
  own["samples_per_second"] = train_seconds_ > 0.0 ? evaluations / train_seconds_ : 0.0;
  own["ranks_per_sample"] = std::int64_t{task_->ranks_per_sample()};
  own["arena_bytes"] = static_cast<std::int64_t>(task_->arena_bytes());
  own["least_arena_bytes"] = static_cast<std::int64_t>(task_->least_bytes());
  std::vector<double> training, validation;
  for (const EpochRecord& r : trainer_->history()) {
    training.push_back(r.training);
    validation.push_back(r.validation);
  }
  own["loss"] = training;
  own["loss_held_out"] = validation;
  add_verdict(results);
  context_.print("  training      %.1f s, %.1f samples/s, %.1f GFLOP/s\n", train_seconds_,
                 train_seconds_ > 0.0 ? evaluations / train_seconds_ : 0.0, rate);
  context_.print("  model         %s\n", (stem_ + ".model.h5").c_str());
  if (!context_.results_file().empty())
    linnet::io::write_results(context_.comm(), context_.results_file(), results);
}

} // namespace app
