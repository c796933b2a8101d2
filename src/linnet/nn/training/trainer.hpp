// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Training by first-order optimisers. Samples are dealt to ranks or, where each is too large for
/// one, to groups of ranks; the number of ranks or groups changes no bit.
#pragma once

#include <linnet/nn/training/optimiser.hpp>
#include <linnet/nn/training/rank_groups.hpp>
#include <linnet/nn/training/reproducible_sum.hpp>
#include <linnet/nn/training/schedule.hpp>
#include <linnet/nn/training/training_task.hpp>

#include <memory>
#include <string>
#include <vector>

namespace linnet::nn {

struct TrainerOptions {
  std::int64_t batch = 10; ///< samples per step
  /// Samples held out, by which the best epoch is chosen, behind those for training: below 1 a part
  /// of all but the test samples, from 1 on their number.
  double validation = 0.1;
  std::int64_t test = 0;  ///< the last samples, which training does not look at
  std::int64_t group = 1; ///< samples behind each other that are in one of the three sets
  double clamp = 0.0;     ///< largest element of a gradient, before its norm counts; 0: any
  double clip = 0.0;      ///< largest norm of a gradient; 0: any
  int shards = 64;        ///< most parts of a batch, each on one rank; results depend on it
  std::uint64_t seed = 0; ///< of parameters and order
  OptimiserOptions optimiser;
  Schedule schedule;
};

/// How many samples are for what, in the order of their numbers.
struct SampleSplit {
  std::int64_t training = 0, validation = 0, test = 0;
};

/// The split of @p samples. @throws core::Error (usage) where those for training make no batch, or
/// a set is not one of whole groups.
SampleSplit split_samples(std::int64_t samples, const TrainerOptions& options);

/// Refuses @p path unless it is a checkpoint of the training that @p fingerprint tells. Collective;
/// @throws core::Error (data) on all ranks.
void require_training_checkpoint(MPI_Comm comm, const std::string& path,
                                 const std::string& fingerprint);

/// What an epoch came to.
struct EpochRecord {
  std::int64_t epoch = 0;  ///< from 1 on
  double training = 0.0;   ///< mean loss of its samples, each before the step that it belongs to
  double validation = 0.0; ///< mean error of the samples held out, after it; NaN without any
  double rate = 0.0;       ///< learning rate of its last step
};

/// A batch is cut into as many shards as it has samples, up to a number; a shard belongs to one
/// rank. Or it belongs to a group of N = TrainingTask::ranks_per_sample(), each of which has a part
/// of its gradient; then shards are at most an N-th of that number. The sums over shards and their
/// parts are exact: bits depend on N, but not on the number of groups. Every rank holds all
/// parameters and makes the same step.
class Trainer {
public:
  /// Starts with initial parameters. @p task must outlive the trainer. Collective on @p comm;
  /// @throws core::Error for options out of range and for ranks that make no whole groups.
  Trainer(MPI_Comm comm, TrainingTask& task, const TrainerOptions& options);
  /// Goes on from @p parameters; the optimiser keeps its moments.
  void start_from(const kernels::Array<float>& parameters);

  /// Takes @p parameters where their validation error is below the least one so far, or where there
  /// is no validation, and says whether. Collective.
  bool offer(const kernels::Array<float>& parameters);

  [[nodiscard]] std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  [[nodiscard]] const SampleSplit& split() const { return split_; }
  [[nodiscard]] std::int64_t steps() const { return optimiser_->steps(); }
  [[nodiscard]] const kernels::Array<float>& parameters() const { return parameters_; }
  /// Of the validation error: those of the best epoch so far, or those of now without validation.
  [[nodiscard]] const kernels::Array<float>& best_parameters() const;
  [[nodiscard]] const std::vector<EpochRecord>& history() const { return history_; }
  /// Of all steps and of what spend() adds, by the clock of this rank; of what was before a
  /// restart, by that of the first rank.
  [[nodiscard]] double seconds() const { return seconds_; }
  /// Counts @p seconds of work around the steps, as for samples.
  void spend(double seconds) { seconds_ += seconds; }

  /// One step; at the end of an epoch also the validation. Returns the mean loss of the batch.
  /// Collective; @throws core::Error (not_converged) where a gradient is not finite.
  double step();

  /// Saves everything that the following steps depend on, or goes on from it with the same bits, on
  /// any number of ranks or groups; with other ranks of a group, but for rounding. @p fingerprint
  /// tells what is trained; another one is refused. Collective.
  void save(const std::string& path, const std::string& fingerprint) const;
  void load(const std::string& path, const std::string& fingerprint);

private:
  struct State;
  void finish_epoch();
  double mean_error(std::int64_t first, std::int64_t count);
  double evaluate_batch(std::int64_t first);
  [[nodiscard]] std::int64_t shards_of(std::int64_t samples) const;
  [[nodiscard]] double batch_members() const;
  [[nodiscard]] std::int64_t batch_shards() const;
  [[nodiscard]] double sum_over_groups(const std::string& name, std::int64_t shards,
                                       const std::vector<double>& mine) const;
  [[nodiscard]] std::int64_t sample_at(std::int64_t place) const;

  MPI_Comm comm_;
  TrainingTask& task_;
  TrainerOptions options_;
  RankGroups groups_;
  SampleSplit split_;
  std::int64_t steps_per_epoch_ = 0;
  kernels::Array<float> parameters_, gradient_, best_;
  std::vector<kernels::Array<float>> shard_gradients_; ///< of this rank's group; its part
  ReproducibleSum<float> sum_;
  std::vector<std::int64_t> batch_; ///< numbers of the samples of a step
  std::unique_ptr<Optimiser<float>> optimiser_;
  std::vector<EpochRecord> history_;
  double epoch_loss_ = 0.0; ///< sum over the samples of this epoch so far
  double best_validation_ = 0.0;
  double seconds_ = 0.0;
};

} // namespace linnet::nn
