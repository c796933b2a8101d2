// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/deeponet/deeponet_triples.hpp>

#include <linnet/kernels/network/channels.hpp>
#include <linnet/kernels/network/repeat_members.hpp>

namespace linnet::nn {

namespace {

kernels::Tensor<float> row_tensor(int channels, int members) {
  return {"linnet::nn::deeponet_triples", channels, kernels::Layout({members, 1, 1}, {0, 0, 0})};
}

} // namespace

DeepONetTriples::DeepONetTriples(const OperatorProblem& problem, int samples)
    : problem_(problem), branch_(problem.parts.branch, samples, NetworkMode::training),
      trunk_(problem.parts.trunk, samples * problem.data.shape.points, NetworkMode::training) {
  const DeepONetParts& parts = problem.parts;
  const int members = trunk_.members();
  result_ = row_tensor(parts.outputs, members);
  target_ = row_tensor(parts.outputs, members);
  if (problem.data.shape.points == 1) return;
  spread_ = row_tensor(parts.outputs * parts.basis, members);
  spread_gradient_ = row_tensor(parts.outputs * parts.basis, members);
}

void DeepONetTriples::gather_targets(std::span<const std::int64_t> numbers) {
  const int points = problem_.data.shape.points, outputs = problem_.data.shape.outputs;
  const float* const values = problem_.data.values.data();
  for (int o = 0; o < outputs; ++o) {
    float* to = target_.origin(o);
    for (const std::int64_t number : numbers) {
      const float* const from = values + (number * outputs + o) * points;
      for (int j = 0; j < points; ++j) *to++ = from[j];
    }
  }
}

void DeepONetTriples::forward(std::span<const std::int64_t> numbers,
                              const kernels::Array<float>& parameters) {
  const int count = static_cast<int>(numbers.size()), points = problem_.data.shape.points;
  const auto number = [&](int i) { return numbers[static_cast<std::size_t>(i)]; };
  gather_members(problem_.encoded.data(), number, count, branch_.network().input());
  gather_members(
      problem_.data.coordinates.data(),
      [&](int i) { return number(i / points) * points + i % points; }, count * points,
      trunk_.network().input());
  branch_.network().forward(parameters);
  trunk_.network().forward(parameters);
  const kernels::Tensor<float>& trunk = trunk_.network().output();
  kernels::Tensor<float> branch = branch_.network().output();
  if (points > 1) {
    kernels::repeat_members(branch, points, spread_);
    branch = spread_;
  }
  const int basis = problem_.parts.basis;
  for (int o = 0; o < problem_.parts.outputs; ++o)
    kernels::multiply_tensors(branch.part(o * basis, basis), trunk, result_.part(o, 1), false);
  if (problem_.parts.bias)
    kernels::add_to_channels(result_, parameters.data() + *problem_.parts.bias);
}

void DeepONetTriples::backward(const kernels::Array<float>& parameters,
                               const kernels::Array<float>& gradient) {
  const int points = problem_.data.shape.points, basis = problem_.parts.basis;
  if (problem_.parts.bias)
    kernels::add_channel_sums(result_, gradient.data() + *problem_.parts.bias);
  const bool spreads = points > 1;
  const kernels::Tensor<float> branch = spreads ? spread_ : branch_.network().output(),
                               gb =
                                   spreads ? spread_gradient_ : branch_.network().output_gradient();
  for (int o = 0; o < problem_.parts.outputs; ++o) {
    kernels::multiply_tensors(result_.part(o, 1), trunk_.network().output(),
                              gb.part(o * basis, basis), false);
    kernels::multiply_tensors(result_.part(o, 1), branch.part(o * basis, basis),
                              trunk_.network().output_gradient(), o > 0);
  }
  if (spreads)
    kernels::add_repeated_members(spread_gradient_, points, branch_.network().output_gradient());
  branch_.network().backward(parameters, gradient);
  trunk_.network().backward(parameters, gradient);
}

double DeepONetTriples::run(std::span<const std::int64_t> numbers,
                            const kernels::Array<float>& parameters,
                            const kernels::Array<float>* gradient) {
  forward(numbers, parameters);
  gather_targets(numbers);
  const double mean = problem_.mean_factor();
  const double sum =
      kernels::squared_error(result_, target_, problem_.scale, problem_.parts.outputs, 0,
                             static_cast<int>(numbers.size()) * problem_.data.shape.points,
                             static_cast<float>(2.0 * mean));
  if (gradient) backward(parameters, *gradient);
  return sum * mean;
}

void DeepONetTriples::squared_errors(std::span<const std::int64_t> numbers,
                                     const kernels::Array<float>& parameters,
                                     std::vector<double>& squares) {
  forward(numbers, parameters);
  gather_targets(numbers);
  const int points = problem_.data.shape.points, outputs = problem_.data.shape.outputs;
  squares.clear();
  for (int i = 0; i < static_cast<int>(numbers.size()); ++i)
    for (int o = 0; o < outputs; ++o)
      for (int j = i * points; j < (i + 1) * points; ++j) {
        const double scale = static_cast<double>(problem_.scale.scale.data()[o]),
                     shift = static_cast<double>(problem_.scale.shift.data()[o]);
        const double e = scale * static_cast<double>(result_.origin(o)[j]) + shift -
                         static_cast<double>(target_.origin(o)[j]);
        squares.push_back(e * e);
      }
}

std::size_t DeepONetTriples::arena_bytes() {
  return branch_.network().arena_bytes() + trunk_.network().arena_bytes();
}
std::size_t DeepONetTriples::least_bytes() {
  return branch_.network().least_bytes() + trunk_.network().least_bytes();
}

} // namespace linnet::nn
