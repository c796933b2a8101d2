// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Which directions are coarsened first, the coarse operators that stay stars, and what it is all
// for: iterations that do not grow with the ratio of the couplings.
#include "diffusion_matrix.hpp"

#include <linnet/core/random.hpp>
#include <linnet/kernels/lumped_galerkin.hpp>
#include <linnet/multigrid/boxmg_preconditioner.hpp>
#include <linnet/multigrid/setup_kernels.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;
using namespace linnet::multigrid;
using kernels::Field;
using kernels::StencilPattern;
using linnet::test::DiffusionCase;

namespace {

/// Host memory of a field, written back when it goes.
struct OnHost {
  Field<double> field;
  kernels::HostArray<double> values;
  explicit OnHost(const Field<double>& f)
      : field(f), values(Kokkos::create_mirror_view_and_copy(kernels::HostSpace{}, f.values)) {}
  ~OnHost() { Kokkos::deep_copy(field.values, values); }
  OnHost(const OnHost&) = delete;
  OnHost& operator=(const OnHost&) = delete;
  double& operator()(const core::Index3& p) {
    return values(static_cast<std::size_t>(field.layout(p[0], p[1], p[2])));
  }
};

/// One level on one rank: a star with random positive couplings inside of a box, those across
/// direction d multiplied by @p weak, random leaks, and its coarse operator.
struct Lumped {
  int direction;
  core::Index3 n;
  kernels::StencilOperator<double> a, coarse;
  Field<double> diagonal;
  kernels::Interpolation<double> p;

  Lumped(StencilPattern pattern, const core::Index3& points, int d, double weak)
      : direction(d), n(points) {
    const core::Index3 ghosts{2, 2, n[2] > 1 ? 2 : 0};
    a = kernels::make_operator<double>(pattern, kernels::Layout(n, ghosts));
    diagonal = Field<double>("linnet::test::diagonal", a.layout());
    fill(weak);
    kernels::diagonal(a, kernels::Range::box(a.layout().n), diagonal);
    core::Index3 m = n;
    m[static_cast<std::size_t>(d)] /= 2;
    p.coarsening.halves[d] = true;
    p.coarsening.shift[d] = 1;
    const kernels::Layout l(m, {1, 1, n[2] > 1 ? 1 : 0});
    for (int child = 0; child < kernels::child_count; ++child)
      if (p.has_child(child)) p.weights[child] = Field<double>("linnet::test::weight", l);
    coarse = kernels::make_operator<double>(pattern, l);
    kernels::set_up_interpolation(a, diagonal, p);
    kernels::lumped_galerkin(a, diagonal, p, coarse);
  }

  void fill(double weak) {
    const core::RandomStream random(11, static_cast<std::uint64_t>(direction));
    std::uint64_t number = 0;
    for (std::size_t m = 0; m < a.couplings.size(); ++m) {
      OnHost c(a.couplings[m]);
      for_points(n, [&](const core::Index3& q) {
        const bool inside = q[m] + 1 < n[m];
        const double scale = static_cast<int>(m) == direction ? 1.0 : weak;
        if (inside) c(q) = scale * std::pow(1e3, random.uniform(number++));
      });
    }
    OnHost s(a.row_sum);
    for_points(n, [&](const core::Index3& q) {
      const double u = random.uniform(number++);
      s(q) = u < 0.7 ? 0.0 : u;
    });
  }

  template <class Visit>
  static void for_points(const core::Index3& n, const Visit& visit) {
    for (int k = 0; k < n[2]; ++k)
      for (int j = 0; j < n[1]; ++j)
        for (int i = 0; i < n[0]; ++i) visit(core::Index3{i, j, k});
  }
};

const std::vector<std::pair<StencilPattern, core::Index3>>& star_boxes() {
  static const std::vector<std::pair<StencilPattern, core::Index3>> boxes{
      {StencilPattern::star2d, {37, 6, 1}},  {StencilPattern::star2d, {5, 22, 1}},
      {StencilPattern::star3d, {24, 5, 7}},  {StencilPattern::star3d, {7, 21, 4}},
      {StencilPattern::star3d, {19, 8, 20}},
  };
  return boxes;
}

int dimension(StencilPattern p) { return kernels::is_three_dimensional(p) ? 3 : 2; }

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

// Without couplings across, each line is on its own, and eliminating every second point of it (the
// Schur complement of a tridiagonal matrix) gives what coarsening should.
TEST(LumpedGalerkin, EqualsTheSchurComplementOfUncoupledLines) {
  for (const auto& [pattern, n] : star_boxes())
    for (int d = 0; d < dimension(pattern); ++d) {
      Lumped l(pattern, n, d, 0.0);
      const auto D = static_cast<std::size_t>(d);
      OnHost c(l.a.couplings[D]), s(l.a.row_sum), coarse(l.coarse.couplings[D]),
          leak(l.coarse.row_sum);
      core::Index3 m = n;
      m[D] /= 2;
      Lumped::for_points(m, [&](const core::Index3& at) {
        const auto fine = [&](int offset) {
          core::Index3 q = at;
          q[D] = 2 * at[D] + 1 + offset;
          return q;
        };
        // Row sum and coupling to the next coarse point after the elimination of fine(-1), fine(1).
        double expected_leak = s(fine(0)), expected = 0.0;
        const auto eliminate = [&](int child, double own, double other) {
          if (fine(child)[D] >= n[D]) return;
          const double pivot = s(fine(child)) + own + other;
          expected_leak += own * s(fine(child)) / pivot;
          if (child == 1) expected = own * other / pivot;
        };
        eliminate(-1, c(fine(-1)), c(fine(-2)));
        eliminate(1, c(fine(0)), c(fine(1)));
        EXPECT_NEAR(coarse(at), expected, 1e-13 * (expected + 1.0)) << d;
        EXPECT_NEAR(leak(at), expected_leak, 1e-13) << d;
      });
    }
}

// Across, the operator takes the couplings of the point and, by their interpolation weights, of the
// two points beside it: where all weights sum to one, all couplings are kept.
TEST(LumpedGalerkin, KeepsTheSumOfTheCouplingsAcross) {
  for (const auto& [pattern, n] : star_boxes())
    for (int d = 0; d < dimension(pattern); ++d) {
      core::Index3 odd = n; // every fine point lies between two coarse ones or at the walls
      const auto D = static_cast<std::size_t>(d);
      Lumped l(pattern, odd, d, 1e-3);
      for (std::size_t m = 0; m < l.a.couplings.size(); ++m) {
        if (m == D) continue;
        OnHost fine(l.a.couplings[m]), coarse(l.coarse.couplings[m]), s(l.a.row_sum),
            strong(l.a.couplings[D]);
        // Row sums of P by its definition.
        const auto reached = [&](const core::Index3& q) {
          if (q[D] % 2 == 1) return 1.0;
          core::Index3 before = q;
          before[D] -= 1;
          const double left = q[D] > 0 ? strong(before) : 0.0;
          const double right = q[D] + 1 < n[D] && (q[D] + 1 < 2 * (n[D] / 2)) ? strong(q) : 0.0;
          return (left + right) / (s(q) + left + (q[D] + 1 < n[D] ? strong(q) : 0.0));
        };
        double expected = 0.0, sum = 0.0;
        Lumped::for_points(n, [&](const core::Index3& q) {
          core::Index3 next = q;
          next[m] += 1;
          if (next[m] < n[m]) expected += fine(q) * reached(q) * reached(next);
        });
        core::Index3 half = n;
        half[D] /= 2;
        Lumped::for_points(half, [&](const core::Index3& q) { sum += coarse(q); });
        EXPECT_NEAR(sum, expected, 1e-12 * expected) << d << m;
      }
    }
}

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
        DiffusionCase c{3,   {40, 33, 48},   {}, dirichlet, [](int, int, int) { return 1.0; }, {},
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
