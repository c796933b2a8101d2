// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/field_task.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/operation_count.hpp>
#include <linnet/nn/reproducible_sum.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::nn {

namespace {

bool is_periodic(const ResolvedGraph& graph) { return graph.graph.padding == Padding::periodic; }

} // namespace

FieldTask::FieldTask(const ResolvedGraph& graph, FieldSamples& samples,
                     const Normalisation& normalisation, FieldLossType loss)
    : samples_(samples), network_(graph, samples.points(), normalisation, NetworkMode::training),
      loss_(loss, samples.points(), is_periodic(graph)),
      l2_(FieldLossType::l2, samples.points(), is_periodic(graph)),
      h1_spectral_(FieldLossType::h1_spectral, samples.points(), is_periodic(graph)),
      h1_semi_(FieldLossType::h1_semi, samples.points(), is_periodic(graph)),
      flops_(training_flops(graph, samples.points())), gradient_(network_.output_count()) {
  require_field_graph(graph, samples.layout().in, samples.layout().out, "network");
}

double FieldTask::evaluate(std::int64_t pair, const kernels::Array<float>& parameters,
                           const kernels::Array<float>* gradient) {
  samples_.read_input(pair, input_);
  samples_.read_output(pair, output_);
  const auto prediction = network_.forward(input_, parameters);
  if (!gradient) return loss_.evaluate(prediction, output_, {});
  const double loss = loss_.evaluate(prediction, output_, gradient_);
  network_.backward(gradient_, parameters, *gradient);
  return loss;
}

double FieldTask::error(std::int64_t pair, const kernels::Array<float>& parameters) {
  samples_.read_input(pair, input_);
  samples_.read_output(pair, output_);
  return l2_.evaluate(network_.forward(input_, parameters), output_, {});
}

/// From the first frame on, each step from the one before it.
double FieldTask::roll_out(std::int64_t sample, const kernels::Array<float>& parameters) {
  const std::int64_t steps = samples_.layout().pairs, first = sample * steps;
  double error = 0.0, size = 0.0;
  samples_.read_input(first, input_);
  for (std::int64_t step = 0; step < steps; ++step) {
    samples_.read_output(first + step, output_);
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
    samples_.read_input(pair, input_);
    samples_.read_output(pair, output_);
    const auto prediction = network_.forward(input_, parameters);
    sum.l2 += part * l2_.evaluate(prediction, output_, {});
    sum.h1_spectral += part * h1_spectral_.evaluate(prediction, output_, {});
    sum.h1_semi += part * h1_semi_.evaluate(prediction, output_, {});
  }
  if (samples_.layout().is_evolution) sum.roll_out = roll_out(sample, parameters);
  return sum;
}

FieldErrors FieldTask::errors(MPI_Comm comm, std::int64_t first, std::int64_t count,
                              const kernels::Array<float>& parameters) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  const std::int64_t pairs = samples_.layout().pairs, begin = first / pairs, size = count / pairs;
  if (size < 1) core::throw_usage("there is no sample to measure errors on");
  std::vector<double> values;
  for (std::int64_t s = rank; s < size; s += ranks) {
    const FieldErrors e = errors_of(begin + s, parameters);
    values.insert(values.end(), {e.l2, e.h1_spectral, e.h1_semi, e.roll_out});
  }
  const std::vector<std::string> names{"l2 error", "spectral H1 error", "H1 error",
                                       "roll-out error"};
  std::vector<double> sums = sum_of_shards(comm, static_cast<int>(size), names, values);
  for (double& sum : sums) sum /= static_cast<double>(size);
  return {sums[0], sums[1], sums[2], sums[3]};
}

} // namespace linnet::nn
