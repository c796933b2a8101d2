// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Which directions are coarsened first, and what it is for: iterations that do not grow with the
// ratio of the couplings.
#include "diffusion_matrix.hpp"

#include <linnet/multigrid/boxmg_preconditioner.hpp>

#include <gtest/gtest.h>

#include <algorithm>

using namespace linnet;
using namespace linnet::multigrid;
using linnet::test::DiffusionCase;

namespace {

/// Levels of the hierarchy for @p c.
std::vector<LevelPlan> plans_of(const DiffusionCase& c) {
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  std::vector<LevelPlan> plans;
  {
    BoxmgPreconditioner boxmg(a, da, {}, {});
    boxmg.update(a);
    plans = boxmg.plans();
  }
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return plans;
}

int iterations(const DiffusionCase& c) {
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  Vec b = test::make_vector(da, 7);
  MatNullSpace constant = nullptr;
  if (!c.dirichlet) {
    LINNET_CHECK(MatNullSpaceCreate(PETSC_COMM_WORLD, PETSC_TRUE, 0, nullptr, &constant));
    LINNET_CHECK(MatSetNullSpace(a, constant));
    LINNET_CHECK(MatNullSpaceRemove(constant, b));
  }
  const int count = test::solve(a, da, b, 1e-8);
  LINNET_CHECK(MatNullSpaceDestroy(&constant));
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return count;
}

} // namespace

TEST(Semicoarsening, FollowsTheStrongDirections) {
  const std::array<bool, 3> all{true, true, true};
  DiffusionCase c{3, {32, 33, 34}, {}, true, test::random_kappa(10.0, 1), {}, 1.0, {}};
  for (std::size_t d = 0; d < 3; ++d) {
    std::array<bool, 3> one{}, others = all;
    one[d] = true;
    others[d] = false;
    c.ratios = {1.0, 1.0, 1.0};
    c.ratios[d] = 1e3;
    EXPECT_EQ(plans_of(c).front().halves, one) << d;
    c.ratios[d] = 1e-3;
    EXPECT_EQ(plans_of(c).front().halves, others) << d;
  }
}

// Contrast alone, however high, is no anisotropy; nor are obstacles.
TEST(Semicoarsening, LeavesIsotropicMediaAlone) {
  DiffusionCase c{3, {32, 33, 34}, {}, true, {}, {}, 1.0, {1.0, 1.0, 1.0}};
  for (const double contrast : {1e2, 1e8}) {
    c.kappa = test::random_kappa(contrast, 1);
    EXPECT_EQ(plans_of(c).front().halves, (std::array{true, true, true})) << contrast;
    c.kappa = test::block_kappa(contrast, 3, 1);
    EXPECT_EQ(plans_of(c).front().halves, (std::array{true, true, true})) << contrast;
  }
  c.kappa = [](int i, int j, int) { return i % 4 == 1 && j % 4 == 1 ? 0.0 : 1.0; };
  EXPECT_EQ(plans_of(c).front().halves, (std::array{true, true, true}));
}

// A cycle of semicoarsening is about as good as the isotropic one, which takes 8 to 10. Between
// no-flux walls u reaches ratio (n/pi)^2 times b, and rounding alone 5e-17 times that: ratios above
// 1e4 cannot be solved to 1e-8 there.
TEST(Semicoarsening, IterationsDoNotGrowWithTheRatio) {
  for (const auto& [dirichlet, ratio, most] : {std::tuple{true, 10.0, 10},
                                               {true, 1e3, 10},
                                               {true, 1e6, 10},
                                               {false, 10.0, 10},
                                               {false, 1e3, 14}})
    for (std::size_t d = 0; d < 3; ++d)
      for (const double factor : {ratio, 1.0 / ratio}) {
        DiffusionCase c{3,   {32, 25, 36},   {}, dirichlet, [](int, int, int) { return 1.0; }, {},
                        1.0, {1.0, 1.0, 1.0}};
        c.ratios[d] = factor;
        const int count = iterations(c);
        EXPECT_GT(count, 0) << factor << ' ' << d << dirichlet;
        EXPECT_LE(count, most) << factor << ' ' << d << dirichlet;
      }
  for (std::size_t d = 0; d < 2; ++d) {
    DiffusionCase c{2, {150, 131, 1}, {}, true, test::random_kappa(10.0, 2), {}, 1.0, {}};
    c.ratios = {1.0, 1.0, 1.0};
    c.ratios[d] = 1e4;
    const int count = iterations(c);
    EXPECT_GT(count, 0) << d;
    EXPECT_LE(count, 15)
        << d; // the contrast of 10 costs as much as without anisotropy, 11, and a little
  }
}

// Mesh widths that differ along the directions, and jumps from cell to cell on top: the hierarchy
// coarsens one direction first, and its operators must not lose what the jumps put in it.
TEST(Semicoarsening, StandsJumpsOfTheCoefficient) {
  for (const double contrast : {1e3, 1e6})
    for (std::size_t d = 0; d < 3; ++d)
      for (const double ratio : {4.0, 30.0}) {
        DiffusionCase c{3,   {36, 25, 28},   {}, true, test::block_kappa(contrast, 2, d), {},
                        1.0, {1.0, 1.0, 1.0}};
        c.ratios[d] = ratio;
        EXPECT_EQ(std::ranges::count(plans_of(c).front().halves, true), 1);
        const int count = iterations(c);
        EXPECT_GT(count, 0) << contrast << ' ' << d << ' ' << ratio;
        EXPECT_LE(count, 25) << contrast << ' ' << d << ' ' << ratio;
      }
}

// The 9-point stencil of a rotated tensor: couplings along x are the stronger ones, and some of
// the corner entries are positive.
TEST(Semicoarsening, ServesStencilsThatAreNoMMatrix) {
  DiffusionCase c{2,
                  {128, 100, 1},
                  {},
                  true,
                  [](int, int, int) { return 1.0; },
                  [](int, int) { return 0.8; },
                  1.0,
                  {30.0, 1.0, 1.0}};
  EXPECT_EQ(plans_of(c).front().halves, (std::array{true, false, false}));
  const int count = iterations(c);
  EXPECT_GT(count, 0);
  EXPECT_LE(count, 15);
}

// New values may turn the strong direction: the grids are planned anew.
TEST(Semicoarsening, NewValuesMayTurnTheDirections) {
  DiffusionCase c{3, {24, 24, 24}, {}, true, test::random_kappa(3.0, 1), {}, 1.0, {}};
  c.ratios = {1e3, 1.0, 1.0};
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  c.ratios = {1.0, 1.0, 1e3};
  Mat turned = test::make_matrix(da, c);
  {
    BoxmgPreconditioner boxmg(a, da, {}, {}), fresh(turned, da, {}, {});
    boxmg.update(a);
    boxmg.update(turned);
    fresh.update(turned);
    EXPECT_EQ(boxmg.plans().front().halves, (std::array{false, false, true}));
    Vec x = test::make_vector(da, 1), y, z;
    LINNET_CHECK(VecDuplicate(x, &y));
    LINNET_CHECK(VecDuplicate(x, &z));
    boxmg.apply(x, y);
    fresh.apply(x, z);
    PetscBool same;
    LINNET_CHECK(VecEqual(y, z, &same));
    EXPECT_TRUE(same);
    for (Vec* v : {&x, &y, &z}) LINNET_CHECK(VecDestroy(v));
  }
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(MatDestroy(&turned));
  LINNET_CHECK(DMDestroy(&da));
}
