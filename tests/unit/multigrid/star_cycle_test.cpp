// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The cycle on stars: coarse operators, symmetry, independence of the ranks, convergence, and when
// boxmg chooses it.
#include "diffusion_matrix.hpp"
#include "preconditioner.hpp"

#include <linnet/kernels/star/star_inspection.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

using namespace linnet;
using linnet::test::DiffusionCase;
using linnet::test::Preconditioner;

namespace {

DiffusionCase box(const core::Index3& points) {
  DiffusionCase c;
  c.points = points;
  c.dimension = points[2] == 1 ? 2 : 3;
  return c;
}

/// Neighbours differ by up to 4, the whole by 400.
double smooth_kappa(int i, int j, int k) {
  return std::exp(3.0 * std::sin(0.4 * i) * std::cos(0.3 * j + 0.2 * k));
}

bool is_star(const Preconditioner& b) { return b.shows("the coefficients vary mildly"); }

std::vector<DiffusionCase> mild_cases() {
  std::vector<DiffusionCase> cases;
  for (const core::Index3& n : {core::Index3{33, 30, 1}, core::Index3{21, 18, 23}}) {
    DiffusionCase c = box(n);
    c.kappa = smooth_kappa;
    cases.push_back(c);
    c.dirichlet = false;
    cases.push_back(c);
    cases.push_back(c);
    cases.back().kappa = [](int, int, int) { return 1.0; };
    cases.back().dirichlet = true;
    cases.back().ratios = {1.0, 1e4, 1.0};
  }
  DiffusionCase wraps = box({32, 16, 20});
  wraps.periodic = {true, false, true};
  wraps.kappa = [](int i, int j, int k) {
    return 2.0 + std::sin(2.0 * std::numbers::pi * i / 32.0) + 0.5 * std::sin(j + 0.6283185307 * k);
  };
  cases.push_back(wraps);
  return cases;
}

} // namespace

// Twice as wide cells: the couplings of the same equation are 2^(d-2) times the fine ones. Beside a
// wall at half a cell the coarse point is one and a half fine cells from it.
TEST(StarCoarsening, RediscretisesAConstantCoefficient) {
  const int n = 8;
  const kernels::Layout fine({n, n, n}, {3, 3, 3}), coarse({n / 2, n, n}, {0, 3, 3});
  kernels::StarSums<double> a(fine, 3), b(coarse, 3);
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i) {
        const auto q = static_cast<std::size_t>(fine(i, j, k));
        a.couplings[0].values(q) = i + 1 < n ? 1.0 : 0.0;
        a.couplings[1].values(q) = j + 1 < n ? 1.0 : 0.0;
        a.couplings[2].values(q) = k + 1 < n ? 1.0 : 0.0;
        a.row_sum.values(q) = i == 0 ? 2.0 : 0.0;
      }
  kernels::LinearWeights<double> weights(n / 2);
  for (int c = 0; c < n / 2; ++c) {
    weights.before(static_cast<std::size_t>(c + 2)) = c == 0 ? 1.0 / 3.0 : 0.5;
    weights.after(static_cast<std::size_t>(c + 2)) = c + 1 < n / 2 ? 0.5 : 0.0;
  }
  kernels::coarsen_star(kernels::StarPlanes<double>(a, 3), weights, 1, 0, 3,
                        kernels::Range::box(coarse.n), kernels::StarPlanes<double>(b, 3));
  const auto at = [&](const kernels::Field<double>& f, int i) {
    return f.values(static_cast<std::size_t>(coarse(i, 3, 3)));
  };
  EXPECT_DOUBLE_EQ(at(b.couplings[0], 1), 0.5);
  EXPECT_DOUBLE_EQ(at(b.couplings[1], 1), 2.0);
  EXPECT_DOUBLE_EQ(at(b.couplings[2], 1), 2.0);
  EXPECT_DOUBLE_EQ(at(b.row_sum, 0), 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(at(b.row_sum, 1), 0.0);
}

TEST(StarCycle, IsSymmetricAndPositiveDefinite) {
  for (const DiffusionCase& c : mild_cases()) {
    const Preconditioner b(c);
    EXPECT_TRUE(is_star(b));
    test::expect_symmetric_and_positive(b);
  }
}

// Points near a cut are computed on both sides by the same operations.
TEST(StarCycle, DoesNotDependOnTheNumberOfRanks) {
  for (const DiffusionCase& c : mild_cases()) test::expect_independent_of_ranks(c);
}

int iterations(const DiffusionCase& c) {
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  Vec b = test::make_vector(da, 7);
  const int count = test::solve(a, da, b, 1e-8);
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return count;
}

TEST(StarCycle, SevenIterationsOnAConstantBoxOfAnySize) {
  for (const int n : {31, 48, 64}) EXPECT_LE(iterations(box({n, n, n})), 7);
  for (const int n : {65, 128, 256}) EXPECT_LE(iterations(box({n, n, 1})), 7);
}

TEST(StarCycle, ConvergesWithMildContrasts) {
  DiffusionCase c = box({40, 36, 44});
  for (const double contrast : {2.0, 8.0}) {
    c.kappa = test::random_kappa(contrast, 3);
    EXPECT_LE(iterations(c), 11);
    c.kappa = test::block_kappa(contrast, 4, 3);
    EXPECT_LE(iterations(c), 11);
  }
  c.kappa = smooth_kappa;
  EXPECT_LE(iterations(c), 11);
}

TEST(StarCycle, IsTakenWhereCoefficientsVaryMildlyOnAllLevels) {
  DiffusionCase c = box({36, 33, 30});
  EXPECT_TRUE(is_star(Preconditioner(c)));
  EXPECT_FALSE(is_star(Preconditioner(c, PETSC_COMM_WORLD, [](PC pc) {
    LINNET_CHECK(multigrid::PCBoxMGSetCoarse(pc, multigrid::CoarseOperators::galerkin));
  })));
  c.kappa = test::block_kappa(9.0, 3, 5);
  EXPECT_TRUE(is_star(Preconditioner(c)));
  c.kappa = test::block_kappa(40.0, 3, 5);
  EXPECT_FALSE(is_star(Preconditioner(c)));
  // A solid cell.
  c.kappa = [](int i, int j, int k) { return i == 9 && j == 8 && k == 7 ? 0.0 : 1.0; };
  EXPECT_FALSE(is_star(Preconditioner(c)));
  // Smooth on the finest grid only: a narrow hot spot.
  c.kappa = [](int i, int j, int k) {
    const double r2 = (i - 12) * (i - 12) + (j - 16) * (j - 16) + (k - 16) * (k - 16);
    return 1.0 + 1e6 * std::exp(-r2 / 18.0);
  };
  EXPECT_FALSE(is_star(Preconditioner(c)));
}
