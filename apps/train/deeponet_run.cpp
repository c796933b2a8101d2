// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "deeponet_run.hpp"

#include "deeponet_options.hpp"
#include "field_samples.hpp"
#include "graph_file.hpp"
#include "meta_options.hpp"
#include "operator_source.hpp"
#include "options.hpp"
#include "training_run.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/text.hpp>
#include <linnet/linalg/tabulated_basis.hpp>
#include <linnet/nn/deeponet/deeponet_task.hpp>
#include <linnet/nn/deeponet/last_layer.hpp>
#include <linnet/nn/deeponet/orthonormal_trunk.hpp>
#include <linnet/nn/deeponet/pod_basis.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

namespace app {

using linnet::core::AppContext;
using linnet::core::number_text;
namespace kernels = linnet::kernels;
using namespace linnet::nn;

namespace {

constexpr const char* network_option = "-train_network";
constexpr const char* orthonormal_option = "-train_deeponet_orthonormal";

template <class To, class From>
kernels::Array<To> converted(const kernels::Array<From>& values) {
  const auto result = kernels::zeros<To>("app::converted", values.extent(0));
  for (std::size_t i = 0; i < values.extent(0); ++i)
    result.data()[i] = static_cast<To>(values.data()[i]);
  return result;
}

class DeepONetTraining final : public TrainingRun {
public:
  explicit DeepONetTraining(AppContext& context) : TrainingRun(context) {}

private:
  ResolvedGraph prepare() override {
    source_ = make_operator_source(context());
    shape_ = source_.shape;
    if (is_meta(options())) require_meta();
    learned_rate_ = learned_rate();
    require_modes(split_samples(sample_count(), trainer_options()).training);
    require_no_decay();
    require_orthonormal();
    require_exact_properties();
    require_scale();
    require_all_trained();
    const ResolvedGraph graph = resolve(make_graph(), options().string(network_option));
    try {
      split_deeponet(graph, graph_name());
    } catch (const linnet::core::Error& error) {
      options().fail(network_option, error.what());
    }
    return graph;
  }
  /// Of a POD that takes the place of the trunk.
  [[nodiscard]] int modes() const {
    return graph_name() == "deeponet" ? options().integer("-train_deeponet_modes") : 0;
  }
  void require_modes(std::int64_t samples) const {
    if (!shape_.shares_points) return;
    if (modes() > std::min<std::int64_t>(samples - 1, shape_.points))
      options().fail("-train_deeponet_modes", std::to_string(modes()) +
                                                  " modes cannot be made of " +
                                                  std::to_string(samples) + " samples at " +
                                                  std::to_string(shape_.points) + " points");
  }
  /// A mean that is added, or taken away, would undo them.
  void require_exact_properties() const {
    const auto refuse = [&](const char* norm, const char* property) {
      if (options().is_set(property) && options().text(property) != "no" &&
          options().choice(norm) != "none")
        options().fail(norm, std::string("has a mean, which ") + property + " does not allow");
    };
    refuse("-train_output_norm", "-train_deeponet_zero_sides");
    refuse("-train_output_norm", "-train_deeponet_homogeneous");
    refuse("-train_output_norm", "-train_deeponet_unit_solutions");
    refuse("-train_input_norm", "-train_deeponet_homogeneous");
  }
  void require_scale() const {
    if (options().real("-train_output_scale") != 1.0 &&
        options().choice("-train_output_norm") != "none")
      options().fail("-train_output_scale", "does not go with -train_output_norm, which has a "
                                            "scale of its own");
  }
  /// Adapters and operators as samples are no place for what changes the network's parameters
  /// beside the optimiser.
  void require_all_trained() const {
    const bool has_adapters = adapter_options(options()).has_value();
    if (!has_adapters && !is_meta(options())) return;
    const char* const option = has_adapters ? "-train_lora_rank" : "-train_meta";
    if (has_adapters && is_meta(options()))
      options().fail(option, "does not go with -train_meta, which trains all parameters");
    if (modes() > 0 || has_least_squares())
      options().fail(option, "goes neither with -train_deeponet_modes nor with least squares");
  }
  void require_meta() const {
    const std::int64_t samples = options().integer64("-train_samples"),
                       operators = source_.functions->operator_count();
    const int wanted =
        options().integer("-train_meta_support") + options().integer("-train_meta_query");
    if (samples % operators != 0 || samples / operators < wanted)
      options().fail("-train_samples", "must be a multiple of the " + std::to_string(operators) +
                                           " operators, and at least " +
                                           std::to_string(wanted * operators) +
                                           " for -train_meta_support and -train_meta_query, got " +
                                           std::to_string(samples));
  }
  /// Of -train_rate_model, for the one operator that there is.
  [[nodiscard]] std::optional<double> learned_rate() const {
    const char* const option = "-train_rate_model";
    if (!options().is_set(option)) return std::nullopt;
    if (source_.functions->operator_count() != 1)
      options().fail(option, "needs samples of one operator: one -train_families and "
                             "-train_family_operators 1");
    return rate_of_model(context().comm(), context().find_file(option, options().string(option)),
                         source_.functions->codes());
  }
  void require_no_decay() const {
    if (modes() == 0) return;
    if (options().real("-train_l2") > 0.0)
      options().fail("-train_l2", "would shrink the modes of -train_deeponet_modes; take adamw");
    if (options().choice("-train_output_norm") != "none")
      options().fail("-train_output_norm", "does not go with -train_deeponet_modes, which has a "
                                           "mean of its own");
  }
  [[nodiscard]] bool is_orthonormal() const {
    return graph_name() == "deeponet" && options().boolean(orthonormal_option);
  }
  void require_orthonormal() const {
    if (!is_orthonormal()) return;
    if (!shape_.shares_points)
      options().fail(orthonormal_option, "needs points that all samples share, -train_points 0");
    if (grid_axes().empty())
      options().fail(orthonormal_option, "needs points that make up a grid of the unit box, first "
                                         "coordinate fastest");
    if (modes() > 0)
      options().fail(orthonormal_option, "has no effect with -train_deeponet_modes, which are "
                                         "orthonormal");
    if (options().boolean("-train_deeponet_stacked"))
      options().fail(orthonormal_option, "needs a branch with one last layer, and "
                                         "-train_deeponet_stacked has several");
  }
  [[nodiscard]] std::string graph_name() const { return options().string(network_option); }
  [[nodiscard]] Graph make_graph() const {
    if (is_graph_file(options())) return read_graph_file(context());
    if (graph_name() != "deeponet")
      options().fail(network_option,
                     "must be deeponet or a file.json for operators between functions, got " +
                         graph_name());
    const auto shape = deeponet_options(options(), shape_, source_.sensor_grid);
    try {
      return deeponet_graph(shape);
    } catch (const linnet::core::Error& error) {
      options().fail(network_option, error.what());
    }
  }

  [[nodiscard]] std::int64_t sample_count() const override {
    return is_meta(options()) ? source_.functions->operator_count()
                              : app::sample_count(options(), *source_.sampler);
  }
  [[nodiscard]] const char* sample_name() const override {
    return is_meta(options()) ? "operators" : "samples";
  }
  [[nodiscard]] TrainerOptions trainer_options() const override {
    TrainerOptions training = app::trainer_options(options());
    training.test = options().integer64("-train_test");
    if (learned_rate_) training.schedule.rate = *learned_rate_;
    return training;
  }
  [[nodiscard]] std::string data_text() const override {
    return source_.sampler->recipe() +
           (has_unit_solutions() ? "; solutions over their root mean square" : "");
  }
  [[nodiscard]] bool has_unit_solutions() const {
    return graph_name() == "deeponet" && options().boolean("-train_deeponet_unit_solutions");
  }
  [[nodiscard]] const char* data_name() const override { return "data"; }
  double make_samples() override { return make_field_samples(context(), *source_.sampler); }

  TrainingTask& make_task(const ResolvedGraph& graph) override {
    linnet::core::together(context().comm(), [&] {
      if (modes() > 0) shape_.coordinates = 1;
      data_ = read_operator_data(options().string("-train_samples_file"), shape_, source_.inputs,
                                 points());
      if (has_unit_solutions()) scale_to_unit(data_);
      // All functions of all operators are of one law.
      const std::int64_t count = is_meta(options())
                                     ? data_.samples
                                     : split_samples(sample_count(), trainer_options()).training;
      normalisation_ = fitted_norms(count);
      if (start_model()) keep_norms(*start_model());
      if (modes() > 0) {
        pod_ = pod_basis(data_, count, modes(), options().boolean("-train_deeponet_scaled_modes"));
        normalisation_.output = pod_.mean;
      }
      task_.emplace(graph, data_, normalisation_);
      if (has_least_squares()) last_layer_.emplace(graph, data_, normalisation_);
    });
    if (!is_meta(options())) return *task_;
    meta_.emplace(*task_, meta_options(options(), source_.functions->operator_count()),
                  rate_network_options(options(), *source_.functions));
    return *meta_;
  }
  [[nodiscard]] Normalisation fitted_norms(std::int64_t count) const {
    Normalisation norms{
        fit_sensors(data_, count, options().choice_as<NormaliserKind>("-train_input_norm")),
        fit_outputs(data_, count, options().choice_as<NormaliserKind>("-train_output_norm"))};
    const double scale = options().real("-train_output_scale");
    const auto outputs = static_cast<std::size_t>(shape_.outputs);
    if (scale != 1.0)
      norms.output = {NormaliserKind::channel,
                      shape_.outputs,
                      {1, 1, 1},
                      std::vector<double>(outputs, 0.0),
                      std::vector<double>(outputs, scale)};
    return norms;
  }
  /// Parameters go with the normalisation that they were trained with, unless the options tell
  /// another one.
  void keep_norms(const Model& model) {
    if (!options().is_set("-train_input_norm")) normalisation_.input = model.normalisation.input;
    if (!options().is_set("-train_output_norm") && !options().is_set("-train_output_scale"))
      normalisation_.output = model.normalisation.output;
  }
  /// Those that all samples share, by their coordinates, or for modes by their numbers.
  [[nodiscard]] std::vector<double> points() const {
    if (!shape_.shares_points) return {};
    if (modes() == 0) return source_.grid;
    std::vector<double> numbers(static_cast<std::size_t>(shape_.points));
    std::iota(numbers.begin(), numbers.end(), 0.0);
    return numbers;
  }
  /// @p parameters with the modes in their place.
  void set_modes(const kernels::Array<float>& parameters) const {
    for (const ParameterBlock& block : task_->graph().parameters.blocks())
      if (block.name == std::string(pod_node) + "/values")
        std::copy(pod_.values.begin(), pod_.values.end(), parameters.data() + block.offset);
  }
  [[nodiscard]] std::vector<double> point_weights() const {
    return trapezoidal_weights(source_.grid, source_.shape.coordinates,
                               options().integer("-train_deeponet_periodic"));
  }
  [[nodiscard]] OrthonormalTrunk orthonormal(const kernels::Array<float>& parameters) const {
    return orthonormal_trunk(task_->graph(), converted<double>(parameters), source_.grid,
                             point_weights(), options().real("-train_deeponet_drop"));
  }
  void finish_model(Model& model) const override {
    if (!is_orthonormal()) return;
    OrthonormalTrunk trunk = orthonormal(model.parameters);
    model.graph = std::move(trunk.graph);
    model.parameters = converted<float>(trunk.parameters);
  }
  /// Says what has become of the trunk, and by how much the model's values differ from those of the
  /// network that was trained.
  void judge_orthonormal(const Trainer& trainer, std::int64_t first, std::int64_t count) {
    const OrthonormalTrunk trunk = orthonormal(trainer.best_parameters());
    const auto parameters = converted<float>(trunk.parameters);
    const double departure =
        departure_from_orthonormal(trunk.graph, parameters, source_.grid, point_weights());
    DeepONetTask task(trunk.graph, data_, normalisation_);
    const OperatorErrors e = task.errors(first, count, parameters);
    context().print("  orthonormal   %d functions, %d directions dropped; Gram matrix to %.1e, "
                    "relative L2 %.5f\n",
                    trunk.functions, trunk.dropped, departure, e.relative_l2);
    verdict_["orthonormal_departure"] = departure;
    verdict_["orthonormal_relative_l2"] = e.relative_l2;
  }
  /// Ascending coordinates of the points that all samples share; none where these are no grid of
  /// the unit box, first coordinate fastest, as those of a file may be.
  [[nodiscard]] std::vector<std::vector<double>> grid_axes() const {
    const std::vector<double>& grid = source_.grid;
    const auto d = static_cast<std::size_t>(source_.shape.coordinates), count = grid.size() / d;
    std::vector<std::vector<double>> axes(d);
    for (std::size_t i = 0; i < grid.size(); ++i) axes[i % d].push_back(grid[i]);
    std::size_t all = 1;
    for (auto& axis : axes) {
      std::sort(axis.begin(), axis.end());
      axis.erase(std::unique(axis.begin(), axis.end()), axis.end());
      if (axis.front() < 0.0 || axis.back() > 1.0) return {};
      all *= std::min(axis.size(), count + 1); // no more than there are points, and no overflow
      if (all > count) return {};
    }
    if (all != count) return {};
    for (std::size_t p = 0; p < count; ++p) {
      std::size_t rest = p;
      for (std::size_t c = 0; c < d; ++c) {
        if (grid[p * d + c] != axes[c][rest % axes[c].size()]) return {};
        rest /= axes[c].size();
      }
    }
    return axes;
  }
  /// The trunk, or the modes, at the points that all samples share: a basis for -pc_type basis.
  [[nodiscard]] std::map<std::string, linnet::io::ModelArray>
  basis(const Model& model) const override {
    const int dimension = source_.shape.coordinates;
    if (!shape_.shares_points || dimension > 3 || grid_axes().empty()) return {};
    DeepONet network(model, graph_name());
    linnet::linalg::TabulatedBasis table;
    table.dimension = dimension;
    const auto axes = grid_axes();
    std::copy(axes.begin(), axes.end(), table.axes.begin());
    if (options().is_set("-train_deeponet_zero_sides"))
      for (const int side : options().integers("-train_deeponet_zero_sides"))
        table.zero[static_cast<std::size_t>(side / 2)][static_cast<std::size_t>(side % 2)] = true;
    table.values.resize(static_cast<std::size_t>(network.parts().basis) *
                        static_cast<std::size_t>(shape_.points));
    network.basis(points(), table.values);
    return linnet::linalg::arrays_of(table);
  }
  [[nodiscard]] Normalisation normalisation() const override { return normalisation_; }
  [[nodiscard]] bool restart_needs_start() const override { return true; } // its normalisation

  void before_step(Trainer& trainer) override {
    if (!is_judged_) judge_start(trainer);
    is_judged_ = true;
    if (trainer.steps() == 0 && modes() > 0) {
      set_modes(trainer.parameters());
      context().print("  modes         %d have %.6f of the variance\n", modes(), pod_.captured);
    }
    const std::int64_t every = options().integer64("-train_least_squares_every");
    const bool is_due =
        trainer.steps() == 0 ? fits("start") : every > 0 && trainer.steps() % every == 0;
    if (is_due) trainer.start_from(fitted(trainer, trainer.parameters()));
  }
  void after_steps(Trainer& trainer) override {
    if (meta_) {
      const MetaTask::Count count = meta_->count(context().comm());
      context().print("  inner steps   of %lld tasks, %lld skipped as they diverged\n",
                      static_cast<long long>(count.tasks), static_cast<long long>(count.skipped));
      tasks_ = count;
    }
    if (fits("end")) offer_last_layer(trainer);
  }
  /// What has been trained so far is not lost where there is no solution.
  void offer_last_layer(Trainer& trainer) {
    try {
      const auto values = fitted(trainer, trainer.best_parameters());
      const double left = task_->errors(0, trainer.split().training, values).mean_square;
      context().print("  least squares mean square %.3e of the training samples%s\n", left,
                      trainer.offer(values) ? "" : "; not taken: no gain on the samples held out");
    } catch (const linnet::core::Error& error) {
      if (error.code() != linnet::core::ExitCode::not_converged) throw;
      context().print("  %s; not taken\n", error.what());
    }
  }
  [[nodiscard]] bool has_least_squares() const {
    return fits("start") || fits("end") || options().integer64("-train_least_squares_every") > 0;
  }
  [[nodiscard]] bool fits(const std::string& when) const {
    const auto list = options().strings("-train_least_squares");
    return std::find(list.begin(), list.end(), when) != list.end();
  }
  /// @p parameters with the last layer that fits the training samples best.
  kernels::Array<float> fitted(const Trainer& trainer, const kernels::Array<float>& parameters) {
    const auto values = parameter_buffer<float>(task_->graph().parameters);
    Kokkos::deep_copy(values, parameters);
    last_layer_->fit(context().comm(), trainer.split().training, options().real("-train_ridge"),
                     values);
    return values;
  }

  /// Of a model that training starts from, what it can do without a step.
  void judge_start(const Trainer& trainer) {
    const SampleSplit& split = trainer.split();
    if (learned_rate_) context().print("  rate          %.4g, learned\n", *learned_rate_);
    if (meta_ || !start_model() || split.test == 0 || trainer.steps() > 0) return;
    const OperatorErrors e =
        task_->errors(split.training + split.validation, split.test, best_parameters(trainer));
    start_error_ = e.relative_l2;
    context().print("  start         mean square %.3e, relative L2 %.5f\n", e.mean_square,
                    e.relative_l2);
  }
  /// Of each operator that is tested, or held out where there is no test: with the parameters as
  /// they are, and after inner steps on the first functions.
  void judge_operators(const Trainer& trainer, std::int64_t first, std::int64_t count) {
    const auto all = trainer.best_parameters();
    double before = 0.0, after = 0.0;
    for (std::int64_t o = first; o < first + count; ++o) {
      const auto samples = meta_->other_samples(o);
      const auto mean = [&](const kernels::Array<float>& parameters) {
        double sum = 0.0;
        for (const std::int64_t s : samples) sum += task_->errors(s, 1, parameters).relative_l2;
        return sum / static_cast<double>(samples.size() * static_cast<std::size_t>(count));
      };
      before += mean(meta_->network_parameters(all));
      const auto adapted = meta_->adapted(o, all);
      after += adapted ? mean(*adapted) : std::numeric_limits<double>::infinity();
    }
    const std::string set = trainer.split().test > 0 ? "test" : "held_out";
    verdict_ = {{set + "_relative_l2_before", before}, {set + "_relative_l2", after}};
    context().print("  %-13s relative L2 %.5f, after inner steps %.5f\n",
                    set == "test" ? "test" : "held out", before, after);
  }
  /// On the test samples, or on those held out where there are none.
  void judge(const Trainer& trainer) override {
    const SampleSplit& split = trainer.split();
    const bool has_test = split.test > 0;
    const std::int64_t count = has_test ? split.test : split.validation;
    if (count == 0) return;
    const std::int64_t first = has_test ? split.training + split.validation : split.training;
    if (meta_) {
      judge_operators(trainer, first, count);
      return;
    }
    const OperatorErrors e = task_->errors(first, count, best_parameters(trainer));
    const std::string set = has_test ? "test" : "held_out";
    verdict_ = {{set + "_mean_square", e.mean_square},
                {set + "_mean_square_trimmed", e.trimmed},
                {set + "_relative_l2", e.relative_l2}};
    if (start_error_) verdict_["start_relative_l2"] = *start_error_;
    context().print("  %-13s mean square %.3e, without the worst thousandth %.3e, relative L2 "
                    "%.5f\n",
                    has_test ? "test" : "held out", e.mean_square, e.trimmed, e.relative_l2);
    if (is_orthonormal()) judge_orthonormal(trainer, first, count);
  }
  void add_verdict(Card& card) const override {
    for (const auto& [name, value] : verdict_) card["error_" + name] = number_text(value);
  }
  void add_verdict(linnet::io::Results& results) const override {
    results.errors = verdict_;
    if (!meta_) return;
    auto& own = results.objects["train"];
    own["tasks"] = tasks_.tasks;
    own["tasks_skipped"] = tasks_.skipped;
  }
  /// The network of learned inner rates.
  void save_more(const Trainer& trainer) const override {
    if (!meta_ || !meta_->rates()) return;
    Model model = rate_model(*meta_->rates(), meta_->rate_parameters(trainer.best_parameters()));
    model.provenance["command"] = context().command();
    save_model(context().comm(), options().string("-train_output") + ".rate.model.h5", model);
  }

  OperatorSource source_;
  OperatorShape shape_;
  OperatorData data_;
  Normalisation normalisation_;
  std::optional<DeepONetTask> task_;
  std::optional<MetaTask> meta_;
  MetaTask::Count tasks_;
  std::optional<double> learned_rate_, start_error_;
  bool is_judged_ = false;
  std::optional<LastLayer> last_layer_;
  PodBasis pod_;
  std::map<std::string, double> verdict_; ///< error -> value
};

} // namespace

void run_deeponet_training(AppContext& context) { DeepONetTraining(context).run(); }

} // namespace app
