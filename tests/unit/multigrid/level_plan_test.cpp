// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/level_plan.hpp>

#include <gtest/gtest.h>

using linnet::core::Index3;
using linnet::grid::Partition;
using linnet::kernels::StencilPattern;
using namespace linnet::multigrid;

namespace {

std::vector<LevelPlan> plan(const Index3& n, int ranks, std::array<bool, 3> periodic = {},
                            BoxmgOptions options = {}) {
  return plan_levels(Partition::balanced(n, periodic, ranks),
                     n[2] > 1 ? StencilPattern::star3d : StencilPattern::star2d, options);
}

} // namespace

TEST(LevelPlan, CoarsePointsFollowTheParityRule) {
  EXPECT_EQ(coarse_points(7, false), 3);
  EXPECT_EQ(coarse_points(8, false), 4);
  EXPECT_EQ(coarse_points(7, true), 4);
  EXPECT_EQ(coarse_points(8, true), 4);
}

TEST(LevelPlan, InteriorGridsHalveToTheDirectSolve) {
  BoxmgOptions options;
  options.coarse_limit = 10;
  const auto plans = plan({31, 31, 1}, 1, {}, options);
  ASSERT_EQ(plans.size(), 4u);
  EXPECT_EQ(plans[1].cut.points(), (Index3{15, 15, 1}));
  EXPECT_EQ(plans[3].cut.points(), (Index3{3, 3, 1}));
  EXPECT_TRUE(plans[3].is_direct());
  EXPECT_FALSE(plans[2].is_direct());
}

TEST(LevelPlan, EveryGridEndsInADirectSolveOnOneRank) {
  for (const Index3 n : {Index3{1, 1, 1}, Index3{2, 1, 1}, Index3{97, 3, 1}, Index3{1, 4096, 1},
                         Index3{2, 2, 3072}, Index3{64, 64, 64}, Index3{1, 128, 32}})
    for (const int ranks : {1, 2, 3, 4, 8})
      for (const bool wraps : {false, true}) {
        const auto plans =
            plan(n, ranks, {wraps && n[0] > 2, wraps && n[1] > 2, wraps && n[2] > 2});
        EXPECT_TRUE(plans.back().is_direct());
        EXPECT_EQ(plans.back().cut.ranks(), 1);
        EXPECT_LE(linnet::core::volume(plans.back().cut.points()), 2500);
        for (const auto& p : plans)
          for (int d = 0; d < 3; ++d)
            EXPECT_TRUE(p.cut.parts()[static_cast<std::size_t>(d)] == 1 || p.cut.thinnest(d) >= 4);
      }
}

TEST(LevelPlan, CoarsePointsStayWithTheirOwner) {
  const Partition fine({std::vector<int>{0, 5, 12}, {0, 9}, {0, 1}}, {false, false, false});
  const Partition coarse = coarsened(fine, {true, true, false});
  EXPECT_EQ(coarse.starts(0), (std::vector<int>{0, 2, 6})); // 1 3 | 5 7 9 11
  EXPECT_EQ(coarse.starts(1), (std::vector<int>{0, 4}));
  EXPECT_EQ(coarse.starts(2), (std::vector<int>{0, 1}));
}

TEST(LevelPlan, SmallLevelsMoveToFewerRanks) {
  const auto plans = plan({64, 64, 64}, 8);
  EXPECT_EQ(plans[0].cut.ranks(), 8);
  EXPECT_EQ(plans[1].cut.ranks(), 1); // 32^3 / 8 < 24^3, one merge makes one rank of 2 x 2 x 2
  BoxmgOptions options;
  options.agglomerate_limit = 1;
  EXPECT_EQ(plan({64, 64, 64}, 8, {}, options)[2].cut.ranks(), 8);
}

TEST(LevelPlan, OddWrappingGridsAreExtended) {
  const auto plans = plan({25, 25, 40}, 2, {true, false, true});
  EXPECT_EQ(plans[0].cut.points(), (Index3{26, 25, 40}));
  EXPECT_TRUE(plans[0].moves());
  EXPECT_EQ(plans[1].source.points(), (Index3{13, 12, 20}));
  EXPECT_EQ(plans[1].cut.points(), (Index3{14, 12, 20}));
  EXPECT_EQ(plans[2].source.points(), (Index3{7, 6, 10}));
}

TEST(LevelPlan, ALevelThatMayNotBeCoarsenedIsRelaxed) {
  BoxmgOptions options;
  options.levels = 1;
  const auto plans = plan({25, 25, 25}, 1, {true, true, true}, options);
  ASSERT_EQ(plans.size(), 1u);
  EXPECT_EQ(plans[0].cut.points(), (Index3{25, 25, 25}));
  EXPECT_FALSE(plans[0].is_direct());
  EXPECT_EQ(plans[0].relaxations, 50);
}

TEST(LevelPlan, StrongDirectionsAreHalvedUntilAllAreSimilar) {
  const auto halves = [](const Anisotropy& anisotropy) {
    std::vector<std::array<bool, 3>> all;
    for (const auto& p : plan_levels(Partition::balanced({256, 256, 256}, {}, 1),
                                     StencilPattern::star3d, {}, anisotropy))
      all.push_back(p.halves);
    return all;
  };
  const std::array<bool, 3> x{true, false, false}, xy{true, true, false}, xz{true, false, true},
      all{true, true, true};
  const auto one = halves({{0, -10, -9}});
  EXPECT_EQ(std::vector(one.begin(), one.begin() + 6), (std::vector{x, x, x, x, xz, all}));
  const auto two = halves({{-1, 0, -5}});
  EXPECT_EQ(std::vector(two.begin(), two.begin() + 3), (std::vector{xy, xy, all}));
  EXPECT_EQ(halves({{-1, 0, -1}}).front(), all);
}

TEST(LevelPlan, HalvingTheStrongDirectionsAloneLeavesNoSingleLevel) {
  // Strong to the end: the strong direction runs out of points first.
  for (const std::array<bool, 3> periodic : {std::array{false, false, false}, {true, true, true}})
    for (const int ranks : {1, 4}) {
      const auto plans = plan_levels(Partition::balanced({40, 37, 64}, periodic, ranks),
                                     StencilPattern::star3d, {}, {{-40, 0, -60}});
      EXPECT_TRUE(plans.back().is_direct());
      EXPECT_EQ(plans.front().halves, (std::array{false, true, false}));
      EXPECT_EQ(plans.back().cut.ranks(), 1);
    }
}
