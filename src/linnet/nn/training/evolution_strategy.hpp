// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// (1+1) evolution strategy: trains models of a few parameters from values of the loss alone, such
/// as an iteration count, which has no gradient.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace linnet::nn {

/// Step control of Rechenberg's kind: growth and shrinkage balance at one success in about 4.6.
struct EvolutionOptions {
  std::uint64_t seed = 1;
  double step = 1.0; ///< first step size, in units of the scale
  double growth = 1.25, shrinkage = 0.94;
};

/// All that changes: a copy of it continues bit by bit.
struct EvolutionState {
  std::vector<double> best;
  double value = 0.0; ///< objective at best; infinite until an evaluation gave a number
  double step = 0.0;
  std::int64_t evaluations = 0; ///< told so far
};

/// Minimises a function of n variables. The first evaluation is that of the start. Each one after
/// it mutates every coordinate of the best point with probability 1/2 (one at random if none would
/// be) by step times scale times a normal deviate; smaller than the best value so far is a success,
/// anything else, NaN and infinity included, a failure. Deviates depend on the seed and the number
/// of the evaluation alone. Not collective: ranks that tell the same values ask the same points.
class EvolutionStrategy {
public:
  /// @p scale: typical change of each coordinate, as many as @p start has, positive. Throws a usage
  /// Error for options, or a scale, out of range.
  EvolutionStrategy(const EvolutionOptions& options, std::vector<double> start,
                    std::vector<double> scale);

  /// The next point to evaluate; the same until tell().
  [[nodiscard]] std::vector<double> ask() const;
  /// The objective at the point of ask().
  void tell(double value);
  /// ask() and tell() until @p evaluations are done in all, those of earlier runs included.
  void minimise(const std::function<double(std::span<const double>)>& objective,
                std::int64_t evaluations);

  [[nodiscard]] const EvolutionState& state() const { return state_; }
  /// Continues from @p state of a strategy with the same options and scale.
  void restore(const EvolutionState& state);

private:
  EvolutionOptions options_;
  std::vector<double> scale_;
  EvolutionState state_;
};

} // namespace linnet::nn
