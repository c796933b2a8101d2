// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A pressure problem around random obstacles, solved with `mgno`: what weights of the cycle are
/// trained and judged on.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/multigrid/obstacle_weights.hpp>
#include <linnet/problems/samples/tank.hpp>

#include <cstdint>

namespace app {

/// The pressure in a tank with a random velocity.
class CycleProblem {
public:
  /// @p seed draws the tank and the velocity. Lives on this rank alone.
  CycleProblem(const linnet::problems::TankOptions& options, std::uint64_t seed);

  /// log10(|r_K| / |r_0|) / K for the residual after K = @p steps steps of CG from zero. Weights to
  /// refuse: infinity.
  double rate(const linnet::multigrid::ObstacleWeights& weights, int steps);
  /// Steps of CG to |r| = @p tolerance |r_0|; 1000 if it takes more.
  int iterations(const linnet::multigrid::ObstacleWeights& weights, double tolerance);

private:
  void solve(const linnet::multigrid::ObstacleWeights& weights, int steps, double tolerance);

  linnet::problems::Tank tank_;
  linnet::core::Owned<Vec> rhs_, solution_;
  linnet::core::Owned<KSP> solver_;
};

} // namespace app
