// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// When boxmg keeps the hierarchy of older matrix values (-pc_boxmg_reuse auto).
#include "diffusion_matrix.hpp"

#include <linnet/multigrid/pc_boxmg.hpp>
#include <linnet/multigrid/reuse_rule.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;
using linnet::test::DiffusionCase;

namespace {

/// One KSP that meets a sequence of matrices, as in a time loop.
class Sequence {
public:
  explicit Sequence(const DiffusionCase& first, multigrid::Reuse reuse,
                    MPI_Comm comm = PETSC_COMM_WORLD,
                    multigrid::CoarseOperators coarse = multigrid::CoarseOperators::galerkin) {
    da_ = test::make_da(comm, first);
    a_ = test::make_matrix(da_, first);
    b_ = test::make_vector(da_, 5);
    LINNET_CHECK(VecDuplicate(b_, &x_));
    LINNET_CHECK(KSPCreate(comm, &ksp_));
    LINNET_CHECK(KSPSetType(ksp_, KSPCG));
    LINNET_CHECK(KSPSetDM(ksp_, da_));
    LINNET_CHECK(KSPSetDMActive(ksp_, PETSC_FALSE));
    PC pc;
    LINNET_CHECK(KSPGetPC(ksp_, &pc));
    LINNET_CHECK(PCSetType(pc, "boxmg"));
    LINNET_CHECK(multigrid::PCBoxMGSetReuse(pc, reuse));
    LINNET_CHECK(multigrid::PCBoxMGSetCoarse(pc, coarse));
    LINNET_CHECK(KSPSetNormType(ksp_, KSP_NORM_UNPRECONDITIONED));
    set_most_iterations(200);
  }
  ~Sequence() {
    KSPDestroy(&ksp_);
    VecDestroy(&x_);
    VecDestroy(&b_);
    MatDestroy(&a_);
    DMDestroy(&da_);
  }
  Sequence(const Sequence&) = delete;
  Sequence& operator=(const Sequence&) = delete;

  void set_most_iterations(PetscInt most) {
    LINNET_CHECK(KSPSetTolerances(ksp_, 1e-8, 1e-300, PETSC_DEFAULT, most));
  }
  /// Iterations for the values of @p c, -1 if CG failed.
  int solve(const DiffusionCase& c) {
    Mat values = test::make_matrix(da_, c);
    LINNET_CHECK(MatCopy(values, a_, SAME_NONZERO_PATTERN));
    LINNET_CHECK(MatDestroy(&values));
    LINNET_CHECK(KSPSetOperators(ksp_, a_, a_));
    LINNET_CHECK(KSPSolve(ksp_, b_, x_));
    PetscInt iterations;
    KSPConvergedReason reason;
    LINNET_CHECK(KSPGetIterationNumber(ksp_, &iterations));
    LINNET_CHECK(KSPGetConvergedReason(ksp_, &reason));
    return reason > 0 ? static_cast<int>(iterations) : -1;
  }
  /// Set-ups that built the hierarchy anew.
  int refreshes() {
    PC pc;
    PetscInt updates, reuses;
    LINNET_CHECK(KSPGetPC(ksp_, &pc));
    LINNET_CHECK(multigrid::PCBoxMGGetReuse(pc, &updates, &reuses));
    return static_cast<int>(updates - reuses);
  }

private:
  DM da_ = nullptr;
  Mat a_ = nullptr;
  Vec b_ = nullptr, x_ = nullptr;
  KSP ksp_ = nullptr;
};

DiffusionCase cube(std::function<double(int, int, int)> kappa) {
  DiffusionCase c;
  c.points = {24, 22, 26};
  c.kappa = std::move(kappa);
  return c;
}

/// Blocks whose coefficients drift apart: 10^(t * noise).
DiffusionCase drifting(double t) {
  const auto noise = test::random_kappa(10.0, 17);
  return cube([=](int i, int j, int k) { return std::pow(noise(i / 4, j / 4, k / 4), t); });
}

} // namespace

TEST(BoxmgReuse, NeverIsTheDefaultRule) {
  Sequence s(drifting(0.0), multigrid::Reuse::never);
  for (int step = 0; step < 3; ++step) EXPECT_GT(s.solve(drifting(0.0)), 0);
  EXPECT_EQ(s.refreshes(), 3);
}

TEST(BoxmgReuse, ValuesThatStayOrAreScaledCostNoSetUp) {
  Sequence s(drifting(1.0), multigrid::Reuse::automatic);
  const int fresh = s.solve(drifting(1.0));
  EXPECT_EQ(s.solve(drifting(1.0)), fresh);
  DiffusionCase scaled = drifting(1.0);
  scaled.scale = 1e9;
  EXPECT_EQ(s.solve(scaled), fresh);
  EXPECT_EQ(s.refreshes(), 1);
}

// A hierarchy that serves b kappa with 1 <= b <= r has a condition number at most r times larger,
// and CG takes at most about sqrt(r) times the iterations.
TEST(BoxmgReuse, RefreshesOnceTheLossesAddUpToItsPrice) {
  Sequence reused(drifting(0.0), multigrid::Reuse::automatic);
  Sequence fresh(drifting(0.0), multigrid::Reuse::never);
  int lost = 0, most = 0;
  for (int step = 0; step < 20; ++step) {
    const DiffusionCase c = drifting(0.05 * step);
    const int best = fresh.solve(c), taken = reused.solve(c);
    ASSERT_GT(best, 0);
    ASSERT_GT(taken, 0);
    lost += taken - best;
    most = std::max(most, taken - best);
  }
  EXPECT_GT(reused.refreshes(), 1);
  EXPECT_LT(reused.refreshes(), 10);
  // Between two refreshes the losses stop growing as soon as they reach the price.
  EXPECT_LE(lost, reused.refreshes() * (multigrid::ReuseRule::refresh_price + most));
}

// Coefficients that change too fast: after tries in vain the pauses grow, 1, 3, 7, ... set-ups.
TEST(BoxmgReuse, PausesWhereItDoesNotPay) {
  Sequence s(drifting(0.0), multigrid::Reuse::automatic);
  for (int step = 0; step < 40; ++step) ASSERT_GT(s.solve(drifting(step % 2 ? 1.2 : 0.0)), 0);
  EXPECT_GE(s.refreshes(), 34);
}

// Mild coefficients: the cycle on stars is cheap to set up.
TEST(BoxmgReuse, StarsAreAlwaysSetUpAnew) {
  Sequence s(drifting(0.5), multigrid::Reuse::automatic, PETSC_COMM_WORLD,
             multigrid::CoarseOperators::automatic);
  for (int step = 0; step < 4; ++step) EXPECT_GT(s.solve(drifting(0.5)), 0);
  EXPECT_EQ(s.refreshes(), 4);
}

TEST(BoxmgReuse, JumpsDoNotWait) {
  DiffusionCase c = drifting(0.0);
  Sequence s(c, multigrid::Reuse::automatic);
  s.solve(c);
  c.kappa = test::block_kappa(1e4, 4, 3);
  Sequence alone(c, multigrid::Reuse::never);
  EXPECT_EQ(s.solve(c), alone.solve(c));
  EXPECT_EQ(s.refreshes(), 2);
}

// An obstacle that appears changes couplings to zero, one that vanishes zeros to couplings.
TEST(BoxmgReuse, ObstaclesMayStayButNotMove) {
  const auto ball = [](double x) {
    return cube([x](int i, int j, int k) {
      const double r2 = (i - x) * (i - x) + (j - 11) * (j - 11) + (k - 13) * (k - 13);
      return r2 < 20 ? 0.0 : 1.0;
    });
  };
  Sequence s(ball(10), multigrid::Reuse::automatic);
  const int fresh = s.solve(ball(10));
  EXPECT_EQ(s.solve(ball(10)), fresh);
  EXPECT_EQ(s.refreshes(), 1);
  Sequence moved(ball(12), multigrid::Reuse::never);
  EXPECT_EQ(s.solve(ball(12)), moved.solve(ball(12)));
  EXPECT_EQ(s.refreshes(), 2);
}

TEST(BoxmgReuse, AFailedSolveForcesARefresh) {
  Sequence s(drifting(0.5), multigrid::Reuse::automatic);
  s.set_most_iterations(2);
  EXPECT_EQ(s.solve(drifting(0.5)), -1);
  s.set_most_iterations(200);
  EXPECT_GT(s.solve(drifting(0.5)), 0);
  EXPECT_EQ(s.refreshes(), 2);
}

TEST(BoxmgReuse, DoesNotDependOnTheNumberOfRanks) {
  Sequence all(drifting(0.0), multigrid::Reuse::automatic);
  Sequence self(drifting(0.0), multigrid::Reuse::automatic, PETSC_COMM_SELF);
  for (int step = 0; step < 8; ++step) {
    const DiffusionCase c = drifting(0.1 * step);
    EXPECT_EQ(all.solve(c), self.solve(c));
    EXPECT_EQ(all.refreshes(), self.refreshes());
  }
}
