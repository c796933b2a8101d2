// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a network is trained for.
#pragma once

#include <linnet/nn/network/graph.hpp>

#include <mpi.h>

#include <cstdint>
#include <span>
#include <string>

namespace linnet::nn {

/// The samples of one step, cut into shards that belong to one group of ranks each: shard s to the
/// group number s modulo their number.
struct Batch {
  MPI_Comm comm;                         ///< all ranks
  std::span<const std::int64_t> samples; ///< their numbers
  std::int64_t shards;
  int group, groups;     ///< number of this rank's group, and how many there are
  std::int64_t step = 0; ///< of the optimiser, from 0 on, for tasks that draw anew in each
  /// Places in `samples` of shard @p s: from begin(s) to begin(s + 1).
  [[nodiscard]] std::int64_t begin(std::int64_t s) const {
    return static_cast<std::int64_t>(samples.size()) * s / shards;
  }
};

/// Samples and their losses. A sample is evaluated by one rank alone, or by a group of ranks
/// together, each of which has a part of its grid: evaluate() and error() are collective on the
/// group, and what its first rank gets of them counts.
class TrainingTask {
public:
  virtual ~TrainingTask() = default;
  [[nodiscard]] virtual const ResolvedGraph& graph() const = 0;
  [[nodiscard]] virtual std::int64_t samples() const = 0;
  /// What is trained: the parameters of the graph, unless a task has others.
  [[nodiscard]] virtual const ParameterLayout& layout() const { return graph().parameters; }
  /// The parameters of the graph that @p trained ones, of layout(), amount to. Not collective.
  [[nodiscard]] virtual kernels::Array<float>
  network_parameters(const kernels::Array<float>& trained) const {
    return trained;
  }
  /// So many values make up the loss of a sample, which is then their sum: steps are made by the
  /// mean over all of a batch.
  [[nodiscard]] virtual std::int64_t members_per_sample() const { return 1; }
  /// Ranks of a group.
  [[nodiscard]] virtual int ranks_per_sample() const { return 1; }
  /// Loss of sample number @p sample. With a @p gradient (a flat buffer), adds the derivative by
  /// the parameters to it, or this rank's part of it.
  virtual double evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                          const kernels::Array<float>* gradient) = 0;
  /// Adds to each of @p gradients, of the group's shards in their order, the derivative of the sum
  /// of the losses of the shard, or this rank's part of it, and puts this sum into @p losses.
  /// Neither depends on the number of groups. Collective.
  virtual void evaluate_shards(const Batch& batch, const kernels::Array<float>& parameters,
                               std::span<const kernels::Array<float>> gradients,
                               std::span<double> losses) {
    std::size_t mine = 0;
    for (std::int64_t s = batch.group; s < batch.shards; s += batch.groups, ++mine) {
      losses[mine] = 0.0;
      for (std::int64_t i = batch.begin(s); i < batch.begin(s + 1); ++i)
        losses[mine] +=
            evaluate(batch.samples[static_cast<std::size_t>(i)], parameters, &gradients[mine]);
    }
  }
  /// How wrong the network is on sample number @p sample, which decides which epoch is the best:
  /// its loss, unless a task has a better measure.
  virtual double error(std::int64_t sample, const kernels::Array<float>& parameters) {
    return evaluate(sample, parameters, nullptr);
  }
  /// The sum of the errors of @p count samples from number @p first on.
  virtual double error_sum(std::int64_t first, std::int64_t count,
                           const kernels::Array<float>& parameters) {
    double sum = 0.0;
    for (std::int64_t i = 0; i < count; ++i) sum += error(first + i, parameters);
    return sum;
  }
  /// Forward and backward floating-point operations of a sample, for the report; 0: not known.
  [[nodiscard]] virtual double flops() const { return 0.0; }
  /// Bytes of the networks' arenas on the rank that needs most, and those that no plan could do
  /// without.
  [[nodiscard]] virtual std::size_t arena_bytes() const { return 0; }
  [[nodiscard]] virtual std::size_t least_bytes() const { return 0; }
};

} // namespace linnet::nn
