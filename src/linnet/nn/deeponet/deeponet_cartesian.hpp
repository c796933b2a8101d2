// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A DeepONet on functions that share their points.
#pragma once

#include <linnet/nn/deeponet/deeponet_triples.hpp>
#include <linnet/nn/network/dense_product.hpp>
#include <linnet/nn/training/training_task.hpp>

#include <memory>
#include <vector>

namespace linnet::nn {

/// A batch whose functions and whose points are cut into shards, both dealt to the ranks. Each
/// branch and each trunk value is computed once; W, the branches' coefficients, and T, the trunk at
/// all points, are then made known to all ranks. A shard's functions need all of T for the gradient
/// by their coefficients, and its points all of W for that by their trunk: with errors E = W T - Y,
/// E T^T by rows and W^T E by columns. Errors are formed twice, no gradient is exchanged, and no
/// value depends on the number of ranks.
class DeepONetCartesian {
public:
  /// For batches that look like @p batch, on its communicator. Not collective.
  DeepONetCartesian(const OperatorProblem& problem, const Batch& batch);
  ~DeepONetCartesian();
  DeepONetCartesian(const DeepONetCartesian&) = delete;
  DeepONetCartesian& operator=(const DeepONetCartesian&) = delete;
  [[nodiscard]] bool fits(const Batch& batch) const;
  /// As TrainingTask::evaluate_shards(); without @p gradients, losses alone. Collective.
  void run(const Batch& batch, const kernels::Array<float>& parameters,
           std::span<const kernels::Array<float>> gradients, std::span<double> losses);
  [[nodiscard]] std::size_t arena_bytes();
  [[nodiscard]] std::size_t least_bytes();

private:
  struct Shard;
  void forward(const Batch& batch, const kernels::Array<float>& parameters);
  double run_functions(Shard& shard, const Batch& batch, const kernels::Array<float>& parameters,
                       const kernels::Array<float>* gradient);
  void run_points(Shard& shard, const Batch& batch, const kernels::Array<float>& parameters,
                  const kernels::Array<float>& gradient);

  OperatorProblem problem_;
  std::size_t functions_;
  std::int64_t shards_;
  int rank_, ranks_;
  std::vector<std::unique_ptr<Shard>> mine_;
  kernels::Array<float> weights_; ///< W: (function, output, basis function)
  kernels::Array<float> shifts_;  ///< the bias of every row of W
  kernels::Tensor<float> trunk_;  ///< T: (basis function, point)
  DenseProduct<float> all_rows_;
};

} // namespace linnet::nn
