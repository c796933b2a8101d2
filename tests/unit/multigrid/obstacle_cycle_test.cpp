// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The cycle for constant coefficients around obstacles: codes, coarse operators, symmetry,
// independence of the ranks, convergence, and when boxmg chooses it.
#include "diffusion_matrix.hpp"
#include "preconditioner.hpp"

#include <linnet/core/random.hpp>
#include <linnet/kernels/star/star_aggregation.hpp>
#include <linnet/kernels/star/star_codes.hpp>
#include <linnet/multigrid/star_keys.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace linnet;
using linnet::test::DiffusionCase;
using linnet::test::Preconditioner;

namespace {

/// Two balls and a bar in a box of @p n cells.
DiffusionCase around_obstacles(const core::Index3& n, bool dirichlet = true) {
  DiffusionCase c;
  c.points = n;
  c.dimension = n[2] == 1 ? 2 : 3;
  c.dirichlet = dirichlet;
  c.kappa = [n](int i, int j, int k) {
    const double x = (i + 0.5) / n[0], y = (j + 0.5) / n[1], z = n[2] == 1 ? 0.5 : (k + 0.5) / n[2];
    const auto ball = [&](double x0, double y0, double z0, double r) {
      return (x - x0) * (x - x0) + (y - y0) * (y - y0) + (z - z0) * (z - z0) < r * r;
    };
    const bool bar = std::abs(x - 0.5) < 0.06 && std::abs(y - 0.25) < 0.3;
    return ball(0.3, 0.6, 0.5, 0.15) || ball(0.75, 0.7, 0.6, 0.12) || bar ? 0.0 : 1.0;
  };
  return c;
}

std::vector<DiffusionCase> cases() {
  std::vector<DiffusionCase> list;
  for (const core::Index3& n : {core::Index3{40, 37, 1}, core::Index3{24, 21, 27}})
    for (const bool dirichlet : {true, false}) list.push_back(around_obstacles(n, dirichlet));
  list.push_back(around_obstacles({32, 24, 20}));
  list.back().periodic = {true, false, true};
  list.push_back(around_obstacles({30, 24, 26}));
  list.back().ratios = {1.0, 1.5, 0.8};
  // So many planes that marches keep a few of them only.
  list.push_back(around_obstacles({40, 36, 50}));
  return list;
}

bool takes_obstacles(const DiffusionCase& c, const std::function<void(PC)>& configure = {}) {
  return Preconditioner(c, PETSC_COMM_WORLD, configure).shows("constant around obstacles");
}

int iterations(const DiffusionCase& c) {
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  Vec x = test::make_vector(da, 7), b;
  LINNET_CHECK(VecDuplicate(x, &b));
  LINNET_CHECK(MatMult(a, x, b)); // consistent in closed pockets, too
  const int count = test::solve(a, da, b, 1e-8);
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return count;
}

} // namespace

// What a code stands for gives back the operator, at every point, with and without registers.
TEST(CodedStar, HoldsTheOperator) {
  const int n = 21;
  const kernels::Layout l({n, 9, 8}, {3, 3, 3});
  kernels::StarSums<double> a(l, 3);
  const auto fluid = [](int i, int j, int k) { return (i * 7 + j * 3 + k * 5) % 11 > 2; };
  const auto inside = [&](int i, int j, int k) { return i < n && j < 9 && k < 8; };
  const double constant[3] = {1.0, 1.25, 0.75};
  for (int k = 0; k < 8; ++k)
    for (int j = 0; j < 9; ++j)
      for (int i = 0; i < n; ++i) {
        const auto q = static_cast<std::size_t>(l(i, j, k));
        const int next[3][3] = {{i + 1, j, k}, {i, j + 1, k}, {i, j, k + 1}};
        for (int m = 0; m < 3; ++m) {
          const auto& p = next[m];
          if (fluid(i, j, k) && inside(p[0], p[1], p[2]) && fluid(p[0], p[1], p[2]))
            a.couplings[m].values(q) = constant[m];
        }
        a.row_sum.values(q) = !fluid(i, j, k) ? 3.0 : i == 0 ? 2.0 : 0.25;
      }
  const kernels::Field<double> diagonal("linnet::test::diagonal", l),
      row_sum("linnet::test::row_sum", l);
  ASSERT_TRUE(kernels::constant_star(a, 3, constant, 2.0, diagonal, row_sum));
  kernels::CodedStar<double> coded;
  coded.codes = kernels::Field<std::uint8_t>("linnet::test::codes", l);
  for (auto* t : {&coded.diagonal, &coded.inverse, &coded.alone_inverse, &coded.row_sum})
    *t = kernels::Array<double>("linnet::test::table", 256);
  const auto keys = multigrid::unite_keys(PETSC_COMM_WORLD, kernels::star_keys(diagonal, row_sum));
  ASSERT_GT(keys.size(), 16u); // more than fit into registers
  EXPECT_DOUBLE_EQ(kernels::least_row_sum(keys), 0.5);
  kernels::encode_star(diagonal, row_sum, keys, coded);
  for (int m = 0; m < 3; ++m) coded.couplings[m] = 2.0 * constant[m];
  const kernels::Field<double> x("linnet::test::x", l);
  for (int k = 0; k < 8; ++k)
    for (int j = 0; j < 9; ++j)
      for (int i = 0; i < n; ++i)
        if (fluid(i, j, k))
          x.values(static_cast<std::size_t>(l(i, j, k))) = std::sin(i + 3 * j + k);
  for (const bool small : {false, true}) {
    kernels::detail::CodedStarPointers<double, 3> star(coded);
    if (small && keys.size() > static_cast<std::size_t>(kernels::small_table<double>)) continue;
    for (int k = 0; k < 8; ++k)
      for (int j = 0; j < 9; ++j)
        for (int i = 0; i + 4 <= n; ++i) {
          const auto y = star.product<4>(kernels::Planes<double>(x), i, j, k);
          for (int lane = 0; lane < 4; ++lane) {
            if (!fluid(i + lane, j, k)) continue;
            const auto q = l(i + lane, j, k);
            double expected = 2.0 * a.row_sum.values(static_cast<std::size_t>(q)) *
                              x.values(static_cast<std::size_t>(q));
            const std::ptrdiff_t step[3] = {1, l.pitch_y, l.pitch_z};
            for (int m = 0; m < 3; ++m)
              for (const int side : {0, 1}) {
                const double c =
                    a.couplings[m].values(static_cast<std::size_t>(q - side * step[m]));
                const auto to = static_cast<std::size_t>(q + (1 - 2 * side) * step[m]);
                expected += 2.0 * c * (x.values(static_cast<std::size_t>(q)) - x.values(to));
              }
            EXPECT_NEAR(y[lane], expected, 2e-6);
          }
        }
  }
}

// A box with walls at half a cell: the coarse operator is the one of the same equation on cells
// twice as wide, 2^(d-2) times the fine one.
TEST(StarAggregation, RediscretisesAConstantCoefficient) {
  const int n = 8;
  const kernels::Layout fine({n, n, n}, {3, 3, 3}), coarse({n / 2, n / 2, n / 2}, {3, 3, 3});
  kernels::StarSums<double> a(fine, 3), b(coarse, 3);
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i) {
        const auto q = static_cast<std::size_t>(fine(i, j, k));
        a.couplings[0].values(q) = i + 1 < n ? 1.0 : 0.0;
        a.couplings[1].values(q) = j + 1 < n ? 1.0 : 0.0;
        a.couplings[2].values(q) = k + 1 < n ? 1.0 : 0.0;
        // Fixed values at the surface of the cells i = 0 and in the centre of those beyond i = n-1.
        a.row_sum.values(q) = i == 0 ? 2.0 : i == n - 1 ? 1.0 : 0.0;
      }
  kernels::detail::StarAggregation<double, 3> aggregate{kernels::StarPlanes<double>(a, 3),
                                                        kernels::StarPlanes<double>(b, 3),
                                                        0.0,
                                                        {},
                                                        {1.0, 1.0, 1.0}};
  for (bool& halves : aggregate.coarsening.halves) halves = true;
  kernels::for_each_point("linnet::test::aggregate", kernels::Range::box(coarse.n), aggregate);
  const auto at = [&](const kernels::Field<double>& f, int i) {
    return f.values(static_cast<std::size_t>(coarse(i, 1, 1)));
  };
  for (const auto& c : b.couplings) EXPECT_DOUBLE_EQ(at(c, 1), 2.0);
  EXPECT_DOUBLE_EQ(at(b.row_sum, 0), 4.0);           // 2 on cells twice as wide
  EXPECT_DOUBLE_EQ(at(b.row_sum, 3), 4.0 * 2.0 / 3); // 1/(1 + 1/2) of a coupling, at 3/4 of a cell
  EXPECT_DOUBLE_EQ(at(b.row_sum, 1), 0.0);
}

TEST(SplitAggregate, IsFoundWhereAWallCutsIt) {
  const kernels::Layout l({4, 4, 4}, {3, 3, 3});
  kernels::StarSums<double> a(l, 3);
  for (auto& c : a.couplings) Kokkos::deep_copy(c.values, 1.0);
  kernels::Coarsening c;
  for (bool& halves : c.halves) halves = true;
  const kernels::detail::SplitAggregate<double, 3> split{kernels::StarPlanes<double>(a, 3), c};
  EXPECT_EQ(split.value(0, 0, 0), 0.0);
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 2; ++j)
      a.couplings[0].values(static_cast<std::size_t>(l(0, j, k))) = j == 0 && k == 0 ? 1.0 : 0.0;
  EXPECT_EQ(split.value(0, 0, 0), 0.0); // one open face is enough
  a.couplings[0].values(static_cast<std::size_t>(l(0, 0, 0))) = 0.0;
  EXPECT_EQ(split.value(0, 0, 0), 1.0);
  EXPECT_EQ(split.value(1, 1, 1), 0.0);
}

TEST(ObstacleCycle, IsSymmetricAndPositiveDefinite) {
  for (const DiffusionCase& c : cases()) {
    const Preconditioner b(c);
    EXPECT_TRUE(b.shows("constant around obstacles"));
    test::expect_symmetric_and_positive(b);
  }
}

// Points near a cut are computed on both sides by the same operations.
TEST(ObstacleCycle, DoesNotDependOnTheNumberOfRanks) {
  for (const DiffusionCase& c : cases()) test::expect_independent_of_ranks(c);
}

TEST(ObstacleCycle, IterationsDoNotGrowWithTheGrid) {
  for (const int n : {32, 48, 64}) EXPECT_LE(iterations(around_obstacles({n, n, n})), 11) << n;
  for (const int n : {64, 128, 256}) EXPECT_LE(iterations(around_obstacles({n, n, 1})), 13) << n;
}

TEST(ObstacleCycle, IsTakenAroundObstaclesOnly) {
  DiffusionCase c = around_obstacles({36, 33, 30});
  EXPECT_TRUE(takes_obstacles(c));
  EXPECT_FALSE(takes_obstacles(c, [](PC pc) {
    LINNET_CHECK(multigrid::PCBoxMGSetCoarse(pc, multigrid::CoarseOperators::galerkin));
  }));
  const auto obstacles = c.kappa;
  // One cell of another material.
  c.kappa = [&](int i, int j, int k) {
    return i == 1 && j == 1 && k == 1 ? 2.0 : obstacles(i, j, k);
  };
  EXPECT_FALSE(takes_obstacles(c));
  // One solid cell, which no sample sees.
  c.kappa = [](int i, int j, int k) { return i == 17 && j == 18 && k == 15 ? 0.0 : 1.0; };
  EXPECT_TRUE(takes_obstacles(c));
  c.kappa = [](int, int, int) { return 1.0; };
  EXPECT_FALSE(takes_obstacles(c));
  c = around_obstacles({36, 33, 30});
  c.ratios = {1.0, 1.0, 3.0};
  EXPECT_FALSE(takes_obstacles(c));
  // Walls of one cell do not cut aggregates, the grains of a porous medium do.
  c = around_obstacles({40, 40, 40});
  c.kappa = [](int i, int j, int k) {
    return (i == 9 || i == 22 || i == 31) && !(j < 3 && k < 3) ? 0.0 : 1.0;
  };
  EXPECT_TRUE(takes_obstacles(c));
  EXPECT_LE(iterations(c), 14);
  const core::RandomStream stream(3, 0);
  c.kappa = [&](int i, int j, int k) {
    return stream.uniform(static_cast<std::uint64_t>(i + 64 * (j + 64 * k))) < 0.4 ? 0.0 : 1.0;
  };
  EXPECT_FALSE(takes_obstacles(c));
  EXPECT_LE(iterations(c), 25);
}
