// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/trainer.hpp>

#include <linnet/core/error.hpp>
#include <linnet/kernels/network/optimiser_steps.hpp>
#include <linnet/nn/training/permutation.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace linnet::nn {

namespace {

/// First member of shard @p s when @p count members are cut into @p shards.
std::int64_t shard_begin(std::int64_t count, std::int64_t shards, std::int64_t s) {
  return count * s / shards;
}

} // namespace

SampleSplit split_samples(std::int64_t samples, const TrainerOptions& options) {
  const std::int64_t group = options.group;
  const auto require_groups = [&](std::int64_t count) {
    if (group < 1 || count % group != 0)
      core::throw_usage(std::to_string(count) + " samples cannot be cut into groups of " +
                        std::to_string(group));
  };
  require_groups(samples);
  require_groups(options.test);
  SampleSplit split;
  split.test = options.test;
  const auto groups = static_cast<double>((samples - options.test) / group);
  const bool is_part = options.validation < 1.0;
  split.validation = is_part ? group * static_cast<std::int64_t>(options.validation * groups)
                             : static_cast<std::int64_t>(options.validation);
  require_groups(split.validation);
  split.training = samples - split.validation - split.test;
  if (options.batch < 1 || split.training < options.batch)
    core::throw_usage(
        "a batch of " + std::to_string(options.batch) + " samples cannot be taken of " +
        std::to_string(std::max(std::int64_t{0}, split.training)) + " training samples");
  return split;
}

Trainer::Trainer(MPI_Comm comm, TrainingTask& task, const TrainerOptions& options)
    : comm_(comm), task_(task), options_(options), groups_(comm, task.ranks_per_sample()),
      sum_(comm, task.layout(), static_cast<int>(batch_shards()) * task.ranks_per_sample()),
      batch_(static_cast<std::size_t>(options.batch)) {
  split_ = split_samples(task.samples(), options);
  steps_per_epoch_ = split_.training / options.batch;
  const ParameterLayout& layout = task.layout();
  parameters_ = parameter_buffer<float>(layout);
  gradient_ = parameter_buffer<float>(layout);
  best_ = parameter_buffer<float>(layout);
  initialise(layout, options.seed, parameters_);
  optimiser_ = make_optimiser<float>(options.optimiser, layout);
  for (std::int64_t s = groups_.number(); s < batch_shards(); s += groups_.count())
    shard_gradients_.push_back(parameter_buffer<float>(layout));
  best_validation_ = std::numeric_limits<double>::infinity();
}

std::int64_t Trainer::shards_of(std::int64_t samples) const {
  return std::min<std::int64_t>(samples, options_.shards);
}

/// All parts of a batch's gradient together are no more than where each shard has one, and so are
/// those that a rank keeps.
std::int64_t Trainer::batch_shards() const {
  return std::min<std::int64_t>(options_.batch, std::max(1, options_.shards / groups_.size()));
}

/// Values that the mean of a batch is over.
double Trainer::batch_members() const {
  return static_cast<double>(options_.batch * task_.members_per_sample());
}

void Trainer::start_from(const kernels::Array<float>& parameters) {
  Kokkos::deep_copy(parameters_, parameters);
}

const kernels::Array<float>& Trainer::best_parameters() const {
  return std::isfinite(best_validation_) ? best_ : parameters_;
}

/// The epoch's order, without the samples held out.
std::int64_t Trainer::sample_at(std::int64_t place) const {
  if (options_.batch == split_.training) return place; // all of them: in any order
  const auto epoch = static_cast<std::uint64_t>(steps() / steps_per_epoch_);
  const Permutation order(static_cast<std::uint64_t>(split_.training), options_.seed, epoch);
  return static_cast<std::int64_t>(order(static_cast<std::uint64_t>(place)));
}

/// The sum of a number for each of @p shards shards, those of this rank's group in @p mine.
double Trainer::sum_over_groups(const std::string& name, std::int64_t shards,
                                const std::vector<double>& mine) const {
  const std::vector<double> led = groups_.leads() ? mine : std::vector<double>();
  return sum_of_shards(comm_, static_cast<int>(shards), std::vector{name}, led).front();
}

/// The sum of the losses of the batch, and the mean gradient.
double Trainer::evaluate_batch(std::int64_t first) {
  for (std::int64_t i = 0; i < options_.batch; ++i)
    batch_[static_cast<std::size_t>(i)] = sample_at(first + i);
  const Batch batch{comm_, batch_, batch_shards(), groups_.number(), groups_.count(), steps()};
  for (const auto& gradient : shard_gradients_) Kokkos::deep_copy(gradient, 0.0F);
  std::vector<double> losses(shard_gradients_.size(), 0.0);
  task_.evaluate_shards(batch, parameters_, shard_gradients_, losses);
  const double sum = sum_over_groups("loss", batch.shards, losses);
  sum_.mean(shard_gradients_, batch_members(), gradient_);
  return sum;
}

bool Trainer::offer(const kernels::Array<float>& parameters) {
  const auto mine = parameter_buffer<float>(task_.layout());
  Kokkos::deep_copy(mine, parameters_);
  Kokkos::deep_copy(parameters_, parameters);
  if (split_.validation == 0) return true;
  const double error = mean_error(split_.training, split_.validation);
  const bool is_better = error < best_validation_;
  if (is_better) {
    best_validation_ = error;
    Kokkos::deep_copy(best_, parameters_);
  } else {
    Kokkos::deep_copy(parameters_, mine);
  }
  return is_better;
}

double Trainer::step() {
  const double start = MPI_Wtime();
  const std::int64_t in_epoch = steps() % steps_per_epoch_;
  const double loss = evaluate_batch(in_epoch * options_.batch);
  epoch_loss_ += loss;
  if (options_.clamp > 0.0) kernels::clamp(gradient_.data(), options_.clamp, gradient_.extent(0));
  if (options_.clip > 0.0) clip_by_norm(gradient_, options_.clip);
  if (const auto beta = momentum(options_.schedule, steps())) optimiser_->set_momentum(*beta);
  optimiser_->step(parameters_, gradient_, rate(options_.schedule, steps()));
  if (steps() % steps_per_epoch_ == 0) finish_epoch();
  seconds_ += MPI_Wtime() - start;
  return loss / batch_members();
}

double Trainer::mean_error(std::int64_t first, std::int64_t count) {
  const std::int64_t shards = shards_of(count);
  std::vector<double> errors;
  for (std::int64_t s = groups_.number(); s < shards; s += groups_.count()) {
    const std::int64_t begin = shard_begin(count, shards, s);
    errors.push_back(
        task_.error_sum(first + begin, shard_begin(count, shards, s + 1) - begin, parameters_));
  }
  return sum_over_groups("validation error", shards, errors) / static_cast<double>(count);
}

void Trainer::finish_epoch() {
  EpochRecord record;
  record.epoch = steps() / steps_per_epoch_;
  record.training = epoch_loss_ / (static_cast<double>(steps_per_epoch_) * batch_members());
  record.rate = rate(options_.schedule, steps() - 1);
  epoch_loss_ = 0.0;
  record.validation = split_.validation > 0 ? mean_error(split_.training, split_.validation)
                                            : std::numeric_limits<double>::quiet_NaN();
  if (record.validation < best_validation_) {
    best_validation_ = record.validation;
    Kokkos::deep_copy(best_, parameters_);
  }
  history_.push_back(record);
}

} // namespace linnet::nn
