// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/memory_traffic.hpp>

#include <gtest/gtest.h>

using linnet::core::Index3;
using linnet::grid::Partition;
using linnet::kernels::StencilPattern;
using namespace linnet::multigrid;

namespace {

std::vector<LevelPlan> plan(const Index3& n, const BoxmgOptions& options, int ranks = 1,
                            const Anisotropy& anisotropy = {}) {
  return plan_levels(Partition::balanced(n, {}, ranks),
                     n[2] > 1 ? StencilPattern::star3d : StencilPattern::star2d, options,
                     anisotropy);
}

BoxmgOptions direct_below(int unknowns) {
  BoxmgOptions options;
  options.coarse_limit = unknowns;
  return options;
}

} // namespace

// Down: f 4, operator 16, u 8; up: f 4, operator 16, u 8; of each coarse point 8 and 4.
TEST(MemoryTraffic, StarsByHand) {
  const auto options = direct_below(8 * 8 * 8);
  EXPECT_NEAR(mild_cycle_traffic(plan({16, 16, 16}, options), 4), 56 + 12 / 8.0, 1e-12);
  EXPECT_NEAR(mild_cycle_traffic(plan({32, 32, 32}, options), 4), (56 + 12 / 8.0) * (1 + 1 / 8.0),
              1e-12);
  // One coefficient less in 2-D; every fourth point is a coarse one.
  EXPECT_NEAR(mild_cycle_traffic(plan({32, 32, 1}, direct_below(256)), 4), 48 + 12 / 4.0, 1e-12);
}

// A marched level of 7 points, down and up: right-hand side 1, operator 4, inverse diagonal and row
// weight 2, solution 2; of each coarse point 2 x 26 weights, right-hand side 2, correction 1. A
// level of 27 points: from zero 17 + 17, residual 18, restriction 1, interpolation 2, smoothing 18
// + 17 + 17.
TEST(MemoryTraffic, BlackBoxByHand) {
  const auto options = direct_below(8 * 8 * 8);
  const double marched = 9 + 9, fine = 34 + 18 + 3 + 52, coarse = 55;
  EXPECT_NEAR(cycle_traffic(plan({16, 16, 16}, options), options, {}, 4),
              4 * (marched + coarse / 8), 1e-12);
  EXPECT_NEAR(cycle_traffic(plan({32, 32, 32}, options), options, {}, 8),
              8 * (marched + coarse / 8 + (fine + coarse / 8) / 8), 1e-12);
}

// Two steps with nine numbers of the factor: from zero 12 + 12, a further step 8 + 12 + 12.
TEST(MemoryTraffic, AnAdaptedSmootherHasTwoSteps) {
  const auto options = direct_below(8 * 8 * 8);
  const double fine = (24 + 32) + 8 + 3 + 2 * 32, coarse = 55;
  EXPECT_NEAR(cycle_traffic(plan({16, 16, 16}, options), options, {true}, 4),
              4 * (fine + coarse / 8), 1e-12);
}

// Finest level: f 4, codes 1, u 8, twice; aggregates 8 and 4. The next one is a marched star of
// black-box multigrid.
TEST(MemoryTraffic, ObstaclesByHand) {
  const auto options = direct_below(8 * 8 * 8);
  const auto plans = plan_levels(Partition::balanced({32, 32, 32}, {}, 1), StencilPattern::star3d,
                                 options, {}, CoarsePoints::aggregates);
  EXPECT_NEAR(obstacle_cycle_traffic(plans, options, 4), 26 + 12 / 8.0 + 4 * (18 + 55 / 8.0) / 8,
              1e-12);
}

// B C D C B, four residuals and sums of 4 + 4 + 3, and two copies.
TEST(MemoryTraffic, RegionalCyclesInARow) {
  EXPECT_NEAR(regional_traffic({100, 200, 300}, StencilPattern::star3d, 4),
              2 * 100 + 2 * 200 + 300 + 4 * (6 + 4 * 11), 1e-12);
}

TEST(MemoryTraffic, AFurtherStepCostsTwoSmoothings) {
  auto options = direct_below(8 * 8 * 8);
  options.smooth = 2;
  const auto plans = plan({16, 16, 16}, options);
  const double two = cycle_traffic(plans, options, {}, 4);
  options.smooth = 3;
  EXPECT_NEAR(cycle_traffic(plans, options, {}, 4) - two, 4 * 2 * 22, 1e-12);
}

// Along one direction alone: half of the points are coarse ones, with two weights each.
TEST(MemoryTraffic, SemicoarseningHasMoreCoarsePointsAndFewerWeights) {
  auto options = direct_below(16 * 16 * 8);
  Anisotropy along_x;
  along_x.strength = {0, -9, -9};
  EXPECT_NEAR(cycle_traffic(plan({16, 16, 16}, options, 1, along_x), options, {}, 4),
              4 * (18 + (2 * 2 + 3) / 2.0), 1e-12);
}

TEST(MemoryTraffic, DoesNotDependOnTheRanks) {
  const BoxmgOptions options;
  EXPECT_NEAR(cycle_traffic(plan({64, 64, 64}, options, 8), options, {}, 4),
              cycle_traffic(plan({64, 64, 64}, options, 1), options, {}, 4), 1e-9);
}
