// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// KSP cgfused in mixed precision: as many steps as PETSc's cg, and nothing but the residual of
// double precision ends a solve.
#include "diffusion_problem.hpp"

#include <linnet/krylov/cg_fused.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <utility>

using namespace linnet;
using tests::Configure;
using tests::Outcome;
using tests::Problem;
using tests::solve;

namespace {

constexpr core::Index3 grids[] = {{23, 19, 21}, {70, 45, 1}, {8, 40, 33}};
constexpr KSPNormType norms[] = {KSP_NORM_PRECONDITIONED, KSP_NORM_UNPRECONDITIONED,
                                 KSP_NORM_NATURAL};

// Rounded directions carry noise of 6e-8 times their smoothest part, which A amplifies by its
// condition: with this reaction by 400.
constexpr double reaction = 0.1;

// Grids that move to fewer ranks lend no couplings: these stay on all.
void mixed(KSP ksp) {
  PC pc;
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-pc_boxmg_agglomerate_limit", "100"));
  LINNET_CHECK(PCSetFromOptions(pc));
  LINNET_CHECK(PetscOptionsClearValue(nullptr, "-pc_boxmg_agglomerate_limit"));
  LINNET_CHECK(krylov::KSPCGFusedSetPrecision(ksp, krylov::CGFusedPrecision::mixed));
}

Configure mixed_and(const Configure& more) {
  return [more](KSP ksp) {
    mixed(ksp);
    more(ksp);
  };
}

void flexible(KSP ksp) { LINNET_CHECK(krylov::KSPCGFusedSetFlexible(ksp, PETSC_TRUE)); }

/// Of an iteration: z 4, p 8, row sum 8, w 8; p 4, w 4, x 16, r 8; z 4, r 4; a copy of r in front
/// of cycles that change their input 8; couplings 4 each.
int bytes_of(const core::Index3& n, bool corners) {
  if (n[2] > 1) return corners ? 68 + 8 + 4 * 13 : 68 + 4 * 3;
  return corners ? 68 + 8 + 4 * 4 : 68 + 4 * 2;
}

Mat matrix_of(KSP ksp) {
  Mat a;
  LINNET_CHECK(KSPGetOperators(ksp, &a, nullptr));
  return a;
}

void scale(KSP ksp, double factor) { LINNET_CHECK(MatScale(matrix_of(ksp), factor)); }

/// Rounding may cost a step. The drift before a renewal stays below 1 % of the residual, so norms
/// agree to that until the last one.
void expect_alike(const Outcome& mixed, const Outcome& plain) {
  EXPECT_FALSE(mixed.work.went_on_in_double);
  EXPECT_EQ(mixed.reason, plain.reason);
  EXPECT_LE(mixed.norms.size(), plain.norms.size() + 1);
  EXPECT_LE(mixed.true_residual, 1.01 * plain.true_residual + 1e-8);
  for (std::size_t i = 0; i + 1 < std::min(mixed.norms.size(), plain.norms.size()); ++i)
    EXPECT_NEAR(mixed.norms[i], plain.norms[i], 0.02 * plain.norms[i]) << i;
}

} // namespace

TEST(CgFusedMixed, TakesTheStepsOfCg) {
  for (const auto& n : grids)
    for (const bool corners : {false, true})
      for (const KSPNormType norm : norms) {
        SCOPED_TRACE(KSPNormTypes[norm]);
        Problem one(n, MATSTENCIL, reaction, 0.0, corners),
            two(n, MATSTENCIL, reaction, 0.0, corners),
            three(n, MATSTENCIL, reaction, 0.0, corners);
        const Outcome plain = solve(one, KSPCG, "boxmg", norm);
        EXPECT_GT(plain.reason, 0);
        for (const Outcome& o : {solve(two, KSPCGFUSED, "boxmg", norm, mixed),
                                 solve(three, KSPCGFUSED, "boxmg", norm, mixed_and(flexible))}) {
          expect_alike(o, plain);
          EXPECT_TRUE(o.work.is_mixed);
          EXPECT_GE(o.work.renewals, 1);
          EXPECT_EQ(o.work.bytes, bytes_of(n, corners));
        }
      }
}

// The norm that ends the solve is that of b - A x, here formed once more, up to rounding: 1e-16
// times couplings times x, 1e-8 of the residual. The residual that has been updated since the
// beginning is off by 1e-5 and more.
TEST(CgFusedMixed, EndsByTheTrueResidual) {
  const auto before_the_first_renewal = [](KSP ksp) {
    LINNET_CHECK(KSPSetTolerances(ksp, 3e-4, 1e-300, 1e10, 300));
    LINNET_CHECK(KSPSetInitialGuessNonzero(ksp, PETSC_FALSE));
  };
  for (const double decades : {0.0, 1.0, 2.0, 3.0}) {
    Problem problem(grids[0], MATSTENCIL, 1e-3, decades);
    const Outcome o = solve(problem, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED,
                            mixed_and(before_the_first_renewal));
    EXPECT_GT(o.reason, 0);
    ASSERT_FALSE(o.norms.empty());
    EXPECT_NEAR(o.norms.back(), o.true_norm, 1e-7 * o.true_norm);
  }
}

// Jumps of four orders from point to point: the preconditioner changes its input.
TEST(CgFusedMixed, BearsJumps) {
  Problem one(grids[0], MATSTENCIL, 1e-3, 4.0), two(grids[0], MATSTENCIL, 1e-3, 4.0);
  const Outcome plain = solve(one, KSPCG, "boxmg", KSP_NORM_UNPRECONDITIONED);
  const Outcome o = solve(two, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, mixed);
  EXPECT_GT(o.reason, 0);
  EXPECT_TRUE(o.work.is_mixed);
  EXPECT_LE(o.norms.size(), plain.norms.size() + 2);
}

// Drift grows with the points of a direction. Renewed in time, it stays below 0.3 % of the
// residual, and changes norms by less; renewals at falls by 1e-4 alone change them by more.
TEST(CgFusedMixed, RenewsEarlierOnLongGrids) {
  const core::Index3 n{2048, 24, 1};
  Problem one(n, MATSTENCIL, 1e-5), two(n, MATSTENCIL, 1e-5);
  const Outcome plain = solve(one, KSPCG, "boxmg", KSP_NORM_UNPRECONDITIONED);
  const Outcome o = solve(two, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, mixed);
  EXPECT_TRUE(o.work.is_mixed);
  ASSERT_EQ(o.norms.size(), plain.norms.size());
  for (std::size_t i = 0; i < plain.norms.size(); ++i)
    EXPECT_NEAR(o.norms[i], plain.norms[i], 1e-3 * plain.norms[i]) << i;
}

TEST(CgFusedMixed, BearsMonitorsThatUseThePreconditioner) {
  for (const KSPNormType norm : norms) {
    Problem one(grids[0], MATSTENCIL, reaction), two(grids[0], MATSTENCIL, reaction);
    expect_alike(solve(two, KSPCGFUSED, "boxmg", norm, mixed_and(tests::watch_with_preconditioner)),
                 solve(one, KSPCG, "boxmg", norm));
  }
}

TEST(CgFusedMixed, KeepsToTheComplementOfANullSpace) {
  const auto attach = [](KSP ksp) {
    MatNullSpace constant;
    LINNET_CHECK(MatNullSpaceCreate(PETSC_COMM_WORLD, PETSC_TRUE, 0, nullptr, &constant));
    LINNET_CHECK(MatSetNullSpace(matrix_of(ksp), constant));
    LINNET_CHECK(MatNullSpaceDestroy(&constant));
    LINNET_CHECK(KSPSetInitialGuessNonzero(ksp, PETSC_FALSE));
  };
  Problem one(grids[0], MATSTENCIL, 0.0), two(grids[0], MATSTENCIL, 0.0);
  const Outcome plain = solve(one, KSPCG, "boxmg", KSP_NORM_PRECONDITIONED, attach);
  const Outcome o = solve(two, KSPCGFUSED, "boxmg", KSP_NORM_PRECONDITIONED, mixed_and(attach));
  EXPECT_TRUE(o.work.is_mixed);
  expect_alike(o, plain);
}

// The couplings that the preconditioner keeps are not those of the matrix any more.
TEST(CgFusedMixed, MultipliesByTheMatrixAsItIsNow) {
  const auto age = [](KSP ksp) {
    LINNET_CHECK(KSPSetUp(ksp));
    LINNET_CHECK(KSPSetReusePreconditioner(ksp, PETSC_TRUE));
    scale(ksp, 1.5);
  };
  Problem one(grids[0], MATSTENCIL, reaction), two(grids[0], MATSTENCIL, reaction);
  const Outcome o = solve(two, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, mixed_and(age));
  expect_alike(o, solve(one, KSPCG, "boxmg", KSP_NORM_UNPRECONDITIONED, age));
  EXPECT_FALSE(o.work.is_mixed);
}

// Far out of the range of single precision.
TEST(CgFusedMixed, BearsAnyScale) {
  for (const double factor : {1e-150, 1e150}) {
    const auto shrink = [factor](KSP ksp) {
      scale(ksp, factor);
      LINNET_CHECK(KSPSetInitialGuessNonzero(ksp, PETSC_FALSE));
    };
    Problem one(grids[0], MATSTENCIL, reaction), two(grids[0], MATSTENCIL, reaction);
    expect_alike(solve(two, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, mixed_and(shrink)),
                 solve(one, KSPCG, "boxmg", KSP_NORM_UNPRECONDITIONED, shrink));
  }
}

// More digits than even double precision has: it goes on there, and ends as cg does.
TEST(CgFusedMixed, GoesOnInDoublePrecision) {
  const auto all_digits = [](KSP ksp) {
    LINNET_CHECK(KSPSetTolerances(ksp, 1e-18, 1e-300, 1e10, 100));
  };
  Problem one(grids[0], MATSTENCIL, reaction), two(grids[0], MATSTENCIL, reaction);
  const Outcome plain = solve(one, KSPCG, "boxmg", KSP_NORM_UNPRECONDITIONED, all_digits);
  const Outcome o =
      solve(two, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, mixed_and(all_digits));
  EXPECT_EQ(o.reason, plain.reason);
  EXPECT_TRUE(o.work.went_on_in_double);
  EXPECT_LT(o.true_residual, 1e-14);
}

TEST(CgFusedMixed, StopsWhereCgStops) {
  const auto few = [](KSP ksp) { LINNET_CHECK(KSPSetTolerances(ksp, 1e-8, 1e-300, 1e10, 3)); };
  Problem one(grids[0]);
  EXPECT_EQ(solve(one, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, mixed_and(few)).reason,
            KSP_DIVERGED_ITS);
  Problem two(grids[0]);
  const auto not_a_number = [](KSP ksp) {
    LINNET_CHECK(KSPSetPreSolve(
        ksp,
        [](KSP, Vec b, Vec, void*) -> PetscErrorCode {
          return VecSet(b, std::numeric_limits<double>::quiet_NaN());
        },
        nullptr));
  };
  EXPECT_EQ(
      solve(two, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, mixed_and(not_a_number)).reason,
      KSP_DIVERGED_NANORINF);
  // Anything but fields takes PETSc's operations, in double precision.
  Problem three(grids[0], MATAIJ), four(grids[0], MATAIJ);
  const Outcome plain = solve(three, KSPCG, PCJACOBI, KSP_NORM_UNPRECONDITIONED);
  const Outcome vecs = solve(four, KSPCGFUSED, PCJACOBI, KSP_NORM_UNPRECONDITIONED, mixed);
  EXPECT_EQ(plain.norms.size(), vecs.norms.size());
}

namespace {

/// A KSP for one problem after the other.
class Solver {
public:
  Solver() {
    PC pc;
    LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp_));
    LINNET_CHECK(KSPSetType(ksp_, KSPCGFUSED));
    LINNET_CHECK(KSPGetPC(ksp_, &pc));
    LINNET_CHECK(PCSetType(pc, "boxmg"));
    LINNET_CHECK(KSPSetNormType(ksp_, KSP_NORM_UNPRECONDITIONED));
    LINNET_CHECK(KSPSetTolerances(ksp_, 1e-8, 1e-300, 1e10, 100));
    mixed(ksp_);
  }
  ~Solver() { KSPDestroy(&ksp_); }
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  void take(const Problem& problem, bool reset = true) {
    if (reset) LINNET_CHECK(KSPReset(ksp_));
    LINNET_CHECK(KSPSetOperators(ksp_, problem.matrix(), problem.matrix()));
    LINNET_CHECK(KSPSetDM(ksp_, problem.da()));
    LINNET_CHECK(KSPSetDMActive(ksp_, PETSC_FALSE));
  }
  KSPConvergedReason solve(Vec b, Vec x) {
    KSPConvergedReason reason;
    LINNET_CHECK(KSPSolve(ksp_, b, x));
    LINNET_CHECK(KSPGetConvergedReason(ksp_, &reason));
    return reason;
  }
  [[nodiscard]] krylov::CGFusedWork work() const {
    krylov::CGFusedWork w;
    LINNET_CHECK(krylov::KSPCGFusedGetWork(ksp_, &w));
    return w;
  }
  [[nodiscard]] KSP ksp() const { return ksp_; }

private:
  KSP ksp_ = nullptr;
};

double residual_norm(const Problem& problem, Vec b, Vec x) {
  Vec r;
  PetscReal size;
  LINNET_CHECK(VecDuplicate(b, &r));
  LINNET_CHECK(MatMult(problem.matrix(), x, r));
  LINNET_CHECK(VecAYPX(r, -1.0, b));
  LINNET_CHECK(VecNorm(r, NORM_2, &size));
  LINNET_CHECK(VecDestroy(&r));
  return size;
}

double relative_residual(const Problem& problem, Vec b, Vec x) {
  PetscReal scale;
  LINNET_CHECK(VecNorm(b, NORM_2, &scale));
  return residual_norm(problem, b, x) / scale;
}

} // namespace

// Memory that is kept from one solve to the next: the same again, a grid of as many points that is
// cut another way, other patterns.
TEST(CgFusedMixed, KeepsNothingOfTheGridBefore) {
  Solver solver;
  int solves = 0;
  core::Index3 before{0, 0, 0};
  for (const auto& [n, corners] : {std::pair{core::Index3{96, 48, 1}, true},
                                   {core::Index3{48, 96, 1}, true},
                                   {core::Index3{96, 48, 1}, false},
                                   {core::Index3{24, 20, 16}, true},
                                   {core::Index3{16, 20, 24}, true},
                                   {core::Index3{24, 20, 16}, false}}) {
    Problem problem(n, MATSTENCIL, reaction, 0.0, corners);
    // PETSc wants a reset where the number of rows changes.
    solver.take(problem, core::volume(n) != core::volume(before));
    before = n;
    for (int time = 0; time < 2; ++time) {
      Vec b = problem.random(-1.0, 2.0), x = problem.random(0.0, 1.0);
      EXPECT_EQ(solver.solve(b, x), KSP_CONVERGED_RTOL);
      EXPECT_LE(relative_residual(problem, b, x), 1.0001e-8);
      EXPECT_TRUE(solver.work().is_mixed);
      EXPECT_GE(solver.work().renewals, ++solves);
      for (Vec* v : {&b, &x}) LINNET_CHECK(VecDestroy(v));
    }
  }
}

// Nothing to do, and right-hand sides out of the range of single precision.
TEST(CgFusedMixed, BearsAnyRightHandSide) {
  Problem problem(grids[0], MATSTENCIL, reaction);
  Solver solver;
  solver.take(problem);
  Vec b = problem.random(-1.0, 2.0), x = problem.random(0.0, 1.0);
  for (const double scale : {1e-100, 1e100}) {
    LINNET_CHECK(VecScale(b, scale));
    EXPECT_EQ(solver.solve(b, x), KSP_CONVERGED_RTOL);
    EXPECT_LE(relative_residual(problem, b, x), 1.0001e-8);
    LINNET_CHECK(VecScale(b, 1.0 / scale));
  }
  LINNET_CHECK(VecSet(b, 0.0));
  EXPECT_GT(solver.solve(b, x), 0);
  PetscReal size;
  LINNET_CHECK(VecNorm(x, NORM_INFINITY, &size));
  EXPECT_EQ(size, 0.0);
  for (Vec* v : {&b, &x}) LINNET_CHECK(VecDestroy(v));
}

// The first residual is not of the size of the right-hand side, which at the ends single precision
// has no place for.
TEST(CgFusedMixed, BearsAnyGuess) {
  for (const auto& [scale_b, scale_x] :
       {std::pair{1.0, 1e-30}, {1.0, 1.0}, {1.0, 1e30}, {1.0, 1e60}, {0.0, 1e60}, {0.0, 1e-60}}) {
    SCOPED_TRACE(scale_x);
    Problem problem(grids[0], MATSTENCIL, reaction);
    Solver solver;
    solver.take(problem);
    LINNET_CHECK(KSPSetInitialGuessNonzero(solver.ksp(), PETSC_TRUE));
    LINNET_CHECK(KSPConvergedDefaultSetUIRNorm(solver.ksp()));
    Vec b = problem.random(-scale_b, 2.0 * scale_b), x = problem.random(0.0, scale_x);
    const double before = residual_norm(problem, b, x);
    EXPECT_EQ(solver.solve(b, x), KSP_CONVERGED_RTOL);
    EXPECT_LE(residual_norm(problem, b, x), 1.0001e-8 * before);
    EXPECT_TRUE(solver.work().is_mixed);
    EXPECT_FALSE(solver.work().went_on_in_double);
    for (Vec* v : {&b, &x}) LINNET_CHECK(VecDestroy(v));
  }
}

// What is no number ends a solve and leaves nothing behind in the preconditioner.
TEST(CgFusedMixed, ForgetsWhatWasNoNumber) {
  for (const KSPNormType norm :
       {KSP_NORM_PRECONDITIONED, KSP_NORM_UNPRECONDITIONED, KSP_NORM_NATURAL, KSP_NORM_NONE})
    for (const bool single : {true, false}) {
      SCOPED_TRACE(KSPNormTypes[norm]);
      Problem problem(grids[0], MATSTENCIL, reaction);
      Solver solver;
      solver.take(problem);
      if (!single)
        LINNET_CHECK(krylov::KSPCGFusedSetPrecision(solver.ksp(), krylov::CGFusedPrecision::fp64));
      LINNET_CHECK(KSPSetNormType(solver.ksp(), norm));
      if (norm == KSP_NORM_NONE)
        LINNET_CHECK(KSPSetConvergenceTest(solver.ksp(), KSPConvergedSkip, nullptr, nullptr));
      LINNET_CHECK(KSPSetTolerances(solver.ksp(), 1e-8, 1e-300, 1e10, 30));
      Vec b = problem.random(-1.0, 2.0), x = problem.random(0.0, 1.0), bad;
      LINNET_CHECK(VecDuplicate(b, &bad));
      for (const double value :
           {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        LINNET_CHECK(VecSet(bad, value));
        EXPECT_EQ(solver.solve(bad, x), KSP_DIVERGED_NANORINF);
      }
      LINNET_CHECK(VecSet(x, 0.0));
      EXPECT_GT(solver.solve(b, x), 0);
      EXPECT_LT(relative_residual(problem, b, x), 1e-6);
      for (Vec* v : {&b, &x, &bad}) LINNET_CHECK(VecDestroy(v));
    }
}

// The matrix remembers its magnitude from when it was set; after other changes it is found again.
TEST(CgFusedMixed, HasTheSameBitsWhereTheMagnitudeIsNotKnown) {
  const auto forget = [](KSP ksp) {
    scale(ksp, 2.0);
    scale(ksp, 0.5);
  };
  Problem one(grids[0], MATSTENCIL, reaction), two(grids[0], MATSTENCIL, reaction);
  const Outcome known = solve(one, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, mixed),
                found =
                    solve(two, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, mixed_and(forget));
  EXPECT_EQ(known.norms, found.norms);
}

// Without norms all steps are taken, and none is spent on a residual that decides nothing.
TEST(CgFusedMixed, TakesAllStepsWithoutNorms) {
  Problem problem(grids[0], MATSTENCIL, reaction);
  Solver solver;
  solver.take(problem);
  LINNET_CHECK(KSPSetNormType(solver.ksp(), KSP_NORM_NONE));
  LINNET_CHECK(KSPSetConvergenceTest(solver.ksp(), KSPConvergedSkip, nullptr, nullptr));
  LINNET_CHECK(KSPSetTolerances(solver.ksp(), 1e-8, 1e-300, 1e10, 3));
  Vec b = problem.random(-1.0, 2.0), x = problem.random(0.0, 1.0);
  EXPECT_EQ(solver.solve(b, x), KSP_CONVERGED_ITS);
  EXPECT_EQ(solver.work().renewals, 0);
  EXPECT_LT(relative_residual(problem, b, x), 1e-2);
  for (Vec* v : {&b, &x}) LINNET_CHECK(VecDestroy(v));
}

TEST(CgFusedMixed, IsAnOption) {
  Problem problem(grids[0], MATSTENCIL, reaction);
  const Outcome o = solve(problem, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, [](KSP ksp) {
    mixed(ksp);
    LINNET_CHECK(krylov::KSPCGFusedSetPrecision(ksp, krylov::CGFusedPrecision::fp64));
    LINNET_CHECK(PetscOptionsSetValue(nullptr, "-ksp_cgfused_precision", "mixed"));
    LINNET_CHECK(KSPSetFromOptions(ksp));
    LINNET_CHECK(PetscOptionsClearValue(nullptr, "-ksp_cgfused_precision"));
  });
  EXPECT_TRUE(o.work.is_mixed);
}
