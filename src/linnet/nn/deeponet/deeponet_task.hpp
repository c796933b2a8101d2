// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Supervised training of a DeepONet by the mean squared error.
#pragma once

#include <linnet/nn/deeponet/deeponet_cartesian.hpp>
#include <linnet/nn/deeponet/deeponet_triples.hpp>

#include <memory>

namespace linnet::nn {

/// Errors that are reported.
struct OperatorErrors {
  double mean_square = 0.0; ///< over all values of all samples
  /// The same without the thousandth of the values with the largest errors.
  double trimmed = 0.0;
  /// Of all values of a sample together, relative to their size; the mean over samples. Of samples
  /// with a single value each: of all samples together.
  double relative_l2 = 0.0;
};

/// A sample is a function with its points; its loss is the mean of the squared errors there, and so
/// is what decides on the best epoch.
///
/// Triples (points of their own): a shard takes its functions and their points through branch and
/// trunk. Cartesian data (shared points): functions and points are cut into shards of their own,
/// branch and trunk work on each once, and what the two need of each other, values and not
/// gradients, is exchanged. In both cases sums over shards are those of the trainer.
class DeepONetTask : public TrainingTask {
public:
  /// @p data must outlive the task. @throws core::Error (usage) where graph, data and normalisation
  /// do not fit together.
  DeepONetTask(const ResolvedGraph& graph, const OperatorData& data,
               const Normalisation& normalisation);
  [[nodiscard]] const ResolvedGraph& graph() const override { return graph_; }
  [[nodiscard]] std::int64_t samples() const override { return data_.samples; }
  double evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                  const kernels::Array<float>* gradient) override;
  void evaluate_shards(const Batch& batch, const kernels::Array<float>& parameters,
                       std::span<const kernels::Array<float>> gradients,
                       std::span<double> losses) override;
  double error_sum(std::int64_t first, std::int64_t count,
                   const kernels::Array<float>& parameters) override;
  [[nodiscard]] double flops() const override { return flops_; }
  [[nodiscard]] std::size_t arena_bytes() const override { return arena_bytes_; }
  [[nodiscard]] std::size_t least_bytes() const override { return least_bytes_; }

  /// Of @p count samples from @p first on. Every rank judges them all. Not collective.
  OperatorErrors errors(std::int64_t first, std::int64_t count,
                        const kernels::Array<float>& parameters);

private:
  template <class Kind>
  void count_bytes(const std::vector<std::unique_ptr<Kind>>& kinds);
  DeepONetTriples& triples(std::int64_t samples);
  DeepONetCartesian& cartesian(const Batch& batch);
  [[nodiscard]] OperatorProblem problem() const { return {parts_, data_, encoded_, scale_}; }
  /// Squared errors of all values, (sample, output, point).
  std::vector<double> squared_errors(std::int64_t first, std::int64_t count,
                                     const kernels::Array<float>& parameters);

  ResolvedGraph graph_;
  const OperatorData& data_;
  Normalisation normalisation_;
  DeepONetParts parts_;
  std::vector<float> encoded_; ///< (sample, sensor)
  kernels::OutputScale<float> scale_;
  double flops_;
  std::size_t arena_bytes_ = 0, least_bytes_ = 0;
  // For the last kinds of batches; bits may depend on their sizes.
  std::vector<std::unique_ptr<DeepONetTriples>> triples_;
  std::vector<std::unique_ptr<DeepONetCartesian>> cartesian_;
};

} // namespace linnet::nn
