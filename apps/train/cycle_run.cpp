// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "cycle_run.hpp"

#include "checkpoint_pace.hpp"
#include "cycle_problem.hpp"
#include "geometries.hpp"
#include "history.hpp"
#include "options.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/text.hpp>
#include <linnet/core/version.hpp>
#include <linnet/io/checkpoint.hpp>
#include <linnet/io/results.hpp>
#include <linnet/io/writable_outputs.hpp>
#include <linnet/multigrid/obstacle_weights_file.hpp>
#include <linnet/nn/training/evolution_strategy.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <sstream>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using namespace linnet::multigrid;
using linnet::nn::EvolutionState;
using linnet::nn::EvolutionStrategy;

namespace {

constexpr double tolerance = 1e-6;
// Training geometries take the seeds from here on, those held out others.
constexpr std::uint64_t held_out_seeds = 1000000;

/// First step of each weight: the sizes by which cycles differ noticeably.
std::vector<double> scales() { return {0.05, 0.05, 0.05, 0.05, 0.05, 0.03, 0.05, 0.05}; }

/// The geometries of one kind, dealt out to the ranks.
class Geometries {
public:
  Geometries(const AppContext& context, std::uint64_t first_seed, int count)
      : comm_(context.comm()), count_(count) {
    const auto options = tank_options(context.options());
    linnet::core::together(comm_, [&] {
      for (int g = context.rank(); g < count; g += context.ranks())
        own_.emplace_back(
            g, std::make_unique<CycleProblem>(options, first_seed + static_cast<std::uint64_t>(g)));
    });
  }

  /// value(problem) of every geometry, on all ranks. Collective.
  template <class Value>
  std::vector<double> each(const Value& value) {
    std::vector<double> values(static_cast<std::size_t>(count_), 0.0);
    linnet::core::together(comm_, [&] {
      for (auto& [g, problem] : own_) values[static_cast<std::size_t>(g)] = value(*problem);
    });
    // One rank has each of them, the others add 0.
    MPI_Allreduce(MPI_IN_PLACE, values.data(), count_, MPI_DOUBLE, MPI_SUM, comm_);
    return values;
  }

private:
  MPI_Comm comm_;
  int count_;
  std::vector<std::pair<int, std::unique_ptr<CycleProblem>>> own_;
};

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// All digits.
std::string to_text(const std::vector<double>& values) {
  std::string text;
  char number[40];
  for (const double value : values) {
    std::snprintf(number, sizeof number, "%a ", value);
    text += number;
  }
  return text;
}

std::vector<double> numbers_in(const std::string& text) {
  std::vector<double> values;
  std::istringstream words(text);
  for (std::string word; words >> word;) values.push_back(std::strtod(word.c_str(), nullptr));
  return values;
}

/// Two cycles on the same geometries.
struct Comparison {
  std::vector<double> derived, trained; ///< iterations
  [[nodiscard]] int not_more() const {
    int count = 0;
    for (std::size_t i = 0; i < derived.size(); ++i) count += trained[i] <= derived[i] ? 1 : 0;
    return count;
  }
  [[nodiscard]] int worst() const {
    double most = -1000.0;
    for (std::size_t i = 0; i < derived.size(); ++i) most = std::max(most, trained[i] - derived[i]);
    return static_cast<int>(most);
  }
  /// On 95 % of the geometries no more iterations, and nowhere more than two more.
  [[nodiscard]] bool is_safe() const {
    return not_more() >= 0.95 * static_cast<double>(derived.size()) && worst() <= 2;
  }
};

class CycleTraining {
public:
  explicit CycleTraining(AppContext& context)
      : context_(context), options_(context.options()), stem_(options_.string("-train_output")),
        strategy_({seed(), 1.0, 1.25, 0.94}, start(), scales()) {}

  void run() {
    linnet::io::require_writable_outputs(context_, {{"-train_output", stem_ + ".model.h5"},
                                                    {"-train_output", stem_ + ".history.csv"},
                                                    {"-train_output", stem_ + ".checkpoint"}});
    const double start = context_.seconds();
    if (options_.is_set("-train_restart"))
      load(context_.find_file("-train_restart", options_.string("-train_restart")));
    Geometries training(context_, seed(), geometry_count(options_));
    Geometries held_out(context_, held_out_seeds + seed(), options_.integer("-train_held_out"));
    setup_seconds_ = context_.seconds() - start;
    context_.print("train: cycle around obstacles, %d %s\n", context_.ranks(),
                   context_.ranks() == 1 ? "rank" : "ranks");
    context_.print("  geometries    %d for training, %d held out, of %s cells\n",
                   geometry_count(options_), options_.integer("-train_held_out"),
                   options_.text("-train_grid").c_str());
    minimise(training);
    save();
    judge(held_out);
    write_model();
    finish();
  }

private:
  [[nodiscard]] std::uint64_t seed() const {
    return static_cast<std::uint64_t>(options_.integer64("-train_seed"));
  }
  [[nodiscard]] std::vector<double> start() const {
    const char* option = "-train_start";
    // A checkpoint holds all that has become of it.
    if (!options_.is_set(option) || options_.is_set("-train_restart")) return weight_values({});
    const std::string path = context_.find_file(option, options_.string(option));
    return weight_values(read_obstacle_model(context_.comm(), path).weights);
  }
  /// All that the weights depend on.
  [[nodiscard]] std::string recipe() const {
    std::string text;
    for (const char* name : {"-train_dim", "-train_grid", "-train_obstacles", "-train_air",
                             "-train_geometries", "-train_seed", "-train_start", "-train_cg_steps"})
      if (!options_.text(name).empty())
        text += (text.empty() ? "" : " ") + std::string(name) + " " + options_.text(name);
    return text;
  }
  [[nodiscard]] std::string checkpoint() const { return stem_ + ".checkpoint"; }
  [[nodiscard]] ObstacleWeights best() const { return weights_from(strategy_.state().best); }

  void minimise(Geometries& geometries) {
    const int steps = options_.integer("-train_cg_steps");
    const std::int64_t total = options_.integer64("-train_evaluations");
    CheckpointPace pace(context_);
    auto progress = context_.progress("training", total);
    const double start = context_.seconds();
    AppContext::defer_stops();
    while (strategy_.state().evaluations < total) {
      const ObstacleWeights weights = weights_from(strategy_.ask());
      strategy_.tell(
          mean(geometries.each([&](CycleProblem& p) { return p.rate(weights, steps); })));
      values_.push_back(strategy_.state().value);
      train_seconds_ = context_.seconds() - start;
      const std::int64_t done = strategy_.state().evaluations;
      char note[40];
      std::snprintf(note, sizeof note, "rate %.4f", strategy_.state().value);
      progress.step(done, note);
      if (done < total && pace.is_due(done)) {
        save();
        pace.saved();
      }
      if (done < total && context_.stop_requested()) {
        save();
        context_.stop("saved " + checkpoint() + "; go on with -train_restart " + checkpoint());
      }
    }
    progress.finish();
  }

  void save() const {
    const EvolutionState& state = strategy_.state();
    linnet::io::CheckpointState all{"train_cycle", {}, {}, {}, {}};
    all.reals["step"] = state.step;
    all.reals["seconds"] = earlier_seconds_ + train_seconds_;
    all.integers["evaluations"] = state.evaluations;
    all.strings["best"] = to_text(state.best);
    all.strings["values"] = to_text(values_);
    all.strings["recipe"] = recipe();
    linnet::io::save_checkpoint(context_.comm(), checkpoint(), all);
  }

  void load(const std::string& path) {
    linnet::io::CheckpointState all{"train_cycle", {}, {}, {}, {}};
    all.reals["step"] = all.reals["seconds"] = 0.0;
    all.integers["evaluations"] = 0;
    for (const char* name : {"best", "values", "recipe"}) all.strings[name] = "";
    linnet::io::load_checkpoint(context_.comm(), path, all, true);
    if (all.strings["recipe"] != recipe())
      linnet::core::throw_data(path + ": is a checkpoint of other training: '" +
                               all.strings["recipe"] + "', not '" + recipe() + "'");
    values_ = numbers_in(all.strings["values"]);
    EvolutionState state{numbers_in(all.strings["best"]),
                         values_.empty() ? HUGE_VAL : values_.back(), all.reals["step"],
                         all.integers["evaluations"]};
    strategy_.restore(state);
    earlier_seconds_ = all.reals["seconds"];
  }

  /// On geometries that training has not seen.
  void judge(Geometries& geometries) {
    const auto count = [&](const ObstacleWeights& weights) {
      return geometries.each(
          [&](CycleProblem& p) { return static_cast<double>(p.iterations(weights, tolerance)); });
    };
    held_out_ = {count({}), count(best())};
    context_.print("  rate          %.4f at the start, %.4f trained: log10 of |r| per step\n",
                   values_.front(), values_.back());
    context_.print("  held out      %.2f iterations to 1e-6 derived, %.2f trained\n",
                   mean(held_out_.derived), mean(held_out_.trained));
    context_.print("                no more than derived on %d of %d, at worst %+d\n",
                   held_out_.not_more(), static_cast<int>(held_out_.derived.size()),
                   held_out_.worst());
    context_.print("  verdict       %s\n",
                   held_out_.is_safe() ? "trained weights serve as well as derived ones or better"
                                       : "take the derived weights: trained ones cost iterations");
  }

  void write_model() const {
    ObstacleModel model{
        best(),
        {{"command", context_.command()},
         {"recipe", recipe()},
         {"version", LINNET_VERSION " (" LINNET_GIT_COMMIT ")"},
         {"training_seconds",
          linnet::core::number_text(std::round(1e3 * (earlier_seconds_ + train_seconds_)) / 1e3)},
         {"rate_training", linnet::core::number_text(values_.back())},
         {"iterations_held_out", linnet::core::number_text(mean(held_out_.trained))},
         {"iterations_held_out_derived", linnet::core::number_text(mean(held_out_.derived))}}};
    write_obstacle_model(context_.comm(), stem_ + ".model.h5", model);
    write_values(context_.comm(), stem_ + ".history.csv", values_);
  }

  void finish() {
    linnet::io::Results results;
    results.app = context_.name();
    results.command = context_.command();
    results.ranks = context_.ranks();
    results.unknowns = static_cast<std::int64_t>(strategy_.state().best.size());
    results.converged = true;
    results.reason = "all evaluations done";
    results.setup_seconds = setup_seconds_;
    results.solve_seconds = train_seconds_;
    results.total_seconds = context_.seconds();
    results.peak_memory_mb = linnet::io::peak_memory_mb(context_.comm());
    results.outputs = {stem_ + ".model.h5", stem_ + ".history.csv", checkpoint()};
    auto& own = results.objects["train"];
    own["rate"] = values_;
    own["weights"] = strategy_.state().best;
    own["iterations_derived"] = held_out_.derived;
    own["iterations_trained"] = held_out_.trained;
    own["is_safe"] = held_out_.is_safe();
    context_.print("  training      %.1f s\n", train_seconds_);
    context_.print("  model         %s\n", (stem_ + ".model.h5").c_str());
    if (!context_.results_file().empty())
      linnet::io::write_results(context_.comm(), context_.results_file(), results);
  }

  AppContext& context_;
  const Options& options_;
  std::string stem_;
  EvolutionStrategy strategy_;
  std::vector<double> values_; ///< best so far, after every evaluation
  Comparison held_out_;
  double setup_seconds_ = 0.0, train_seconds_ = 0.0;
  double earlier_seconds_ = 0.0; ///< of training before the restart
};

} // namespace

void run_cycle_training(AppContext& context) { CycleTraining(context).run(); }

} // namespace app
