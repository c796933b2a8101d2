// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What training runs of all networks have in common: order of things, checkpoints, model, results.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/io/results.hpp>
#include <linnet/nn/meta/adapter_task.hpp>
#include <linnet/nn/network/model.hpp>
#include <linnet/nn/training/trainer.hpp>

#include <map>
#include <optional>
#include <string>

namespace app {

/// One training run. What is different from kind to kind, the member functions below `protected`
/// say; run() calls them in this order. All are collective.
class TrainingRun {
public:
  explicit TrainingRun(linnet::core::AppContext& context);
  virtual ~TrainingRun() = default;
  TrainingRun(const TrainingRun&) = delete;
  TrainingRun& operator=(const TrainingRun&) = delete;
  TrainingRun(TrainingRun&&) = delete;
  TrainingRun& operator=(TrainingRun&&) = delete;

  /// Samples, training, model.
  void run();

protected:
  using Card = std::map<std::string, std::string>;

  /// The network. Finds everything that may be wrong before samples are made, which takes time and
  /// replaces others.
  virtual linnet::nn::ResolvedGraph prepare() = 0;
  /// What a step is made of, in the plural.
  [[nodiscard]] virtual const char* sample_name() const { return "samples"; }
  /// Samples that training counts, and how they are split; known without making them.
  [[nodiscard]] virtual std::int64_t sample_count() const = 0;
  [[nodiscard]] virtual linnet::nn::TrainerOptions trainer_options() const = 0;
  /// What samples are made of, for the output, cards and checkpoints; and what to call it.
  [[nodiscard]] virtual std::string data_text() const = 0;
  [[nodiscard]] virtual const char* data_name() const = 0;
  /// Makes the file of samples unless it is there. Returns the seconds it took.
  virtual double make_samples() = 0;
  /// The task of the samples' file.
  virtual linnet::nn::TrainingTask& make_task(const linnet::nn::ResolvedGraph& graph) = 0;
  [[nodiscard]] virtual linnet::nn::Normalisation normalisation() const { return {}; }
  /// May change the parameters before each step.
  virtual void before_step(linnet::nn::Trainer& trainer) { static_cast<void>(trainer); }
  /// And when all steps are done.
  virtual void after_steps(linnet::nn::Trainer& trainer) { static_cast<void>(trainer); }
  /// May change the network that goes into the model file.
  virtual void finish_model(linnet::nn::Model& model) const { static_cast<void>(model); }
  /// Functions that go into the model file beside the network, for others to use.
  [[nodiscard]] virtual std::map<std::string, linnet::io::ModelArray>
  basis(const linnet::nn::Model& model) const {
    static_cast<void>(model);
    return {};
  }
  /// Judges the best parameters when training is over.
  virtual void judge(const linnet::nn::Trainer& trainer) { static_cast<void>(trainer); }
  /// Adds what judge() has found.
  virtual void add_verdict(Card& card) const { static_cast<void>(card); }
  virtual void add_verdict(linnet::io::Results& results) const { static_cast<void>(results); }

  /// The best parameters of the network so far, whatever it is that is trained.
  [[nodiscard]] linnet::kernels::Array<float>
  best_parameters(const linnet::nn::Trainer& trainer) const {
    return task_->network_parameters(trainer.best_parameters());
  }
  /// The model of -train_start, or null; known from prepare() on.
  [[nodiscard]] const linnet::nn::Model* start_model() const { return start_ ? &*start_ : nullptr; }
  /// Whether a restart, too, takes more of that model than the parameters that are trained.
  [[nodiscard]] virtual bool restart_needs_start() const;
  /// Saves more files than those of all runs.
  virtual void save_more(const linnet::nn::Trainer& trainer) const { static_cast<void>(trainer); }

  [[nodiscard]] linnet::core::AppContext& context() const { return context_; }
  [[nodiscard]] const linnet::core::Options& options() const { return options_; }

private:
  void set_up();
  [[nodiscard]] std::string training_text() const;
  [[nodiscard]] std::string restart_file() const;
  void load_start();
  void require_start(const linnet::nn::ResolvedGraph& graph) const;
  [[nodiscard]] linnet::kernels::Array<float>
  start_parameters(const linnet::nn::ParameterLayout& layout) const;
  [[nodiscard]] std::int64_t total_steps() const;
  [[nodiscard]] std::string checkpoint() const { return stem_ + ".checkpoint"; }
  void print_start() const;
  void loop();
  [[nodiscard]] std::string note(double loss, bool epoch_ends) const;
  void save_outputs() const;
  [[nodiscard]] Card card() const;
  void finish() const;

  linnet::core::AppContext& context_;
  const linnet::core::Options& options_;
  std::string stem_;
  std::optional<linnet::nn::Model> start_;
  linnet::nn::TrainingTask* task_ = nullptr;
  std::optional<linnet::nn::AdapterTask> adapters_;
  std::optional<linnet::nn::Trainer> trainer_;
  double sample_seconds_ = 0.0, train_seconds_ = 0.0;
  std::int64_t steps_done_ = 0;
};

} // namespace app
