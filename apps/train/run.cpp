// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "run.hpp"

#include "geometries.hpp"
#include "history.hpp"
#include "operator.hpp"
#include "options.hpp"
#include "samples.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/text.hpp>
#include <linnet/core/version.hpp>
#include <linnet/io/results.hpp>
#include <linnet/io/writable_outputs.hpp>
#include <linnet/nn/conjugate_direction_graph.hpp>
#include <linnet/nn/direction_task.hpp>
#include <linnet/nn/model.hpp>
#include <linnet/nn/npsdo_graph.hpp>

#include <cmath>
#include <fstream>
#include <sstream>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using namespace linnet::nn;
namespace kernels = linnet::kernels;

namespace {

ResolvedGraph make_graph(const AppContext& context) {
  const Options& options = context.options();
  const std::string name = options.string("-train_network");
  Graph graph;
  if (name == "dcdm64" || name == "dcdm128") {
    graph = conjugate_direction_graph(name == "dcdm64" ? ConjugateDirectionNet::dcdm64
                                                       : ConjugateDirectionNet::dcdm128);
  } else if (name == "npsdo") {
    graph = npsdo_graph(options.integer("-train_levels"));
  } else if (name.ends_with(".json")) {
    const std::string path = context.find_file("-train_network", name);
    linnet::core::together(context.comm(), [&] {
      std::ifstream file(path);
      std::stringstream text;
      text << file.rdbuf();
      if (!file) linnet::core::throw_data(path + ": cannot be read");
      graph = graph_from_json(text.str(), path);
    });
  } else {
    options.fail("-train_network",
                 "must be dcdm64, dcdm128, npsdo, cycle, interpolation or a file.json, got " +
                     name);
  }
  if (graph.dimension != options.integer("-train_dim"))
    options.fail("-train_network", "is of dimension " + std::to_string(graph.dimension) +
                                       ", and -train_dim is " + options.text("-train_dim"));
  if (graph.padding == Padding::periodic)
    options.fail("-train_network",
                 "has periodic padding, and no grid that is trained on here wraps");
  ResolvedGraph resolved = resolve(graph, name);
  require_direction_graph(resolved, name);
  return resolved;
}

class TrainingRun {
public:
  explicit TrainingRun(AppContext& context)
      : context_(context), options_(context.options()), stem_(options_.string("-train_output")) {}

  void run() {
    linnet::io::require_writable_outputs(
        context_, {{"-train_output", stem_ + ".model.h5"},
                   {"-train_output", stem_ + ".history.csv"},
                   {"-train_output", stem_ + ".history.h5"},
                   {"-train_output", stem_ + ".checkpoint"},
                   {"-train_samples_file", options_.string("-train_samples_file")}});
    prepare();
    print_start();
    loop();
    save_outputs();
    finish();
  }

private:
  void prepare() {
    // What may be wrong is found before the samples, which take time and replace others.
    const ResolvedGraph graph = make_graph(context_);
    const TrainerOptions training = grouped_trainer_options();
    training_samples(options_.integer64("-train_samples"), training);
    require_grid(graph);
    const bool restarts = options_.is_set("-train_restart"),
               starts = options_.is_set("-train_start") && !restarts;
    const kernels::Array<float> start = starts ? start_parameters(graph) : kernels::Array<float>();
    const std::string matrix_file = find_matrix_file(context_);
    const std::vector<GridOperator> operators = make_operators(context_, matrix_file);
    matrix_text_ = fingerprint(context_, operators);
    if (restarts) require_training_checkpoint(context_.comm(), restart_file(), training_text());
    sample_seconds_ = make_samples(context_, matrix_file, matrix_text_);
    std::vector<Mat> matrices;
    for (const GridOperator& a : operators) matrices.push_back(a.matrix());
    task_.emplace(graph, matrices, task_options(options_), options_.string("-train_samples_file"));
    trainer_.emplace(context_.comm(), *task_, training);
    if (starts) trainer_->start_from(start);
    if (restarts) trainer_->load(restart_file(), training_text());
    trainer_->spend(sample_seconds_);
  }
  void require_grid(const ResolvedGraph& graph) const {
    LINNET_CHECK(linnet::core::ensure_kokkos());
    const auto points =
        options_.integers_per_direction("-train_grid", options_.integer("-train_dim"), 1);
    try {
      linnet::core::together(context_.comm(), [&] { require_working_grid(graph, points); });
    } catch (const linnet::core::Error& error) {
      options_.fail("-train_network", error.what());
    }
  }
  /// The samples of a geometry are held out together.
  [[nodiscard]] TrainerOptions grouped_trainer_options() const {
    TrainerOptions training = trainer_options(options_);
    const std::int64_t each = samples_per_geometry(options_);
    if (geometry_count(options_) > 1) training.group = each;
    return training;
  }
  [[nodiscard]] std::string training_text() const { return recipe(options_) + "; " + matrix_text_; }
  [[nodiscard]] std::string restart_file() const {
    return context_.find_file("-train_restart", options_.string("-train_restart"));
  }
  /// Those of the seed, and of the model of -train_start what fits.
  [[nodiscard]] kernels::Array<float> start_parameters(const ResolvedGraph& graph) const {
    const char* option = "-train_start";
    LINNET_CHECK(linnet::core::ensure_kokkos());
    auto values = parameter_buffer<float>(graph.parameters);
    const Model model =
        load_model(context_.comm(), context_.find_file(option, options_.string(option)));
    initialise(graph.parameters, trainer_options(options_).seed, values);
    if (copy_matching_blocks(model, graph.parameters, values) == 0)
      options_.fail(option, "has no parameters that the network has: none of the same name and "
                            "shape");
    return values;
  }
  [[nodiscard]] std::int64_t total_steps() const {
    return options_.integer64("-train_epochs") * trainer_->steps_per_epoch();
  }

  void print_start() const {
    const auto mb = [](std::size_t bytes) { return 1e-6 * static_cast<double>(bytes); };
    context_.print("train: %s, %d %s\n", options_.string("-train_network").c_str(),
                   context_.ranks(), context_.ranks() == 1 ? "rank" : "ranks");
    context_.print("  matrix        %s\n", matrix_text_.c_str());
    context_.print("  parameters    %zu\n", task_->graph().parameters.count());
    context_.print(
        "  samples       %lld for training, %lld held out (%s)\n",
        static_cast<long long>(trainer_->training_samples()),
        static_cast<long long>(task_->samples() - trainer_->training_samples()),
        sample_seconds_ > 0.0
            ? ("made in " + linnet::core::number_text(std::round(sample_seconds_)) + " s").c_str()
            : "from their file");
    context_.print(
        "  arena         %.1f MB a rank, %.2f times the least possible\n", mb(task_->arena_bytes()),
        static_cast<double>(task_->arena_bytes()) / static_cast<double>(task_->least_bytes()));
  }

  void loop() {
    auto progress = context_.progress("training", total_steps());
    const std::int64_t every = options_.integer64("-train_checkpoint_every");
    const double start = context_.seconds();
    const std::int64_t first = trainer_->steps();
    while (trainer_->steps() < total_steps()) {
      const double loss = trainer_->step();
      const std::int64_t steps = trainer_->steps(), epoch = steps / trainer_->steps_per_epoch();
      const bool epoch_ends = steps % trainer_->steps_per_epoch() == 0;
      progress.step(steps, note(loss, epoch_ends));
      if (epoch_ends && every > 0 && epoch % every == 0) save_outputs();
      if (steps < total_steps() && context_.stop_requested()) {
        save_outputs();
        context_.stop("saved " + checkpoint() + "; go on with -train_restart " + checkpoint());
      }
    }
    train_seconds_ = context_.seconds() - start;
    steps_done_ = trainer_->steps() - first;
  }

  [[nodiscard]] std::string note(double loss, bool epoch_ends) const {
    char text[160];
    if (epoch_ends) {
      const EpochRecord& r = trainer_->history().back();
      std::snprintf(text, sizeof text, "epoch %lld: loss %.5f, held out %.5f",
                    static_cast<long long>(r.epoch), r.training, r.validation);
    } else {
      std::snprintf(text, sizeof text, "loss %.5f", loss);
    }
    return text;
  }

  [[nodiscard]] std::string checkpoint() const { return stem_ + ".checkpoint"; }

  void save_outputs() {
    trainer_->save(checkpoint(), training_text());
    write_history(context_.comm(), stem_, trainer_->history());
    Model model;
    model.graph = task_->graph();
    model.parameters = trainer_->best_parameters();
    model.provenance = card();
    save_model(context_.comm(), stem_ + ".model.h5", model);
  }

  [[nodiscard]] std::map<std::string, std::string> card() const {
    std::map<std::string, std::string> card{
        {"command", context_.command()},
        {"recipe", recipe(options_)},
        {"matrix", matrix_text_},
        {"version", LINNET_VERSION " (" LINNET_GIT_COMMIT ")"},
        {"training_seconds",
         linnet::core::number_text(std::round(1e3 * trainer_->seconds()) / 1e3)}};
    double best = HUGE_VAL;
    for (const EpochRecord& r : trainer_->history()) {
      if (!(r.validation < best)) continue;
      best = r.validation;
      card["epoch"] = std::to_string(r.epoch);
      card["loss_training"] = linnet::core::number_text(r.training);
      card["loss_held_out"] = linnet::core::number_text(r.validation);
    }
    return card;
  }

  void finish() {
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
    own["arena_bytes"] = static_cast<std::int64_t>(task_->arena_bytes());
    own["least_arena_bytes"] = static_cast<std::int64_t>(task_->least_bytes());
    std::vector<double> training, validation;
    for (const EpochRecord& r : trainer_->history()) {
      training.push_back(r.training);
      validation.push_back(r.validation);
    }
    own["loss"] = training;
    own["loss_held_out"] = validation;
    context_.print("  training      %.1f s, %.1f samples/s, %.1f GFLOP/s\n", train_seconds_,
                   train_seconds_ > 0.0 ? evaluations / train_seconds_ : 0.0, rate);
    context_.print("  model         %s\n", (stem_ + ".model.h5").c_str());
    if (!context_.results_file().empty())
      linnet::io::write_results(context_.comm(), context_.results_file(), results);
  }

  AppContext& context_;
  const Options& options_;
  std::string stem_, matrix_text_;
  std::optional<DirectionTask> task_;
  std::optional<Trainer> trainer_;
  double sample_seconds_ = 0.0, train_seconds_ = 0.0;
  std::int64_t steps_done_ = 0;
};

} // namespace

void run_training(AppContext& context) { TrainingRun(context).run(); }

} // namespace app
