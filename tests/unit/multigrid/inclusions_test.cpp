// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Small inclusions of strong coupling: which are found, on any number of ranks, and that nothing of
// the residual is left in their means.
#include "diffusion_matrix.hpp"

#include <linnet/multigrid/boxmg_preconditioner.hpp>
#include <linnet/multigrid/pc_boxmg.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <map>

using namespace linnet;
using linnet::test::DiffusionCase;
using multigrid::Precision;

namespace {

/// Bars of five cells, off the planes of coarse points; some reach across the cuts between ranks.
/// -1 outside of all bars.
int bar_at(int i, int j, int k) {
  const bool inside = i % 8 >= 1 && i % 8 <= 5 && j % 4 == 2 && k % 4 == 2;
  return inside ? i / 8 + 3 * (j / 4 + 5 * (k / 4)) : -1;
}
constexpr int bars = 75;

DiffusionCase bar_case(double contrast) {
  DiffusionCase c;
  c.points = {24, 20, 20};
  c.kappa = [contrast](int i, int j, int k) { return bar_at(i, j, k) >= 0 ? contrast : 1.0; };
  return c;
}

std::int64_t count_inclusions(const DiffusionCase& c) {
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  std::int64_t count = 0;
  {
    multigrid::BoxmgPreconditioner preconditioner(a, da, {}, {});
    preconditioner.update(a);
    count = preconditioner.inclusions();
  }
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return count;
}

/// Largest sum of |values| and of values over a bar.
std::pair<double, double> largest_sums(DM da, Vec v) {
  PetscInt x, y, z, nx, ny, nz;
  const PetscScalar*** values;
  std::vector<double> sums(2 * bars, 0.0);
  LINNET_CHECK(DMDAGetCorners(da, &x, &y, &z, &nx, &ny, &nz));
  LINNET_CHECK(DMDAVecGetArrayRead(da, v, &values));
  for (PetscInt k = z; k < z + nz; ++k)
    for (PetscInt j = y; j < y + ny; ++j)
      for (PetscInt i = x; i < x + nx; ++i) {
        const int bar = bar_at(int(i), int(j), int(k));
        if (bar < 0) continue;
        sums[std::size_t(bar)] += values[k][j][i];
        sums[std::size_t(bars + bar)] += std::abs(values[k][j][i]);
      }
  LINNET_CHECK(DMDAVecRestoreArrayRead(da, v, &values));
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 2 * bars, MPI_DOUBLE, MPI_SUM, PETSC_COMM_WORLD);
  std::pair<double, double> largest{0.0, 0.0};
  for (std::size_t b = 0; b < bars; ++b) {
    largest.first = std::max(largest.first, sums[bars + b]);
    largest.second = std::max(largest.second, std::abs(sums[b]));
  }
  return largest;
}

/// Sum of r - A B r over a bar, relative to that of |r|.
double mean_left(const DiffusionCase& c, Precision precision) {
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  Vec r = test::make_vector(da, 5), y, rest;
  LINNET_CHECK(VecDuplicate(r, &y));
  LINNET_CHECK(VecDuplicate(r, &rest));
  PC pc;
  LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
  LINNET_CHECK(PCSetDM(pc, da));
  LINNET_CHECK(PCSetOperators(pc, a, a));
  LINNET_CHECK(PCSetType(pc, PCBOXMG));
  LINNET_CHECK(multigrid::PCBoxMGSetPrecision(pc, precision));
  LINNET_CHECK(PCApply(pc, r, y));
  LINNET_CHECK(MatMult(a, y, rest));
  LINNET_CHECK(VecAYPX(rest, -1.0, r));
  const double left = largest_sums(da, rest).second / largest_sums(da, r).first;
  LINNET_CHECK(PCDestroy(&pc));
  for (Vec* v : {&r, &y, &rest}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return left;
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

} // namespace

TEST(Inclusions, AreFoundOnAnyRanks) { EXPECT_EQ(count_inclusions(bar_case(1e6)), bars); }

TEST(Inclusions, OfLowContrastAreLeftToTheCycle) {
  EXPECT_EQ(count_inclusions(bar_case(10.0)), 0);
  EXPECT_EQ(count_inclusions(DiffusionCase{}), 0);
}

TEST(Inclusions, SolidCellsAreNone) { EXPECT_EQ(count_inclusions(bar_case(0.0)), 0); }

// 20 x 18 x 18 points are more than an inclusion may have, though less on each of four ranks.
TEST(Inclusions, LargeBodiesAreLeftToTheCoarseGrids) {
  DiffusionCase c = bar_case(1.0);
  const auto block = [](int i, int j, int k, int n) {
    return i > 1 && i < 2 + n && j > 0 && j < n && k > 0 && k < n ? 1e6 : 1.0;
  };
  c.kappa = [&](int i, int j, int k) { return block(i, j, k, 19); };
  EXPECT_EQ(count_inclusions(c), 0);
  c.kappa = [&](int i, int j, int k) { return block(i, j, k, 12); };
  EXPECT_EQ(count_inclusions(c), 1);
}

// The ends of a periodic direction meet: the two halves of a bar across it are one.
TEST(Inclusions, ReachAcrossPeriodicEnds) {
  DiffusionCase c;
  c.points = {16, 12, 12};
  c.periodic = {true, false, false};
  c.kappa = [](int i, int j, int k) {
    return (i < 2 || i >= 13) && j % 4 == 1 && k % 4 == 1 ? 1e6 : 1.0;
  };
  EXPECT_EQ(count_inclusions(c), 9);
}

// The correction after the cycle is a projection, whatever the cycle did. Rounding of y moves sums
// of A y over a bar by the couplings out of it, which are of order one.
TEST(Inclusions, NoMeanOfTheResidualIsLeft) {
  EXPECT_LT(mean_left(bar_case(1e6), Precision::fp64), 1e-8);
  EXPECT_LT(mean_left(bar_case(1e6), Precision::fp32), 1e-1);
  EXPECT_GT(mean_left(bar_case(10.0), Precision::fp64), 1e-4);
}

TEST(Inclusions, ContrastCostsFewIterations) {
  const int low = iterations(bar_case(10.0));
  for (const double contrast : {1e4, 1e6, 1e8}) EXPECT_LE(iterations(bar_case(contrast)), 2 * low);
}
