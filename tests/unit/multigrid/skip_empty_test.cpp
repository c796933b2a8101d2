// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Rows of points without unknowns are left out (-pc_boxmg_skip_empty): where, and with the same
// bits as without, of the cycle, over changes of the geometry, and of conjugate gradients.
#include "diffusion_matrix.hpp"
#include "preconditioner.hpp"

#include <linnet/grid/mat_stencil.hpp>
#include <linnet/kernels/star/star_spans.hpp>
#include <linnet/krylov/cg_fused.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

using namespace linnet;
using linnet::test::DiffusionCase;
using linnet::test::Preconditioner;
using multigrid::Precision;

namespace {

/// Water below a wave, with a pillar in it; a drop far away from it. The rest of the box is empty.
DiffusionCase basin(const core::Index3& n, double level = 0.0) {
  DiffusionCase c;
  c.points = n;
  c.dimension = n[2] == 1 ? 2 : 3;
  c.kappa = [n, level, d = c.dimension](int i, int j, int k) {
    const double x = (i + 0.5) / n[0], y = (j + 0.5) / n[1];
    const double z = d == 2 ? y : (k + 0.5) / n[2];
    const bool pillar = std::abs(x - 0.4) < 0.09 && (d == 2 || std::abs(y - 0.5) < 0.1);
    const bool drop = std::hypot(x - 0.7, d == 2 ? 0.0 : y - 0.3, z - 0.85) < 0.09;
    return drop || (z < 0.3 + level + 0.2 * std::cos(3.1 * x) && !pillar) ? 1.0 : 0.0;
  };
  return c;
}

std::vector<DiffusionCase> cases() {
  std::vector<DiffusionCase> list;
  // Rows of several packs, and so many planes that marches keep a few of them only.
  for (const core::Index3& n : {core::Index3{70, 37, 1}, core::Index3{24, 21, 27},
                                core::Index3{77, 20, 24}, core::Index3{40, 36, 50}})
    list.push_back(basin(n));
  list.push_back(basin({32, 24, 26}));
  list.back().periodic = {true, true, false};
  return list;
}

std::function<void(PC)> configured(bool skip, Precision precision) {
  return [=](PC pc) {
    LINNET_CHECK(multigrid::PCBoxMGSetSkipEmpty(pc, skip ? PETSC_TRUE : PETSC_FALSE));
    LINNET_CHECK(multigrid::PCBoxMGSetPrecision(pc, precision));
  };
}

void expect_equal(Vec x, Vec y) {
  PetscBool same;
  LINNET_CHECK(VecEqual(x, y, &same));
  EXPECT_TRUE(same);
}

/// The same product of both with several vectors in turn: what the one before has left in the
/// memory of the cycle must not show.
void expect_same_products(const Preconditioner& a, const Preconditioner& b) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    Vec x = test::make_vector(a.da(), seed), ax, bx;
    LINNET_CHECK(VecDuplicate(x, &ax));
    LINNET_CHECK(VecDuplicate(x, &bx));
    LINNET_CHECK(PCApply(a.pc(), x, ax));
    LINNET_CHECK(PCApply(b.pc(), x, bx));
    expect_equal(ax, bx);
    for (Vec* v : {&x, &ax, &bx}) LINNET_CHECK(VecDestroy(v));
  }
}

/// Gives a `stencil` matrix the values of @p c: row sums of 1 in empty cells, 2 at a wall, else
/// 1/8.
void set_values(DM da, const DiffusionCase& c, Mat a) {
  std::vector<Vec> v(static_cast<std::size_t>(c.dimension) + 1);
  std::vector<PetscScalar*> values(v.size());
  for (std::size_t m = 0; m < v.size(); ++m) {
    LINNET_CHECK(DMCreateGlobalVector(da, &v[m]));
    LINNET_CHECK(VecGetArray(v[m], &values[m]));
  }
  DMDALocalInfo info;
  LINNET_CHECK(DMDAGetLocalInfo(da, &info));
  std::size_t at = 0;
  for (int k = info.zs; k < info.zs + info.zm; ++k)
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i, ++at) {
        const bool fluid = c.kappa(i, j, k) > 0.0;
        const int next[3][3] = {{i + 1, j, k}, {i, j + 1, k}, {i, j, k + 1}};
        for (std::size_t m = 0; m + 1 < v.size(); ++m) {
          const auto& p = next[m];
          const bool inside = p[m] < c.points[m];
          values[m][at] = fluid && inside && c.kappa(p[0], p[1], p[2]) > 0.0 ? 1.0 : 0.0;
        }
        values.back()[at] = !fluid ? 1.0 : i == 0 ? 2.0 : 0.125;
      }
  for (std::size_t m = 0; m < v.size(); ++m) LINNET_CHECK(VecRestoreArray(v[m], &values[m]));
  LINNET_CHECK(grid::MatStencilSetCouplings(
      a, c.dimension == 3 ? kernels::StencilPattern::star3d : kernels::StencilPattern::star2d,
      v.data(), v.back()));
  for (Vec& x : v) LINNET_CHECK(VecDestroy(&x));
}

Mat make_stencil(DM da, const DiffusionCase& c) {
  Mat a;
  LINNET_CHECK(DMSetMatType(da, MATSTENCIL));
  LINNET_CHECK(DMCreateMatrix(da, &a));
  set_values(da, c, a);
  return a;
}

struct Outcome {
  std::vector<double> norms;
  Vec x = nullptr;
};

using krylov::CGFusedPrecision;
constexpr CGFusedPrecision precisions[] = {CGFusedPrecision::fp64, CGFusedPrecision::mixed};

/// Small grids on all ranks: those that move to fewer take no part in mixed precision.
void stay_on_all_ranks(PC pc) {
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-pc_boxmg_agglomerate_limit", "100"));
  LINNET_CHECK(PCSetFromOptions(pc));
  LINNET_CHECK(PetscOptionsClearValue(nullptr, "-pc_boxmg_agglomerate_limit"));
}

Outcome solve(DM da, Mat a, Vec b, bool skip, KSPNormType norm, CGFusedPrecision precision) {
  KSP ksp;
  PC pc;
  Outcome result;
  std::vector<PetscReal> history(100);
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, a, a));
  LINNET_CHECK(KSPSetDM(ksp, da));
  LINNET_CHECK(KSPSetDMActive(ksp, PETSC_FALSE));
  LINNET_CHECK(KSPSetType(ksp, KSPCGFUSED));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCBOXMG));
  configured(skip, Precision::fp32)(pc);
  stay_on_all_ranks(pc);
  LINNET_CHECK(krylov::KSPCGFusedSetPrecision(ksp, precision));
  LINNET_CHECK(KSPSetNormType(ksp, norm));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-9, 1e-300, 1e10, 100));
  LINNET_CHECK(KSPSetResidualHistory(ksp, history.data(), 100, PETSC_TRUE));
  LINNET_CHECK(VecDuplicate(b, &result.x));
  // The second time with work vectors that hold what the first solve has left.
  for (int time = 0; time < 2; ++time) LINNET_CHECK(KSPSolve(ksp, b, result.x));
  KSPConvergedReason reason;
  PetscInt count;
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  EXPECT_EQ(reason, KSP_CONVERGED_RTOL);
  LINNET_CHECK(KSPGetResidualHistory(ksp, nullptr, &count));
  result.norms.assign(history.begin(), history.begin() + count);
  LINNET_CHECK(KSPDestroy(&ksp));
  return result;
}

void set_zero_in_empty_cells(DM da, const DiffusionCase& c, Vec b) {
  DMDALocalInfo info;
  PetscScalar* values;
  LINNET_CHECK(DMDAGetLocalInfo(da, &info));
  LINNET_CHECK(VecGetArray(b, &values));
  std::size_t at = 0;
  for (int k = info.zs; k < info.zs + info.zm; ++k)
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i, ++at)
        if (!(c.kappa(i, j, k) > 0.0)) values[at] = 0.0;
  LINNET_CHECK(VecRestoreArray(b, &values));
}

} // namespace

TEST(WholePacks, AreThoseOfTheWholeRow) {
  using kernels::RowSpan;
  const auto expect = [](const RowSpan& s, int lo, int hi) {
    EXPECT_EQ(s.lo, lo);
    EXPECT_EQ(s.hi, hi);
  };
  expect(kernels::detail::whole_packs<8>({3, 5}, -2, 30), -2, 6);
  expect(kernels::detail::whole_packs<8>({6, 15}, -2, 30), 6, 22);
  expect(kernels::detail::whole_packs<8>({25, 40}, -2, 31), 22, 31);
  expect(kernels::detail::whole_packs<8>({-9, 31}, -2, 31), -2, 31);
  EXPECT_TRUE(kernels::detail::whole_packs<8>({-9, -2}, -2, 31).empty());
  EXPECT_TRUE(kernels::detail::whole_packs<8>({}, -2, 31).empty());
}

// Every coupled point and its neighbours are visited; a layer away from them nothing is.
TEST(StarSpans, HoldThePointsThatAreCoupled) {
  const kernels::Layout l({50, 12, 20}, {3, 3, 3}), half({25, 6, 10}, {2, 2, 2});
  kernels::CodedStar<float> a;
  a.codes = kernels::Field<std::uint8_t>("linnet::test::codes", l);
  a.inverse = kernels::Array<float>("linnet::test::inverse", 256);
  a.alone_inverse = kernels::Array<float>("linnet::test::alone", 256);
  a.inverse(1) = 0.5f, a.alone_inverse(2) = 1.0f;
  const auto coupled = [](int i, int j, int k) { return i >= 7 && i < 11 && j == 5 && k >= 16; };
  for (int k = 0; k < 20; ++k)
    for (int j = 0; j < 12; ++j)
      for (int i = 0; i < 50; ++i)
        a.codes.values(static_cast<std::size_t>(l(i, j, k))) = coupled(i, j, k) ? 1 : k < 3 ? 2 : 0;
  kernels::Coarsening c;
  for (bool& h : c.halves) h = true;
  const auto spans = kernels::star_spans(a, c, half);
  const auto holds = [](const kernels::RowSpan& s, int i) { return s.lo <= i && i < s.hi; };
  for (int k = -3; k < 23; ++k)
    for (int j = -3; j < 15; ++j) {
      const bool near = std::abs(j - 5) <= 2 && k >= 14 && k < 22;
      EXPECT_EQ(spans.near.at(j, k).empty(), !near) << j << ' ' << k;
      if (near) {
        for (int i = 5; i < 13; ++i) EXPECT_TRUE(holds(spans.near.at(j, k), i));
      }
      const bool alone = j >= 0 && j < 12 && k >= 0 && k < 3;
      EXPECT_EQ(spans.alone.at(j, k).empty(), !alone);
    }
  EXPECT_EQ(spans.alone.at(3, 1).lo, 0);
  EXPECT_EQ(spans.alone.at(3, 1).hi, 50);
  for (int k = 0; k < 10; ++k)
    for (int j = 0; j < 6; ++j) {
      const auto s = spans.coarse.at(j, k);
      EXPECT_EQ(s.empty(), !(j == 2 && k >= 8));
      if (s.empty()) continue;
      EXPECT_EQ(s.lo, 3);
      EXPECT_EQ(s.hi, 6);
    }
}

TEST(SkipEmpty, LeavesTheBitsOfTheCycle) {
  for (const DiffusionCase& c : cases())
    for (const Precision precision : {Precision::fp32, Precision::fp64}) {
      const Preconditioner some(c, PETSC_COMM_WORLD, configured(true, precision));
      const Preconditioner all(c, PETSC_COMM_WORLD, configured(false, precision));
      EXPECT_TRUE(some.shows("constant around obstacles")) << testing::PrintToString(c.points);
      expect_same_products(some, all);
    }
}

// Where there was water, old values lie.
TEST(SkipEmpty, ForgetsTheGeometryBefore) {
  const core::Index3 n{40, 36, 50};
  const Preconditioner changed(basin(n, 0.2), PETSC_COMM_WORLD, configured(true, Precision::fp32));
  Vec x = test::make_vector(changed.da(), 4), y;
  LINNET_CHECK(VecDuplicate(x, &y));
  LINNET_CHECK(PCApply(changed.pc(), x, y));
  Mat a = test::make_matrix(changed.da(), basin(n));
  LINNET_CHECK(PCSetOperators(changed.pc(), a, a));
  LINNET_CHECK(PCSetUp(changed.pc()));
  expect_same_products(
      changed, Preconditioner(basin(n), PETSC_COMM_WORLD, configured(false, Precision::fp32)));
  for (Vec* v : {&x, &y}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(MatDestroy(&a));
}

// With a right-hand side that is zero in empty cells, where cgfused leaves them out too, and with
// one that is not.
TEST(SkipEmpty, LeavesTheBitsOfConjugateGradients) {
  for (const core::Index3& n : {core::Index3{70, 37, 1}, core::Index3{40, 36, 50}})
    for (const bool zero : {true, false})
      for (const KSPNormType norm : {KSP_NORM_UNPRECONDITIONED, KSP_NORM_PRECONDITIONED})
        for (const CGFusedPrecision precision : precisions) {
          const DiffusionCase c = basin(n);
          DM da = test::make_da(PETSC_COMM_WORLD, c);
          Mat a = make_stencil(da, c);
          Vec b = test::make_vector(da, 5);
          if (zero) set_zero_in_empty_cells(da, c, b);
          Outcome some = solve(da, a, b, true, norm, precision),
                  all = solve(da, a, b, false, norm, precision);
          EXPECT_EQ(some.norms, all.norms);
          expect_equal(some.x, all.x);
          for (Vec* v : {&some.x, &all.x, &b}) LINNET_CHECK(VecDestroy(v));
          LINNET_CHECK(MatDestroy(&a));
          LINNET_CHECK(DMDestroy(&da));
        }
}

// The operator by the byte: rounding alone tells the residuals of mixed precision from the others,
// below 1 % between renewals, and nothing where the solve ends.
TEST(SkipEmpty, MixedPrecisionTakesTheSameSteps) {
  for (const core::Index3& n : {core::Index3{70, 37, 1}, core::Index3{40, 36, 50}})
    for (const bool zero : {true, false}) {
      const DiffusionCase c = basin(n);
      DM da = test::make_da(PETSC_COMM_WORLD, c);
      Mat a = make_stencil(da, c);
      Vec b = test::make_vector(da, 5);
      if (zero) set_zero_in_empty_cells(da, c, b);
      const KSPNormType norm = KSP_NORM_UNPRECONDITIONED;
      Outcome plain = solve(da, a, b, true, norm, CGFusedPrecision::fp64),
              mixed = solve(da, a, b, true, norm, CGFusedPrecision::mixed);
      EXPECT_NE(mixed.norms, plain.norms);
      EXPECT_LE(mixed.norms.size(), plain.norms.size() + 1);
      for (std::size_t i = 0; i + 1 < std::min(mixed.norms.size(), plain.norms.size()); ++i)
        EXPECT_NEAR(mixed.norms[i], plain.norms[i], 0.02 * plain.norms[i]) << i;
      for (Vec* v : {&plain.x, &mixed.x, &b}) LINNET_CHECK(VecDestroy(v));
      LINNET_CHECK(MatDestroy(&a));
      LINNET_CHECK(DMDestroy(&da));
    }
}

namespace {

/// Solves with the values of more and more water, in @p a and @p p, and a right-hand side that is
/// zero where water has come; between the solves the preconditioner follows @p p or not.
void expect_true_residuals(DM da, const core::Index3& n, Mat a, Mat p, bool reuse_pc,
                           multigrid::Reuse reuse, CGFusedPrecision precision) {
  constexpr double rtol = 1e-6;
  KSP ksp;
  PC pc;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, a, p));
  LINNET_CHECK(KSPSetDM(ksp, da));
  LINNET_CHECK(KSPSetDMActive(ksp, PETSC_FALSE));
  LINNET_CHECK(KSPSetType(ksp, KSPCGFUSED));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetTolerances(ksp, rtol, 1e-300, 1e10, 1000));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCBOXMG));
  LINNET_CHECK(multigrid::PCBoxMGSetReuse(pc, reuse));
  stay_on_all_ranks(pc);
  LINNET_CHECK(krylov::KSPCGFusedSetPrecision(ksp, precision));
  Vec b = test::make_vector(da, 5), x, r;
  LINNET_CHECK(VecDuplicate(b, &x));
  LINNET_CHECK(VecDuplicate(b, &r));
  set_zero_in_empty_cells(da, basin(n), b);
  PetscReal size, scale;
  LINNET_CHECK(VecNorm(b, NORM_2, &scale));
  for (const double level : {0.0, 0.1, 0.2}) {
    set_values(da, basin(n, level), a);
    if (p != a && !reuse_pc) set_values(da, basin(n, 0.5 * level), p);
    LINNET_CHECK(KSPSolve(ksp, b, x));
    KSPConvergedReason reason;
    LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
    EXPECT_EQ(reason, KSP_CONVERGED_RTOL);
    LINNET_CHECK(MatMult(a, x, r));
    LINNET_CHECK(VecAYPX(r, -1.0, b));
    LINNET_CHECK(VecNorm(r, NORM_2, &size));
    EXPECT_LE(size, 1.01 * rtol * scale) << level;
    LINNET_CHECK(KSPSetReusePreconditioner(ksp, reuse_pc ? PETSC_TRUE : PETSC_FALSE));
  }
  for (Vec* v : {&b, &x, &r}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(KSPDestroy(&ksp));
}

} // namespace

// What the preconditioner takes for empty is so in the matrix of its set-up alone: of older values,
// or of another matrix.
TEST(SkipEmpty, BelievesNoOlderGeometry) {
  for (const core::Index3& n : {core::Index3{70, 37, 1}, core::Index3{24, 21, 27}})
    for (const multigrid::Reuse reuse : {multigrid::Reuse::never, multigrid::Reuse::automatic})
      for (const bool reuse_pc : {true, false})
        for (const CGFusedPrecision precision : precisions) {
          DM da = test::make_da(PETSC_COMM_WORLD, basin(n));
          Mat a = make_stencil(da, basin(n)), p = make_stencil(da, basin(n));
          expect_true_residuals(da, n, a, a, reuse_pc, reuse, precision);
          expect_true_residuals(da, n, a, p, reuse_pc, reuse, precision);
          for (Mat* m : {&a, &p}) LINNET_CHECK(MatDestroy(m));
          LINNET_CHECK(DMDestroy(&da));
        }
}
