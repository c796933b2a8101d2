// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// KSP cgfused against PETSc's cg: the same residuals step by step, on fields and on Vecs, and the
// same reasons to stop.
#include "diffusion_problem.hpp"

#include <linnet/krylov/cg_fused.hpp>

#include <gtest/gtest.h>

using namespace linnet;
using tests::Outcome;
using tests::Problem;
using tests::solve;

namespace {

void expect_same(const Outcome& fused, const Outcome& plain, double tolerance) {
  EXPECT_EQ(fused.reason, plain.reason);
  ASSERT_EQ(fused.norms.size(), plain.norms.size());
  for (std::size_t i = 0; i < plain.norms.size(); ++i)
    EXPECT_NEAR(fused.norms[i], plain.norms[i], tolerance * plain.norms[0]) << i;
}

const core::Index3 grids[] = {{23, 19, 21}, {70, 45, 1}, {8, 40, 33}};
const KSPNormType norms[] = {KSP_NORM_PRECONDITIONED, KSP_NORM_UNPRECONDITIONED, KSP_NORM_NATURAL};

void flexible(KSP ksp) { LINNET_CHECK(krylov::KSPCGFusedSetFlexible(ksp, PETSC_TRUE)); }

} // namespace

// Sums in another order change r by 1e-16, which may turn the last digit of its cast to fp32, 6e-8.
TEST(CgFused, OnFieldsTakesTheStepsOfCg) {
  for (const auto& n : grids)
    for (const KSPNormType norm : norms) {
      Problem one(n), two(n), three(n);
      SCOPED_TRACE(KSPNormTypes[norm]);
      const Outcome plain = solve(one, KSPCG, "boxmg", norm);
      EXPECT_GT(plain.reason, 0);
      expect_same(solve(two, KSPCGFUSED, "boxmg", norm), plain, 1e-6);
      expect_same(solve(three, KSPCGFUSED, "boxmg", norm, flexible), plain, 1e-6);
    }
}

TEST(CgFused, OnVecsTakesTheStepsOfCg) {
  for (const KSPNormType norm : norms)
    for (const char* type : {MATSTENCIL, MATAIJ}) {
      Problem one(grids[0], type), two(grids[0], type), three(grids[0], type);
      const Outcome plain = solve(one, KSPCG, PCJACOBI, norm);
      EXPECT_GT(plain.reason, 0);
      expect_same(solve(two, KSPCGFUSED, PCJACOBI, norm), plain, 1e-9);
      expect_same(solve(three, KSPCGFUSED, PCJACOBI, norm, flexible), plain, 1e-9);
    }
}

TEST(CgFused, BearsMonitorsThatUseThePreconditioner) {
  for (const KSPNormType norm : norms) {
    Problem one(grids[0]), two(grids[0]);
    const Outcome plain = solve(one, KSPCG, "boxmg", norm);
    expect_same(solve(two, KSPCGFUSED, "boxmg", norm, tests::watch_with_preconditioner), plain,
                1e-6);
  }
}

TEST(CgFused, ReachesTheTrueResidual) {
  Problem problem(grids[0]);
  const Outcome o = solve(problem, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, [](KSP ksp) {
    LINNET_CHECK(KSPSetTolerances(ksp, 1e-12, 1e-300, 1e10, 60));
  });
  EXPECT_GT(o.reason, 0);
  EXPECT_LT(o.true_residual, 1e-11);
}

TEST(CgFused, KeepsToTheComplementOfANullSpace) {
  const auto attach = [](KSP ksp) {
    Mat a;
    MatNullSpace constant;
    LINNET_CHECK(KSPGetOperators(ksp, &a, nullptr));
    LINNET_CHECK(MatNullSpaceCreate(PETSC_COMM_WORLD, PETSC_TRUE, 0, nullptr, &constant));
    LINNET_CHECK(MatSetNullSpace(a, constant));
    LINNET_CHECK(MatNullSpaceDestroy(&constant));
    LINNET_CHECK(KSPSetInitialGuessNonzero(ksp, PETSC_FALSE));
  };
  Problem one(grids[0], MATSTENCIL, 0.0), two(grids[0], MATSTENCIL, 0.0);
  const Outcome plain = solve(one, KSPCG, "boxmg", KSP_NORM_PRECONDITIONED, attach);
  EXPECT_GT(plain.reason, 0);
  expect_same(solve(two, KSPCGFUSED, "boxmg", KSP_NORM_PRECONDITIONED, attach), plain, 1e-6);
}

TEST(CgFused, StopsWhereCgStops) {
  const auto shifted = [](KSP ksp) {
    Mat a;
    LINNET_CHECK(KSPGetOperators(ksp, &a, nullptr));
    LINNET_CHECK(MatShift(a, -4.0)); // indefinite
  };
  Problem one(grids[0], MATAIJ), two(grids[0], MATAIJ);
  const Outcome plain = solve(one, KSPCG, PCNONE, KSP_NORM_UNPRECONDITIONED, shifted);
  const Outcome fused = solve(two, KSPCGFUSED, PCNONE, KSP_NORM_UNPRECONDITIONED, shifted);
  EXPECT_EQ(plain.reason, KSP_DIVERGED_INDEFINITE_MAT);
  expect_same(fused, plain, 1e-9);
  const auto few = [](KSP ksp) { LINNET_CHECK(KSPSetTolerances(ksp, 1e-8, 1e-300, 1e10, 3)); };
  Problem three(grids[0]), four(grids[0]);
  const Outcome short_plain = solve(three, KSPCG, "boxmg", KSP_NORM_UNPRECONDITIONED, few);
  EXPECT_EQ(short_plain.reason, KSP_DIVERGED_ITS);
  expect_same(solve(four, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, few), short_plain, 1e-6);
}
