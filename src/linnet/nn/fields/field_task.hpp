// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Supervised training of a network from field to field.
#pragma once

#include <linnet/nn/fields/field_loss.hpp>
#include <linnet/nn/fields/field_samples.hpp>
#include <linnet/nn/network/whole_field_network.hpp>
#include <linnet/nn/training/training_task.hpp>

namespace linnet::nn {

/// Errors that are reported: means over samples, each relative to the norm of the true field.
struct FieldErrors {
  double l2 = 0.0, h1_spectral = 0.0, h1_semi = 0.0;
  double roll_out = 0.0; ///< l2 of all frames of an evolution together, from the first on; else 0
};

/// Losses of pairs. The error that decides on the best epoch is l2.
///
/// The ranks of a group share each pair: its fields and its loss are on the first one, and the
/// network is spread over all. Losses of given parameters have the same bits on any number of
/// ranks, gradients but for the rounding of sums over points.
class FieldTask : public TrainingTask {
public:
  /// @p samples must outlive the task; pairs are read on the first rank of @p group. Collective on
  /// it; @throws core::Error on all its ranks where graph, samples, normalisation and number of
  /// ranks do not fit together.
  FieldTask(const ResolvedGraph& graph, FieldSamples& samples, const Normalisation& normalisation,
            FieldLossType loss, MPI_Comm group = PETSC_COMM_SELF);
  [[nodiscard]] const ResolvedGraph& graph() const override { return network_.graph(); }
  [[nodiscard]] std::int64_t samples() const override { return samples_.pairs(); }
  [[nodiscard]] int ranks_per_sample() const override { return ranks_; }
  double evaluate(std::int64_t pair, const kernels::Array<float>& parameters,
                  const kernels::Array<float>* gradient) override;
  double error(std::int64_t pair, const kernels::Array<float>& parameters) override;
  [[nodiscard]] double flops() const override { return flops_; }
  [[nodiscard]] std::size_t arena_bytes() const override { return network_.arena_bytes(); }
  [[nodiscard]] std::size_t least_bytes() const override { return network_.least_bytes(); }

  /// Means over the samples of @p count pairs from @p first on, which are dealt out to the groups
  /// of
  /// @p comm: the same bits on any number of ranks. Both are multiples of the pairs of a sample.
  /// Collective on @p comm.
  FieldErrors errors(MPI_Comm comm, std::int64_t first, std::int64_t count,
                     const kernels::Array<float>& parameters);

private:
  FieldErrors errors_of(std::int64_t sample, const kernels::Array<float>& parameters);
  double roll_out(std::int64_t sample, const kernels::Array<float>& parameters);

  /// What is measured of whole fields.
  struct Measures {
    FieldLoss loss, l2, h1_spectral, h1_semi;
  };
  std::span<const double> predict(std::int64_t pair, const kernels::Array<float>& parameters);

  FieldSamples& samples_;
  WholeFieldNetwork<float> network_;
  int ranks_ = 1;
  std::unique_ptr<Measures> measures_; ///< on the first rank alone
  double flops_;
  std::vector<double> input_, output_, gradient_;
};

} // namespace linnet::nn
