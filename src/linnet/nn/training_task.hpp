// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a network is trained for.
#pragma once

#include <linnet/nn/graph.hpp>

#include <cstdint>
#include <string>

namespace linnet::nn {

/// Samples and their losses. A rank evaluates whole samples by itself; nothing is collective.
class TrainingTask {
public:
  virtual ~TrainingTask() = default;
  [[nodiscard]] virtual const ResolvedGraph& graph() const = 0;
  [[nodiscard]] virtual std::int64_t samples() const = 0;
  /// Loss of sample number @p sample. With a @p gradient (a flat buffer), adds the derivative by
  /// the parameters to it.
  virtual double evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                          const kernels::Array<float>* gradient) = 0;
  /// How wrong the network is on sample number @p sample, which decides which epoch is the best:
  /// its loss, unless a task has a better measure.
  virtual double error(std::int64_t sample, const kernels::Array<float>& parameters) {
    return evaluate(sample, parameters, nullptr);
  }
  /// Forward and backward floating-point operations of a sample, for the report; 0: not known.
  [[nodiscard]] virtual double flops() const { return 0.0; }
  /// Bytes of the networks' arenas, and those that no plan could do without.
  [[nodiscard]] virtual std::size_t arena_bytes() const { return 0; }
  [[nodiscard]] virtual std::size_t least_bytes() const { return 0; }
};

} // namespace linnet::nn
