// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Anisotropy that no single order of coarsening suits: rotated against the grid, or varying within
// the domain.
#include "diffusion_matrix.hpp"

#include <linnet/multigrid/boxmg_preconditioner.hpp>
#include <linnet/multigrid/pc_boxmg.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace linnet;
using linnet::test::DiffusionCase;

namespace {

using Vector = std::array<double, 3>;
using Tensor = std::array<Vector, 3>;

/// Conductivity @p along in the direction @p v, and 1 across it.
Tensor tensor_along(Vector v, double along) {
  const double length = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  Tensor k{};
  for (std::size_t d = 0; d < 3; ++d)
    for (std::size_t e = 0; e < 3; ++e)
      k[d][e] = (d == e ? 1.0 : 0.0) + (along - 1.0) * v[d] * v[e] / (length * length);
  return k;
}

Tensor tensor_at(double degrees, double ratio) {
  const double t = degrees * std::numbers::pi / 180.0;
  return tensor_along({std::cos(t), std::sin(t), 0.0}, ratio);
}

/// Matrix of (bi-, tri-)linear finite elements of unit size for one tensor, with fixed values
/// around the grid: 9- and 27-point rows.
class FiniteElements {
public:
  FiniteElements(int dimension, const core::Index3& points, const Tensor& k,
                 MPI_Comm comm = PETSC_COMM_WORLD)
      : dimension_(dimension) {
    if (dimension == 2)
      LINNET_CHECK(DMDACreate2d(comm, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_BOX,
                                points[0], points[1], PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr,
                                nullptr, &da_));
    else
      LINNET_CHECK(DMDACreate3d(comm, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE,
                                DMDA_STENCIL_BOX, points[0], points[1], points[2], PETSC_DECIDE,
                                PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr, nullptr, nullptr, &da_));
    LINNET_CHECK(DMSetUp(da_));
    LINNET_CHECK(DMSetMatType(da_, MATAIJ));
    LINNET_CHECK(DMCreateMatrix(da_, &a_));
    fill(points, k);
  }
  ~FiniteElements() {
    MatDestroy(&a_);
    DMDestroy(&da_);
  }
  FiniteElements(const FiniteElements&) = delete;
  FiniteElements& operator=(const FiniteElements&) = delete;
  [[nodiscard]] Mat matrix() const { return a_; }
  [[nodiscard]] DM da() const { return da_; }

private:
  // Entry between nodes a and b (bits: x, y, z) of an element.
  [[nodiscard]] double element_entry(int a, int b, const Tensor& k) const {
    double sum = 0.0;
    const int count = 1 << dimension_;
    for (int q = 0; q < count; ++q) { // Gauss points
      const auto gradient = [&](int node) {
        Vector g{};
        for (int d = 0; d < dimension_; ++d) {
          g[static_cast<std::size_t>(d)] = 1.0;
          for (int e = 0; e < dimension_; ++e) {
            const double x = 0.5 + ((q >> e & 1) ? 0.5 : -0.5) / std::sqrt(3.0);
            const bool high = node >> e & 1;
            g[static_cast<std::size_t>(d)] *= d == e ? (high ? 1.0 : -1.0) : (high ? x : 1.0 - x);
          }
        }
        return g;
      };
      const Vector ga = gradient(a), gb = gradient(b);
      for (std::size_t d = 0; d < 3; ++d)
        for (std::size_t e = 0; e < 3; ++e) sum += ga[d] * k[d][e] * gb[e] / count;
    }
    return sum;
  }

  void fill(const core::Index3& points, const Tensor& k) {
    DMDALocalInfo info;
    LINNET_CHECK(DMDAGetLocalInfo(da_, &info));
    const int count = 1 << dimension_;
    std::array<double, 27> stencil{};
    for (int a = 0; a < count; ++a)
      for (int b = 0; b < count; ++b)
        stencil[static_cast<std::size_t>(13 + (b & 1) - (a & 1) +
                                         3 * ((b >> 1 & 1) - (a >> 1 & 1)) +
                                         9 * ((b >> 2) - (a >> 2)))] += element_entry(a, b, k);
    for (int z = info.zs; z < info.zs + info.zm; ++z)
      for (int y = info.ys; y < info.ys + info.ym; ++y)
        for (int x = info.xs; x < info.xs + info.xm; ++x)
          for (int n = 0; n < 27; ++n) {
            const MatStencil row{z, y, x, 0};
            const MatStencil column{z + n / 9 - 1, y + n / 3 % 3 - 1, x + n % 3 - 1, 0};
            const bool inside = column.i >= 0 && column.i < points[0] && column.j >= 0 &&
                                column.j < points[1] && column.k >= 0 && column.k < points[2];
            const PetscScalar value = stencil[static_cast<std::size_t>(n)];
            if (inside && value != 0.0)
              LINNET_CHECK(MatSetValuesStencil(a_, 1, &row, 1, &column, &value, INSERT_VALUES));
          }
    LINNET_CHECK(MatAssemblyBegin(a_, MAT_FINAL_ASSEMBLY));
    LINNET_CHECK(MatAssemblyEnd(a_, MAT_FINAL_ASSEMBLY));
  }

  int dimension_;
  DM da_ = nullptr;
  Mat a_ = nullptr;
};

/// Aligned anisotropy by cell: conductivity factor(d, cell) along direction d, harmonic means.
DiffusionCase aligned(const core::Index3& points,
                      const std::function<double(std::size_t, const core::Index3&)>& factor) {
  DiffusionCase c;
  c.dimension = points[2] == 1 ? 2 : 3;
  c.points = points;
  c.coupling = [=](std::size_t d, const core::Index3& p, const core::Index3& q) {
    const auto at = [&](core::Index3 cell) {
      cell[d] = std::clamp(cell[d], 0, points[d] - 1);
      return factor(d, cell);
    };
    return 2.0 * at(p) * at(q) / (at(p) + at(q));
  };
  return c;
}

/// Cells whose widths grow from the first to the last by @p growth[d] altogether.
DiffusionCase stretched(const core::Index3& points, const Vector& growth) {
  const auto width = [=](std::size_t d, int i) {
    return points[d] == 1 ? 1.0 : std::pow(growth[d], static_cast<double>(i) / (points[d] - 1));
  };
  DiffusionCase c;
  c.dimension = points[2] == 1 ? 2 : 3;
  c.points = points;
  c.coupling = [=](std::size_t d, const core::Index3& p, const core::Index3& q) {
    const bool outside = q[d] < 0 || q[d] >= points[d];
    double area = 1.0;
    for (std::size_t e = 0; e < 3; ++e)
      if (e != d) area *= width(e, p[e]);
    return area / (0.5 * (width(d, p[d]) + (outside ? 0.0 : width(d, q[d]))));
  };
  return c;
}

int iterations(const DiffusionCase& c, MPI_Comm comm = PETSC_COMM_WORLD) {
  DM da = test::make_da(comm, c);
  Mat a = test::make_matrix(da, c);
  Vec b = test::make_vector(da, 7);
  const int count = test::solve(a, da, b, 1e-8);
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return count;
}

int iterations(const FiniteElements& fem) {
  Vec b = test::make_vector(fem.da(), 7);
  const int count = test::solve(fem.matrix(), fem.da(), b, 1e-8);
  LINNET_CHECK(VecDestroy(&b));
  return count;
}

/// |x.By - y.Bx| and the smaller of x.Bx and y.By, both over the mean of the latter.
std::pair<double, double> asymmetry_and_positivity(Mat a, DM da) {
  PC pc;
  LINNET_CHECK(PCCreate(PetscObjectComm(reinterpret_cast<PetscObject>(a)), &pc));
  LINNET_CHECK(PCSetType(pc, "boxmg"));
  LINNET_CHECK(PCSetDM(pc, da));
  LINNET_CHECK(PCSetOperators(pc, a, a));
  LINNET_CHECK(multigrid::PCBoxMGSetPrecision(pc, multigrid::Precision::fp64));
  Vec x = test::make_vector(da, 1), y = test::make_vector(da, 2), bx, by;
  LINNET_CHECK(VecDuplicate(x, &bx));
  LINNET_CHECK(VecDuplicate(x, &by));
  LINNET_CHECK(PCApply(pc, x, bx));
  LINNET_CHECK(PCApply(pc, y, by));
  PetscScalar xx, yy, xy, yx;
  LINNET_CHECK(VecDot(x, bx, &xx));
  LINNET_CHECK(VecDot(y, by, &yy));
  LINNET_CHECK(VecDot(x, by, &xy));
  LINNET_CHECK(VecDot(y, bx, &yx));
  for (Vec* v : {&x, &y, &bx, &by}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(PCDestroy(&pc));
  const double mean = std::sqrt(std::abs(xx * yy));
  return {std::abs(xy - yx) / mean, std::min(xx, yy) / mean};
}

} // namespace

// BoomerAMG (default) takes 10 to 12 at 1:100 and 27 to 50 at 1:1000, but 6 at 45 degrees.
TEST(Anisotropy, RotatedInTwoDimensions) {
  for (const auto& [ratio, most] : {std::pair{10.0, 10}, {100.0, 13}, {1000.0, 32}})
    for (const double degrees : {10.0, 15.0, 30.0, 45.0, 60.0, 75.0}) {
      const int count = iterations(FiniteElements(2, {150, 141, 1}, tensor_at(degrees, ratio)));
      EXPECT_GT(count, 0) << ratio << ' ' << degrees;
      EXPECT_LE(count, most) << ratio << ' ' << degrees;
    }
}

TEST(Anisotropy, RotatedInThreeDimensions) {
  for (const double along : {100.0, 0.01})
    for (const Vector& v : {Vector{1.0, 0.6, 0.3}, Vector{1.0, 1.0, 1.0}, Vector{0.2, 0.3, 1.0}}) {
      const int count = iterations(FiniteElements(3, {30, 27, 32}, tensor_along(v, along)));
      EXPECT_GT(count, 0) << along << ' ' << v[0] << v[1] << v[2];
      EXPECT_LE(count, along > 1.0 ? 13 : 15) << along << ' ' << v[0] << v[1] << v[2];
    }
}

// The left half couples strongly along x, the right half along y; or the ratio goes up and down
// smoothly.
TEST(Anisotropy, StrongDirectionChangesInSpace) {
  for (const double ratio : {1e2, 1e4, 1e6})
    for (const auto& points : {core::Index3{120, 111, 1}, core::Index3{40, 33, 24}}) {
      const int halves = iterations(aligned(points, [=](std::size_t d, const core::Index3& p) {
        const bool left = 2 * p[0] < points[0];
        return d == 2 ? 1.0 : (d == 0) == left ? ratio : 1.0;
      }));
      EXPECT_GT(halves, 0) << ratio << ' ' << points[2];
      EXPECT_LE(halves, 14) << ratio << ' ' << points[2];
      const int smooth = iterations(aligned(points, [=](std::size_t d, const core::Index3& p) {
        const double t = std::sin(2.0 * std::numbers::pi * p[0] / points[0]) *
                         std::cos(2.0 * std::numbers::pi * p[1] / points[1]);
        return d == 2 ? 1.0 : std::pow(ratio, (d == 0 ? 0.5 : -0.5) * t);
      }));
      EXPECT_GT(smooth, 0) << ratio << ' ' << points[2];
      EXPECT_LE(smooth, 20) << ratio << ' ' << points[2];
    }
}

TEST(Anisotropy, StretchedGrids) {
  for (const double growth : {1e2, 1e4, 1e6}) {
    for (const auto& g : {Vector{1.0, growth, 1.0}, Vector{growth, growth, 1.0}}) {
      const int count = iterations(stretched({120, 111, 1}, g));
      EXPECT_GT(count, 0) << growth << ' ' << g[0];
      EXPECT_LE(count, 14) << growth << ' ' << g[0];
    }
    for (const auto& g :
         {Vector{1.0, 1.0, growth}, Vector{1.0, growth, growth}, Vector{growth, growth, growth}}) {
      const int count = iterations(stretched({40, 33, 36}, g));
      EXPECT_GT(count, 0) << growth << ' ' << g[0] << ' ' << g[1];
      EXPECT_LE(count, 20) << growth << ' ' << g[0] << ' ' << g[1];
    }
  }
}

TEST(Anisotropy, PreconditionersAreSymmetricAndPositive) {
  const FiniteElements rotated(2, {61, 52, 1}, tensor_at(30.0, 1000.0));
  const auto [asymmetry, least] = asymmetry_and_positivity(rotated.matrix(), rotated.da());
  EXPECT_LT(asymmetry, 1e-12);
  EXPECT_GT(least, 0.1);
  const DiffusionCase c = stretched({61, 52, 1}, {1e3, 1e3, 1.0});
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  const auto [regional_asymmetry, regional_least] = asymmetry_and_positivity(a, da);
  EXPECT_LT(regional_asymmetry, 1e-12);
  EXPECT_GT(regional_least, 0.1);
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
}

// One rank by itself takes as many iterations as all together.
TEST(Anisotropy, RanksDoNotMatter) {
  const auto alone = iterations(stretched({64, 57, 1}, {1e3, 1e3, 1.0}), PETSC_COMM_SELF);
  EXPECT_NEAR(iterations(stretched({64, 57, 1}, {1e3, 1e3, 1.0})), alone, 1);
  const Tensor k = tensor_at(30.0, 100.0);
  const auto rotated_alone = iterations(FiniteElements(2, {64, 57, 1}, k, PETSC_COMM_SELF));
  EXPECT_NEAR(iterations(FiniteElements(2, {64, 57, 1}, k)), rotated_alone, 1);
}

bool takes_several_hierarchies(const DiffusionCase& c) {
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  bool several = false;
  {
    multigrid::BoxmgPreconditioner boxmg(a, da, {}, {});
    boxmg.update(a);
    several = !boxmg.other_plans().empty();
  }
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return several;
}

// From the power 5 of two on, between any two directions. The left half couples by powers of two,
// the right half by 1.
TEST(Anisotropy, RegionsThatDifferByLittleShareAHierarchy) {
  const auto halves = [](const core::Index3& points, const std::array<int, 3>& powers) {
    return aligned(points, [=](std::size_t d, const core::Index3& p) {
      return 2 * p[0] < points[0] ? std::ldexp(1.0, powers[d]) : 1.0;
    });
  };
  const core::Index3 flat{96, 90, 1}, box{40, 36, 32};
  EXPECT_FALSE(takes_several_hierarchies(halves(flat, {4, 0, 0})));
  EXPECT_TRUE(takes_several_hierarchies(halves(flat, {5, 0, 0})));
  EXPECT_TRUE(takes_several_hierarchies(halves(flat, {0, 5, 0})));
  // Two directions by 6, either and the third one by 3.
  for (const auto& powers : {std::array{6, 3, 0}, std::array{0, 6, 3}, std::array{3, 0, 6},
                             std::array{0, 3, 6}, std::array{3, 6, 0}, std::array{6, 0, 3}})
    EXPECT_TRUE(takes_several_hierarchies(halves(box, powers))) << powers[0] << powers[1];
  EXPECT_FALSE(takes_several_hierarchies(halves(box, {4, 2, 0})));
}

// The second hierarchy and the wider pattern are for anisotropy alone.
TEST(Anisotropy, IsotropicMediaNeedNeither) {
  for (const auto& kappa : {test::random_kappa(1e8, 1), test::block_kappa(1e6, 3, 1)}) {
    DiffusionCase c;
    c.dimension = 2;
    c.points = {96, 90, 1};
    c.kappa = kappa;
    DM da = test::make_da(PETSC_COMM_WORLD, c);
    Mat a = test::make_matrix(da, c);
    {
      multigrid::BoxmgPreconditioner boxmg(a, da, {}, {});
      boxmg.update(a);
      EXPECT_TRUE(boxmg.other_plans().empty());
    }
    LINNET_CHECK(MatDestroy(&a));
    LINNET_CHECK(DMDestroy(&da));
  }
  const FiniteElements isotropic(2, {96, 90, 1}, tensor_at(0.0, 1.0));
  const FiniteElements rotated(2, {96, 90, 1}, tensor_at(30.0, 100.0));
  multigrid::BoxmgPreconditioner plain(isotropic.matrix(), isotropic.da(), {}, {});
  multigrid::BoxmgPreconditioner adapted(rotated.matrix(), rotated.da(), {}, {});
  plain.update(isotropic.matrix());
  adapted.update(rotated.matrix());
  EXPECT_FALSE(plain.adapted_levels().front());
  EXPECT_EQ(adapted.adapted_levels().front(), adapted.levels().front().active);
}
