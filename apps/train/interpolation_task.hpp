// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Training of the network that shifts the interpolation of black-box multigrid.
#pragma once

#include "random_medium.hpp"

#include <linnet/multigrid/interpolation_weights.hpp>
#include <linnet/nn/training/training_task.hpp>

namespace app {

/// Sample n is a patch of medium n: its finest grid, or, for every second n, the next one of a
/// medium with twice as many cells per direction. Its loss is that of
/// multigrid/interpolation_loss.hpp.
class InterpolationTask final : public linnet::nn::TrainingTask {
public:
  InterpolationTask(const MediaOptions& media, std::int64_t samples, int steps);

  [[nodiscard]] const linnet::nn::ResolvedGraph& graph() const override { return graph_; }
  [[nodiscard]] std::int64_t samples() const override { return samples_; }
  double evaluate(std::int64_t sample, const linnet::kernels::Array<float>& parameters,
                  const linnet::kernels::Array<float>* gradient) override;

  /// The weights that @p parameters, a flat buffer of graph(), stand for; and back.
  [[nodiscard]] linnet::multigrid::InterpolationWeights
  weights(const linnet::kernels::Array<float>& parameters) const;
  [[nodiscard]] linnet::kernels::Array<float>
  parameters(const linnet::multigrid::InterpolationWeights& weights) const;

private:
  MediaOptions media_;
  std::int64_t samples_;
  int steps_;
  linnet::nn::ResolvedGraph graph_; ///< its parameters alone
};

} // namespace app
