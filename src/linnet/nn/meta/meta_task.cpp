// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/meta/meta_task.hpp>

#include <linnet/core/error.hpp>
#include <linnet/kernels/network/optimiser_steps.hpp>
#include <linnet/nn/training/permutation.hpp>

#include <petscsys.h>

#include <cmath>
#include <limits>

namespace linnet::nn {

namespace {

using kernels::Array;

/// Values first, ..., first + count - 1 of @p values, in the same memory.
Array<float> part(const Array<float>& values, std::size_t first, std::size_t count) {
  return Array<float>(Kokkos::subview(values, std::pair(first, first + count)));
}

void require(bool good, const std::string& problem) {
  if (!good) core::throw_usage("meta-learning: " + problem);
}

/// A seed of its own for every operator.
std::uint64_t seed_of(std::uint64_t seed, std::int64_t number) {
  const auto bits =
      core::philox({static_cast<std::uint32_t>(number), 0, 0, 0x6d657461u},
                   {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
  return std::uint64_t{bits[0]} << 32 | bits[1];
}

} // namespace

MetaTask::MetaTask(TrainingTask& base, const MetaOptions& options,
                   std::optional<RateNetworkOptions> rates)
    : base_(base), options_(options), layout_(base.graph().parameters) {
  const auto text = [](std::int64_t value) { return std::to_string(value); };
  require(base.ranks_per_sample() == 1, "an operator belongs to one rank, not to a group of them");
  require(options.operators >= 1 && base.samples() % options.operators == 0,
          text(base.samples()) + " samples are not as many for each of " + text(options.operators) +
              " operators");
  require(options.support >= 1 && options.query >= 1 && options.inner_steps >= 0,
          "needs samples of support and query, and 0 or more inner steps");
  require(options.support + options.query <= samples_per_operator(),
          text(options.support) + " + " + text(options.query) +
              " samples of support and query cannot be drawn among the " +
              text(samples_per_operator()) + " of an operator");
  require(options.inner_rate > 0.0 && std::isfinite(options.inner_rate),
          "the inner rate must be positive");
  require(options.divergence > 1.0, "the bound of losses must be above 1");
  adapted_ = parameter_buffer<float>(layout_);
  gradient_ = parameter_buffer<float>(layout_);
  path_ = parameter_buffer<float>(layout_);
  if (!rates) return;
  rates_.emplace(*rates);
  require(rates_->operators() == options.operators, "has codes of " + text(rates_->operators()) +
                                                        " operators, and not of " +
                                                        text(options.operators));
  for (const ParameterBlock& block : rates_->graph().parameters.blocks()) layout_.add(block);
}

std::int64_t MetaTask::samples_per_operator() const { return base_.samples() / options_.operators; }

Array<float> MetaTask::network_parameters(const Array<float>& trained) const {
  return part(trained, 0, adapted_.extent(0));
}

Array<float> MetaTask::rate_parameters(const Array<float>& parameters) const {
  return part(parameters, adapted_.extent(0), layout_.size() - adapted_.extent(0));
}

double MetaTask::inner_rate(std::int64_t number, const Array<float>& parameters) {
  return rates_ ? rates_->rate(number, rate_parameters(parameters)) : options_.inner_rate;
}

/// By number, step and seed alone.
MetaTask::Draw MetaTask::draw(std::int64_t number, std::int64_t step) const {
  const Permutation order(static_cast<std::uint64_t>(samples_per_operator()),
                          seed_of(options_.seed, number), static_cast<std::uint64_t>(step));
  Draw drawn;
  for (int i = 0; i < options_.support + options_.query; ++i) {
    const auto place = static_cast<std::int64_t>(order(static_cast<std::uint64_t>(i)));
    (i < options_.support ? drawn.support : drawn.query)
        .push_back(place * options_.operators + number);
  }
  return drawn;
}

std::vector<std::int64_t> MetaTask::first_samples(std::int64_t number) const {
  std::vector<std::int64_t> samples;
  for (std::int64_t i = 0; i < options_.support; ++i)
    samples.push_back(i * options_.operators + number);
  return samples;
}

std::vector<std::int64_t> MetaTask::other_samples(std::int64_t number) const {
  std::vector<std::int64_t> samples;
  for (std::int64_t i = options_.support; i < samples_per_operator(); ++i)
    samples.push_back(i * options_.operators + number);
  return samples;
}

/// On this rank; leaves the gradient of the sum in gradient_.
double MetaTask::sum_of_losses(const std::vector<std::int64_t>& samples,
                               const Array<float>& parameters) {
  Kokkos::deep_copy(gradient_, 0.0F);
  double sum = 0.0;
  base_.evaluate_shards({PETSC_COMM_SELF, samples, 1, 0, 1}, parameters, {&gradient_, 1},
                        {&sum, 1});
  return sum;
}

/// What a skipped operator counts with: @p members losses at the bound.
double MetaTask::bound(std::size_t members) const {
  return static_cast<double>(members) * options_.divergence * first_loss_;
}

/// The inner steps on adapted_; false where they diverge.
bool MetaTask::descend(const std::vector<std::int64_t>& support, double rate) {
  const std::size_t n = adapted_.extent(0);
  const double count = static_cast<double>(support.size());
  Kokkos::deep_copy(path_, 0.0F);
  for (int step = 0; step < options_.inner_steps; ++step) {
    const double loss = sum_of_losses(support, adapted_) / count;
    if (step == 0) first_loss_ = loss;
    // A comparison that holds for no number that is not one.
    if (!(loss <= options_.divergence * first_loss_)) return false;
    kernels::scale(gradient_.data(), 1.0 / count, gradient_.data(), n);
    if (options_.clamp > 0.0) kernels::clamp(gradient_.data(), options_.clamp, n);
    kernels::scale_and_add(1.0, adapted_.data(), -rate, gradient_.data(), n);
    kernels::scale_and_add(1.0, path_.data(), 1.0, gradient_.data(), n);
  }
  return true;
}

/// The sum of the query's losses after inner steps; adds its derivative to @p gradient.
double MetaTask::run(std::int64_t number, std::int64_t step, const Array<float>& parameters,
                     const Array<float>& gradient) {
  const Draw drawn = draw(number, step);
  const std::size_t n = adapted_.extent(0);
  const bool has_inner = options_.inner_steps > 0;
  Kokkos::deep_copy(adapted_, part(parameters, 0, n));
  ++count_.tasks;
  bool converges = descend(drawn.support, inner_rate(number, parameters));
  double loss = converges ? sum_of_losses(drawn.query, adapted_) : 0.0;
  if (has_inner && converges)
    converges = loss <= bound(drawn.query.size()) &&
                std::isfinite(kernels::sum_of_squares(gradient_.data(), n));
  if (!converges) {
    ++count_.skipped;
    return bound(drawn.query.size()); // not finite where the loss was so before: training ends
  }
  kernels::scale_and_add(1.0, gradient.data(), 1.0, gradient_.data(), n);
  if (rates_ && has_inner)
    rates_->add_gradient(-kernels::sum_of_products(gradient_.data(), path_.data(), n),
                         rate_parameters(parameters), rate_parameters(gradient));
  return loss;
}

double MetaTask::evaluate(std::int64_t sample, const Array<float>& parameters,
                          const Array<float>* gradient) {
  const Array<float> unwanted = gradient ? *gradient : parameter_buffer<float>(layout_);
  return run(sample, 0, parameters, unwanted);
}

void MetaTask::evaluate_shards(const Batch& batch, const Array<float>& parameters,
                               std::span<const Array<float>> gradients, std::span<double> losses) {
  std::size_t mine = 0;
  for (std::int64_t s = batch.group; s < batch.shards; s += batch.groups, ++mine) {
    losses[mine] = 0.0;
    for (std::int64_t i = batch.begin(s); i < batch.begin(s + 1); ++i)
      losses[mine] +=
          run(batch.samples[static_cast<std::size_t>(i)], batch.step, parameters, gradients[mine]);
  }
}

std::optional<Array<float>> MetaTask::adapted(std::int64_t number, const Array<float>& parameters) {
  Kokkos::deep_copy(adapted_, part(parameters, 0, adapted_.extent(0)));
  if (!descend(first_samples(number), inner_rate(number, parameters))) return std::nullopt;
  return adapted_;
}

double MetaTask::error(std::int64_t sample, const Array<float>& parameters) {
  const auto others = other_samples(sample);
  const auto theta = adapted(sample, parameters);
  const double sum = theta ? sum_of_losses(others, *theta) : bound(others.size());
  return sum / static_cast<double>(others.size());
}

double MetaTask::flops() const {
  return base_.flops() *
         static_cast<double>(options_.inner_steps * options_.support + options_.query);
}

MetaTask::Count MetaTask::count(MPI_Comm comm) const {
  std::int64_t numbers[] = {count_.tasks, count_.skipped};
  MPI_Allreduce(MPI_IN_PLACE, numbers, 2, MPI_INT64_T, MPI_SUM, comm);
  return {numbers[0], numbers[1]};
}

} // namespace linnet::nn
