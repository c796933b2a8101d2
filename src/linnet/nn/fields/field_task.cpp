// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/fields/field_task.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/nn/network/operation_count.hpp>
#include <linnet/nn/training/rank_groups.hpp>
#include <linnet/nn/training/reproducible_sum.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::nn {

FieldTask::FieldTask(const ResolvedGraph& graph, FieldSamples& samples,
                     const Normalisation& normalisation, FieldLossType loss, MPI_Comm group)
    : samples_(samples),
      network_(group, samples.points(), graph, normalisation, NetworkMode::training),
      flops_(training_flops(graph, samples.points())), gradient_(network_.output_count()) {
  require_field_graph(graph, samples.layout().in, samples.layout().out, "network");
  MPI_Comm_size(group, &ranks_);
  int rank = 0;
  MPI_Comm_rank(group, &rank);
  if (rank > 0) return;
  const auto measure = [&](FieldLossType type) {
    return FieldLoss(type, samples.points(), graph.graph.padding == Padding::periodic);
  };
  measures_ = std::make_unique<Measures>(Measures{measure(loss), measure(FieldLossType::l2),
                                                  measure(FieldLossType::h1_spectral),
                                                  measure(FieldLossType::h1_semi)});
}

/// The prediction of a pair, whose fields are read; all of it on the first rank, nothing on others.
std::span<const double> FieldTask::predict(std::int64_t pair,
                                           const kernels::Array<float>& parameters) {
  core::on_first_rank(network_.comm(), [&] {
    samples_.read_input(pair, input_);
    samples_.read_output(pair, output_);
  });
  return network_.forward(input_, parameters);
}

double FieldTask::evaluate(std::int64_t pair, const kernels::Array<float>& parameters,
                           const kernels::Array<float>* gradient) {
  const auto prediction = predict(pair, parameters);
  const std::span<double> by_output = gradient ? std::span(gradient_) : std::span<double>();
  const double loss = measures_ ? measures_->loss.evaluate(prediction, output_, by_output) : 0.0;
  if (gradient) network_.backward(by_output, parameters, *gradient);
  return loss;
}

double FieldTask::error(std::int64_t pair, const kernels::Array<float>& parameters) {
  const auto prediction = predict(pair, parameters);
  return measures_ ? measures_->l2.evaluate(prediction, output_, {}) : 0.0;
}

/// From the first frame on, each step from the one before it.
double FieldTask::roll_out(std::int64_t sample, const kernels::Array<float>& parameters) {
  const std::int64_t steps = samples_.layout().pairs, first = sample * steps;
  double error = 0.0, size = 0.0;
  const auto read = [&](auto&& work) { core::on_first_rank(network_.comm(), work); };
  read([&] { samples_.read_input(first, input_); });
  for (std::int64_t step = 0; step < steps; ++step) {
    read([&] { samples_.read_output(first + step, output_); });
    const auto prediction = network_.forward(input_, parameters);
    for (std::size_t i = 0; i < output_.size(); ++i) {
      error += (prediction[i] - output_[i]) * (prediction[i] - output_[i]);
      size += output_[i] * output_[i];
    }
    input_.assign(prediction.begin(), prediction.end());
  }
  return size > 0.0 ? std::sqrt(error / size) : std::sqrt(error);
}

FieldErrors FieldTask::errors_of(std::int64_t sample, const kernels::Array<float>& parameters) {
  FieldErrors sum;
  const std::int64_t pairs = samples_.layout().pairs;
  const double part = 1.0 / static_cast<double>(pairs);
  for (std::int64_t pair = sample * pairs; pair < (sample + 1) * pairs; ++pair) {
    const auto prediction = predict(pair, parameters);
    if (!measures_) continue;
    sum.l2 += part * measures_->l2.evaluate(prediction, output_, {});
    sum.h1_spectral += part * measures_->h1_spectral.evaluate(prediction, output_, {});
    sum.h1_semi += part * measures_->h1_semi.evaluate(prediction, output_, {});
  }
  if (samples_.layout().is_evolution) sum.roll_out = roll_out(sample, parameters);
  return sum;
}

FieldErrors FieldTask::errors(MPI_Comm comm, std::int64_t first, std::int64_t count,
                              const kernels::Array<float>& parameters) {
  const RankGroups groups(comm, ranks_);
  const std::int64_t pairs = samples_.layout().pairs, begin = first / pairs, size = count / pairs;
  if (size < 1) core::throw_usage("there is no sample to measure errors on");
  std::vector<double> values;
  for (std::int64_t s = groups.number(); s < size; s += groups.count()) {
    const FieldErrors e = errors_of(begin + s, parameters);
    if (groups.leads()) values.insert(values.end(), {e.l2, e.h1_spectral, e.h1_semi, e.roll_out});
  }
  const std::vector<std::string> names{"l2 error", "spectral H1 error", "H1 error",
                                       "roll-out error"};
  std::vector<double> sums = sum_of_shards(comm, static_cast<int>(size), names, values);
  for (double& sum : sums) sum /= static_cast<double>(size);
  return {sums[0], sums[1], sums[2], sums[3]};
}

} // namespace linnet::nn
