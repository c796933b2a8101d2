// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_run.hpp"

#include "field_options.hpp"
#include "field_samples.hpp"
#include "graph_file.hpp"
#include "options.hpp"
#include "training_run.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/text.hpp>
#include <linnet/nn/fields/field_task.hpp>
#include <linnet/nn/network/widest_cut.hpp>
#include <linnet/nn/training/rank_groups.hpp>
#include <linnet/nonlinear/input_channels.hpp>

namespace app {

using linnet::core::AppContext;
using linnet::core::number_text;
using linnet::core::Options;
using namespace linnet::nn;

namespace {

constexpr const char* network_option = "-train_network";
constexpr const char* group_option = "-train_ranks_per_sample";

class FieldTraining final : public TrainingRun {
public:
  explicit FieldTraining(AppContext& context) : TrainingRun(context) {}

private:
  ResolvedGraph prepare() override {
    make_groups();
    sampler_ = make_field_sampler(context());
    std::vector<SampleField> fields;
    for (const auto& field : sampler_->fields()) fields.push_back({field.name, field.channels});
    pairs_ = pair_layout(fields, pair_options(options()).steps, "-train_evolution_steps");
    split_samples(sample_count(), trainer_options());
    const Graph graph = make_graph();
    const ResolvedGraph resolved = resolve(graph, options().string(network_option));
    require_grid(resolved);
    return resolved;
  }
  /// Errors of @p work are those of @p option.
  template <class Work>
  void blame(const char* option, const Work& work) const {
    try {
      work();
    } catch (const linnet::core::Error& error) {
      options().fail(option, error.what());
    }
  }
  void make_groups() {
    blame(group_option, [&] {
      groups_.emplace(context().comm(), options().integer(group_option));
      group_ = groups_->split();
    });
  }
  [[nodiscard]] Graph make_graph() const {
    if (is_graph_file(options())) return read_graph_file(context());
    if (options().string(network_option) != "mgno")
      options().fail(network_option, "must be mgno or a file.json for fields, got " +
                                         options().string(network_option));
    try {
      return mgno_graph(mgno_options(options(), sampler_->points(), pairs_.in, pairs_.out));
    } catch (const linnet::core::Error& error) {
      options().fail(network_option, error.what());
    }
  }
  /// The network must work on the samples' grid, cut over the ranks of a group; tried, without
  /// parameters worth the name.
  void require_grid(const ResolvedGraph& graph) const {
    if (sampler_->points()[1] == 1)
      options().fail(network_option, "must be deeponet for samples on a line, got " +
                                         options().string(network_option));
    const int dimension = sampler_->points()[2] > 1 ? 3 : 2;
    if (graph.graph.dimension != dimension)
      options().fail(network_option, "is of dimension " + std::to_string(graph.graph.dimension) +
                                         ", and the samples are of dimension " +
                                         std::to_string(dimension));
    int most = 1;
    blame(network_option, [&] {
      require_field_graph(graph, pairs_.in, pairs_.out, "network");
      most = widest_field_cut(graph, sampler_->points(), groups_->size()).ranks();
    });
    if (most < groups_->size())
      options().fail(group_option,
                     "leaves ranks without a part of the network's coarsest grid, got " +
                         std::to_string(groups_->size()) + "; " + std::to_string(most) +
                         " can share a sample");
    blame(network_option,
          [&] { linnet::core::together(context().comm(), [&] { try_network(graph); }); });
  }
  void try_network(const ResolvedGraph& graph) const {
    WholeFieldNetwork<float> network(group_.get(), sampler_->points(), graph, {},
                                     NetworkMode::training);
    const std::vector<double> input(network.input_count()), gradient(network.output_count());
    const auto parameters = parameter_buffer<float>(graph.parameters);
    network.forward(input, parameters);
    network.backward(gradient, parameters, parameter_buffer<float>(graph.parameters));
  }

  /// Pairs; those of an evolution stay together.
  [[nodiscard]] std::int64_t sample_count() const override {
    return pairs_.pairs * app::sample_count(options(), *sampler_);
  }
  [[nodiscard]] TrainerOptions trainer_options() const override {
    TrainerOptions training = app::trainer_options(options());
    training.group = pairs_.pairs;
    training.test = pairs_.pairs * options().integer64("-train_test");
    if (training.validation >= 1.0) training.validation *= static_cast<double>(pairs_.pairs);
    return training;
  }
  [[nodiscard]] std::string data_text() const override { return sampler_->recipe(); }
  [[nodiscard]] const char* data_name() const override { return "data"; }
  double make_samples() override { return make_field_samples(context(), *sampler_); }

  TrainingTask& make_task(const ResolvedGraph& graph) override {
    FieldSamplesOptions pairs = pair_options(options());
    if (!groups_->leads()) pairs.cache_bytes = 0; // it reads them once, for the normalisation
    linnet::core::together(context().comm(), [&] {
      samples_.emplace(options().string("-train_samples_file"), pairs);
    });
    samples_->require_finite(context().comm());
    normalisation_ =
        fit_normalisation(*samples_, split_samples(sample_count(), trainer_options()).training,
                          options().choice_as<NormaliserKind>("-train_input_norm"),
                          options().choice_as<NormaliserKind>("-train_output_norm"));
    task_.emplace(graph, *samples_, normalisation_,
                  options().choice_as<FieldLossType>("-train_field_loss"), group_.get());
    return *task_;
  }
  [[nodiscard]] Normalisation normalisation() const override { return normalisation_; }

  /// On the test samples, or on those held out where there are none.
  void judge(const Trainer& trainer) override {
    const SampleSplit& split = trainer.split();
    const bool has_test = split.test > 0;
    const std::int64_t count = has_test ? split.test : split.validation;
    if (count == 0) return;
    const std::int64_t first = has_test ? split.training + split.validation : split.training;
    const FieldErrors e = task_->errors(context().comm(), first, count, best_parameters(trainer));
    const std::string set = has_test ? "test" : "held_out";
    verdict_ = {
        {set + "_l2", e.l2}, {set + "_h1_spectral", e.h1_spectral}, {set + "_h1_semi", e.h1_semi}};
    if (pairs_.is_evolution) verdict_[set + "_roll_out"] = e.roll_out;
    context().print("  %-13s relative errors: L2 %.5f, H1 of wavenumbers below 20 %.5f, semi-norm "
                    "of H1 %.5f\n",
                    has_test ? "test" : "held out", e.l2, e.h1_spectral, e.h1_semi);
    if (pairs_.is_evolution)
      context().print("                L2 of %lld steps from the first frame %.5f\n",
                      static_cast<long long>(pairs_.pairs), e.roll_out);
  }
  void add_verdict(Card& card) const override {
    for (const auto& [name, value] : verdict_) card["error_" + name] = number_text(value);
    if (const std::string inputs = sampler_->input_names(); !inputs.empty())
      card[linnet::nonlinear::inputs_entry] = inputs;
  }
  void add_verdict(linnet::io::Results& results) const override { results.errors = verdict_; }

  std::optional<RankGroups> groups_;
  linnet::core::OwnedComm group_;
  std::unique_ptr<linnet::problems::FieldSampler> sampler_;
  PairLayout pairs_;
  std::optional<FieldSamples> samples_;
  Normalisation normalisation_;
  std::optional<FieldTask> task_;
  std::map<std::string, double> verdict_; ///< error -> value
};

} // namespace

void run_field_training(AppContext& context) { FieldTraining(context).run(); }

} // namespace app
