// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "run.hpp"

#include "field_options.hpp"
#include "geometries.hpp"
#include "graph_file.hpp"
#include "multichannel_network.hpp"
#include "operator.hpp"
#include "options.hpp"
#include "samples.hpp"
#include "training_run.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/nn/directions/conjugate_direction_graph.hpp>
#include <linnet/nn/directions/direction_task.hpp>
#include <linnet/nn/directions/mgno_direction_graph.hpp>
#include <linnet/nn/directions/npsdo_graph.hpp>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using namespace linnet::nn;

namespace {

linnet::core::Index3 grid_points(const Options& options) {
  return options.integers_per_direction("-train_grid", options.integer("-train_dim"), 1);
}

ResolvedGraph make_graph(const AppContext& context) {
  const Options& options = context.options();
  const std::string name = options.string("-train_network");
  Graph graph;
  if (name == "dcdm64" || name == "dcdm128")
    graph = conjugate_direction_graph(name == "dcdm64" ? ConjugateDirectionNet::dcdm64
                                                       : ConjugateDirectionNet::dcdm128);
  else if (name == "npsdo")
    graph = npsdo_graph(options.integer("-train_levels"));
  else if (name == "multichannel")
    graph = make_multichannel(options);
  else if (name == "mgno")
    graph = mgno_direction_graph(mgno_options(options, grid_points(options), 1, 1));
  else if (is_graph_file(options))
    graph = read_graph_file(context);
  else
    options.fail(
        "-train_network",
        "must be dcdm64, dcdm128, npsdo, multichannel, mgno, cycle, interpolation, basis or "
        "a file.json, got " +
            name);
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

/// Networks that make search directions for matrices.
class DirectionTraining final : public TrainingRun {
public:
  explicit DirectionTraining(AppContext& context) : TrainingRun(context) {}

private:
  ResolvedGraph prepare() override {
    ResolvedGraph graph = make_graph(context());
    split_samples(sample_count(), trainer_options());
    require_grid(graph);
    matrix_file_ = find_matrix_file(context());
    operators_ = make_operators(context(), matrix_file_);
    matrix_text_ = fingerprint(context(), operators_);
    return graph;
  }
  void require_grid(const ResolvedGraph& graph) const {
    try {
      linnet::core::together(context().comm(),
                             [&] { require_working_grid(graph, grid_points(options())); });
    } catch (const linnet::core::Error& error) {
      options().fail("-train_network", error.what());
    }
  }
  [[nodiscard]] std::int64_t sample_count() const override {
    return options().integer64("-train_samples");
  }
  /// The samples of a geometry are held out together.
  [[nodiscard]] TrainerOptions trainer_options() const override {
    TrainerOptions training = app::trainer_options(options());
    const std::int64_t each = samples_per_geometry(options());
    if (geometry_count(options()) > 1) training.group = each;
    return training;
  }
  [[nodiscard]] std::string data_text() const override { return matrix_text_; }
  [[nodiscard]] const char* data_name() const override { return "matrix"; }
  double make_samples() override {
    return app::make_samples(context(), matrix_file_, matrix_text_);
  }
  TrainingTask& make_task(const ResolvedGraph& graph) override {
    std::vector<Mat> matrices;
    for (const GridOperator& a : operators_) matrices.push_back(a.matrix());
    task_.emplace(graph, matrices, task_options(options()),
                  options().string("-train_samples_file"));
    return *task_;
  }

  std::string matrix_file_, matrix_text_;
  std::vector<GridOperator> operators_;
  std::optional<DirectionTask> task_;
};

} // namespace

void run_training(AppContext& context) { DirectionTraining(context).run(); }

} // namespace app
