// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "deeponet_run.hpp"

#include "deeponet_checks.hpp"
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
    modes_ = pod_modes(options());
    require_operators(options(), source_);
    learned_rate_ = learned_rate();
    const SampleSplit split = split_samples(sample_count(), trainer_options());
    require_compatible(options(), source_, split.training);
    const ResolvedGraph graph = resolve(make_graph(), options().string(network_option));
    try {
      split_deeponet(graph, graph_name());
    } catch (const linnet::core::Error& error) {
      options().fail(network_option, error.what());
    }
    return graph;
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
      if (modes_ > 0) shape_.coordinates = 1;
      data_ = read_operator_data(options().string("-train_samples_file"), shape_, source_.inputs,
                                 points());
      if (has_unit_solutions()) scale_to_unit(data_);
      // All functions of all operators are of one law.
      const std::int64_t count = is_meta(options())
                                     ? data_.samples
                                     : split_samples(sample_count(), trainer_options()).training;
      normalisation_ = fitted_norms(count);
      if (start_model()) keep_norms(*start_model());
      if (modes_ > 0) {
        pod_ = pod_basis(data_, count, modes_, options().boolean("-train_deeponet_scaled_modes"));
        normalisation_.output = pod_.mean;
      }
      task_.emplace(graph, data_, normalisation_);
      if (has_least_squares(options())) last_layer_.emplace(graph, data_, normalisation_);
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
    if (modes_ == 0) return source_.grid;
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
    if (!is_orthonormal(options())) return;
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
  /// The trunk, or the modes, at the points that all samples share: a basis for -pc_type basis.
  [[nodiscard]] std::map<std::string, linnet::io::ModelArray>
  basis(const Model& model) const override {
    const int dimension = source_.shape.coordinates;
    if (!shape_.shares_points || dimension > 3 || grid_axes(source_).empty()) return {};
    DeepONet network(model, graph_name());
    linnet::linalg::TabulatedBasis table;
    table.dimension = dimension;
    const auto axes = grid_axes(source_);
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
    if (trainer.steps() == 0 && modes_ > 0) {
      set_modes(trainer.parameters());
      context().print("  modes         %d have %.6f of the variance\n", modes_, pod_.captured);
    }
    const std::int64_t every = options().integer64("-train_least_squares_every");
    const bool is_due = trainer.steps() == 0 ? fits_last_layer(options(), "start")
                                             : every > 0 && trainer.steps() % every == 0;
    if (is_due) trainer.start_from(fitted(trainer, trainer.parameters()));
  }
  void after_steps(Trainer& trainer) override {
    if (meta_) {
      const MetaTask::Count count = meta_->count(context().comm());
      context().print("  inner steps   of %lld tasks, %lld skipped as they diverged\n",
                      static_cast<long long>(count.tasks), static_cast<long long>(count.skipped));
      tasks_ = count;
    }
    if (fits_last_layer(options(), "end")) offer_last_layer(trainer);
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
    if (is_orthonormal(options())) judge_orthonormal(trainer, first, count);
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
  int modes_ = 0; ///< of a POD that takes the place of the trunk
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
