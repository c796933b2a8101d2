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
  /// Forward and backward floating-point operations of a sample, for the report; 0: not known.
  [[nodiscard]] virtual double flops() const { return 0.0; }
};

} // namespace linnet::nn
