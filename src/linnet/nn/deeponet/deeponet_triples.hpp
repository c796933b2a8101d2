// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A DeepONet on functions that have points of their own.
#pragma once

#include <linnet/kernels/network/squared_error.hpp>
#include <linnet/nn/deeponet/deeponet.hpp>
#include <linnet/nn/deeponet/operator_data.hpp>

#include <span>

namespace linnet::nn {

/// What training and judging of a DeepONet work with; all of it outlives them.
struct OperatorProblem {
  const DeepONetParts& parts;
  const OperatorData& data;
  const std::vector<float>& encoded; ///< (sample, sensor), as the branch takes them
  const kernels::OutputScale<float>& scale;
  /// Of the sum of squared errors of a sample: its loss is their mean.
  [[nodiscard]] double mean_factor() const {
    return 1.0 / (static_cast<double>(data.shape.points) * data.shape.outputs);
  }
};

/// Up to a number of samples at a time.
class DeepONetTriples {
public:
  DeepONetTriples(const OperatorProblem& problem, int samples);
  [[nodiscard]] int most_samples() const { return branch_.members(); }
  /// The sum of the losses of the samples of numbers @p numbers; with a @p gradient, adds its
  /// derivative.
  double run(std::span<const std::int64_t> numbers, const kernels::Array<float>& parameters,
             const kernels::Array<float>* gradient);
  /// Squared errors of all values of these samples, (sample, output, point).
  void squared_errors(std::span<const std::int64_t> numbers,
                      const kernels::Array<float>& parameters, std::vector<double>& squares);
  [[nodiscard]] std::size_t arena_bytes();
  [[nodiscard]] std::size_t least_bytes();

private:
  void forward(std::span<const std::int64_t> numbers, const kernels::Array<float>& parameters);
  void gather_targets(std::span<const std::int64_t> numbers);
  void backward(const kernels::Array<float>& parameters, const kernels::Array<float>& gradient);

  OperatorProblem problem_;
  BatchNetwork<float> branch_, trunk_;
  /// Branch, its gradient, result and target at every point.
  kernels::Tensor<float> spread_, spread_gradient_, result_, target_;
};

} // namespace linnet::nn
