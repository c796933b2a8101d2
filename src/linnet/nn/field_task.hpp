// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Supervised training of a network from field to field.
#pragma once

#include <linnet/nn/field_loss.hpp>
#include <linnet/nn/field_network.hpp>
#include <linnet/nn/field_samples.hpp>
#include <linnet/nn/training_task.hpp>

#include <array>

namespace linnet::nn {

/// Errors that are reported: means over samples, each relative to the norm of the true field.
struct FieldErrors {
  double l2 = 0.0, h1_spectral = 0.0, h1_semi = 0.0;
  double roll_out = 0.0; ///< l2 of all frames of an evolution together, from the first on; else 0
};

/// Losses of pairs. The error that decides on the best epoch is l2.
class FieldTask : public TrainingTask {
public:
  /// @p samples must outlive the task. @throws core::Error where graph, samples and normalisation
  /// do not fit together.
  FieldTask(const ResolvedGraph& graph, FieldSamples& samples, const Normalisation& normalisation,
            FieldLossType loss);
  [[nodiscard]] const ResolvedGraph& graph() const override { return network_.graph(); }
  [[nodiscard]] std::int64_t samples() const override { return samples_.pairs(); }
  double evaluate(std::int64_t pair, const kernels::Array<float>& parameters,
                  const kernels::Array<float>* gradient) override;
  double error(std::int64_t pair, const kernels::Array<float>& parameters) override;
  [[nodiscard]] double flops() const override { return flops_; }
  [[nodiscard]] std::size_t arena_bytes() const override { return network_.arena_bytes(); }
  [[nodiscard]] std::size_t least_bytes() const override { return network_.least_bytes(); }

  /// Means over the samples of @p count pairs from @p first on, which are dealt out to the ranks:
  /// the same bits on any number of them. Both are multiples of the pairs of a sample. Collective.
  FieldErrors errors(MPI_Comm comm, std::int64_t first, std::int64_t count,
                     const kernels::Array<float>& parameters);

private:
  FieldErrors errors_of(std::int64_t sample, const kernels::Array<float>& parameters);
  double roll_out(std::int64_t sample, const kernels::Array<float>& parameters);

  FieldSamples& samples_;
  FieldNetwork<float> network_;
  FieldLoss loss_, l2_, h1_spectral_, h1_semi_;
  double flops_;
  std::vector<double> input_, output_, gradient_;
};

} // namespace linnet::nn
