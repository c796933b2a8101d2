// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Fine-tuning by low-rank adapters (Hu, Shen, Wallis, Allen-Zhu, Li, Wang, Wang and Chen, LoRA,
/// ICLR 2022): every dense layer y = W x becomes y = W x + scale B A x, and A and B are trained.
#pragma once

#include <linnet/nn/training/training_task.hpp>

#include <vector>

namespace linnet::nn {

struct AdapterOptions {
  int rank = 16;
  double scale = 1.0;
};

/// A task whose parameters are the adapters: for each dense layer of `in` and `out` channels A
/// (rank, in), normal of variance 1 / rank, and B (out, rank), zero, so that training starts from
/// the network as it is. All else is frozen. The task beneath works with W + scale B A, which is
/// the same network without a layer more: models are ordinary ones, see network_parameters(). The
/// derivatives by A and B are those by W times the other one. No bit depends on the number of
/// ranks.
class AdapterTask : public TrainingTask {
public:
  /// @p base must outlive the task and have the parameters of its graph; @p frozen: their values.
  /// @throws core::Error (usage) for a graph without dense layers, or other parameters.
  AdapterTask(TrainingTask& base, const kernels::Array<float>& frozen,
              const AdapterOptions& options);

  [[nodiscard]] const ResolvedGraph& graph() const override { return base_.graph(); }
  [[nodiscard]] std::int64_t samples() const override { return base_.samples(); }
  [[nodiscard]] int ranks_per_sample() const override { return base_.ranks_per_sample(); }
  [[nodiscard]] const ParameterLayout& layout() const override { return layout_; }
  [[nodiscard]] kernels::Array<float>
  network_parameters(const kernels::Array<float>& trained) const override;
  [[nodiscard]] std::int64_t members_per_sample() const override {
    return base_.members_per_sample();
  }
  double evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                  const kernels::Array<float>* gradient) override;
  void evaluate_shards(const Batch& batch, const kernels::Array<float>& parameters,
                       std::span<const kernels::Array<float>> gradients,
                       std::span<double> losses) override;
  double error(std::int64_t sample, const kernels::Array<float>& parameters) override;
  double error_sum(std::int64_t first, std::int64_t count,
                   const kernels::Array<float>& parameters) override;
  [[nodiscard]] double flops() const override { return base_.flops(); }
  [[nodiscard]] std::size_t arena_bytes() const override { return base_.arena_bytes(); }
  [[nodiscard]] std::size_t least_bytes() const override { return base_.least_bytes(); }

private:
  struct Adapter {
    std::size_t weights, a, b; ///< offsets of W in the graph's parameters, of A and B in ours
    std::size_t in, out;
  };
  void merge(const kernels::Array<float>& trained, const kernels::Array<float>& values) const;
  void add_gradient(const kernels::Array<float>& of_network, const kernels::Array<float>& trained,
                    const kernels::Array<float>& gradient) const;

  TrainingTask& base_;
  AdapterOptions options_;
  std::vector<Adapter> adapters_;
  ParameterLayout layout_;
  kernels::Array<float> frozen_, merged_;
  std::vector<kernels::Array<float>> gradients_; ///< of the network, one per shard of this group
};

} // namespace linnet::nn
