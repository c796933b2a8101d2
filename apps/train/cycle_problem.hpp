// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A pressure problem around random obstacles, solved with `mgno`: what weights of the cycle are
/// trained and judged on.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/multigrid/obstacle_weights.hpp>
#include <linnet/problems/box_cells.hpp>
#include <linnet/problems/obstacles.hpp>

#include <cstdint>
#include <vector>

namespace app {

/// div(grad u) = div v in a tank whose uppermost cells are air and hold u = 0, with a random
/// velocity v that passes through no wall.
class CycleProblem {
public:
  /// @p seed draws obstacles without a seed of their own, and v. Lives on this rank alone.
  CycleProblem(const linnet::problems::BoxCells& cells,
               const std::vector<linnet::problems::Obstacle>& obstacles, std::uint64_t seed);

  /// log10(|r_K| / |r_0|) / K for the residual after K = @p steps steps of CG from zero. Weights to
  /// refuse: infinity.
  double rate(const linnet::multigrid::ObstacleWeights& weights, int steps);
  /// Steps of CG to |r| = @p tolerance |r_0|; 1000 if it takes more.
  int iterations(const linnet::multigrid::ObstacleWeights& weights, double tolerance);

private:
  void solve(const linnet::multigrid::ObstacleWeights& weights, int steps, double tolerance);

  linnet::core::Owned<DM> grid_;
  linnet::core::Owned<Mat> matrix_;
  linnet::core::Owned<Vec> rhs_, solution_;
  linnet::core::Owned<KSP> solver_;
};

} // namespace app
