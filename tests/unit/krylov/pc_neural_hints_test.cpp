// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A network between sweeps of a smoother: the sweeps are PETSc's, the step minimises the residual,
// and no network, however bad, costs more than its share of the smoother's iterations.
#include "neural_case.hpp"

#include <linnet/krylov/hints_cycle.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace linnet;
using core::Owned;
using test::DiffusionCase;
using test::expect_contains;
using test::grid_of;
using test::NeuralCase;
using test::Outcome;
using test::solve;

namespace {

const char* const trained = LINNET_MODELS "/npsdo_clutter_32.model.h5";

Owned<Vec> like(Vec v, double value) {
  Vec w = nullptr;
  LINNET_CHECK(VecDuplicate(v, &w));
  LINNET_CHECK(VecSet(w, value));
  return Owned<Vec>(w);
}

/// |x - y| / |y|.
double distance(Vec x, Vec y) {
  const Owned<Vec> d = like(x, 0.0);
  PetscReal error = 0.0, size = 0.0;
  LINNET_CHECK(VecWAXPY(d.get(), -1.0, y, x));
  LINNET_CHECK(VecNorm(d.get(), NORM_2, &error));
  LINNET_CHECK(VecNorm(y, NORM_2, &size));
  return error / size;
}

krylov::NeuralInfo info_of(PC pc) {
  krylov::NeuralInfo info;
  LINNET_CHECK(krylov::PCNeuralGetInfo(pc, &info));
  return info;
}

void smooth_by(PC pc, const char* type, PetscInt sweeps, double damping = 0.0) {
  PC smoother = nullptr;
  LINNET_CHECK(krylov::PCNeuralSetSweeps(pc, sweeps));
  LINNET_CHECK(krylov::PCNeuralSetSmootherDamping(pc, damping));
  LINNET_CHECK(krylov::PCNeuralGetSmoother(pc, &smoother));
  LINNET_CHECK(PCSetType(smoother, type));
}

/// That many iterations of PETSc's own with one of its own preconditioners.
Owned<Vec> relaxed(Mat A, Vec r, const char* type, PetscInt sweeps, double damping) {
  KSP ksp = nullptr;
  PC pc = nullptr;
  Owned<Vec> z = like(r, 0.0);
  LINNET_CHECK(KSPCreate(PetscObjectComm(reinterpret_cast<PetscObject>(A)), &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, A, A));
  LINNET_CHECK(KSPSetType(ksp, KSPRICHARDSON));
  LINNET_CHECK(KSPRichardsonSetScale(ksp, damping));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_NONE));
  LINNET_CHECK(KSPSetTolerances(ksp, PETSC_DEFAULT, PETSC_DEFAULT, PETSC_DEFAULT, sweeps));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, type));
  LINNET_CHECK(KSPSolve(ksp, r, z.get()));
  LINNET_CHECK(KSPDestroy(&ksp));
  return z;
}

/// One that says nothing, or noise.
enum class Useless { nothing, noise };

nn::Model useless_model(int dimension, Useless kind) {
  nn::Model model = test::random_model(test::small_graph(dimension));
  for (const nn::ParameterBlock& block : model.graph.parameters.blocks())
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
      if (kind == Useless::nothing) model.parameters(i) = 0.0F;
  return model;
}

/// A tank with walls, open at the top: air above the layer k = 14 of 16 holds a value.
DiffusionCase tank(const std::function<double(int, int, int)>& kappa) {
  DiffusionCase c = grid_of(3, {16, 16, 16});
  c.dirichlet = false;
  c.kappa = [kappa](int i, int j, int k) { return k == 15 ? 0.0 : kappa(i, j, k); };
  return c;
}
void open_top(const NeuralCase& c) {
  DMDALocalInfo info;
  LINNET_CHECK(DMDAGetLocalInfo(c.da(), &info));
  const PetscScalar one = 1.0;
  if (info.zs <= 14 && 14 < info.zs + info.zm)
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i) {
        const MatStencil row{14, j, i, 0};
        LINNET_CHECK(MatSetValuesStencil(c.matrix(), 1, &row, 1, &row, &one, ADD_VALUES));
      }
  LINNET_CHECK(MatAssemblyBegin(c.matrix(), MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(c.matrix(), MAT_FINAL_ASSEMBLY));
}

/// The diagonal matrix 1, 2, 3, 1, 2, 3, ... and a residual of ones.
struct Diagonal {
  explicit Diagonal(PetscInt n) {
    Mat a = nullptr;
    PetscInt first = 0, last = 0;
    LINNET_CHECK(MatCreateAIJ(PETSC_COMM_WORLD, n, n, PETSC_DETERMINE, PETSC_DETERMINE, 1, nullptr,
                              0, nullptr, &a));
    matrix.reset(a);
    LINNET_CHECK(MatGetOwnershipRange(a, &first, &last));
    for (PetscInt i = first; i < last; ++i)
      LINNET_CHECK(MatSetValue(a, i, i, 1.0 + static_cast<double>(i % 3), INSERT_VALUES));
    LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
    LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
    LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &outer));
    LINNET_CHECK(PCSetOperators(outer, a, a));
  }
  ~Diagonal() { PCDestroy(&outer); }
  Diagonal(const Diagonal&) = delete;
  Diagonal& operator=(const Diagonal&) = delete;
  Owned<Mat> matrix;
  PC outer = nullptr;
};

class PcNeuralHints : public ::testing::Test {
protected:
  std::string file(const nn::Model& model) {
    const std::string path = scratch_ / "model.h5";
    nn::save_model(PETSC_COMM_WORLD, path, model);
    return path;
  }
  test::Scratch scratch_;
};

} // namespace

// Whatever the output held before.
TEST_F(PcNeuralHints, SweepsAloneArePetscsOwn) {
  const std::string path = file(useless_model(2, Useless::nothing));
  struct Sweep {
    const char* type;
    double damping, expected;
  };
  // 1.4 over the largest sum of |a_ij| / |a_ii|, which is 2; repeated by PETSc; by the cycle.
  for (const Sweep& s : {Sweep{PCJACOBI, 0.0, 0.7}, Sweep{PCSOR, 0.0, 1.0}, Sweep{PCSOR, 0.8, 0.8}})
    for (const PetscInt m : {1, 3}) {
      const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {14, 11, 1}, true), path);
      smooth_by(many.pc(), s.type, m, s.damping);
      const Owned<Vec> r(test::make_vector(many.da(), 5));
      // Sweeps around a step that is refused, and in one go without the network.
      for (int application = 0; application < 4; ++application) {
        const Owned<Vec> z = like(r.get(), std::numeric_limits<double>::quiet_NaN());
        LINNET_CHECK(PCApply(many.pc(), r.get(), z.get()));
        const Owned<Vec> expected = relaxed(many.matrix(), r.get(), s.type, 2 * m, s.expected);
        EXPECT_LE(distance(z.get(), expected.get()), 1e-13) << s.type << m << application;
      }
      EXPECT_NEAR(info_of(many.pc()).damping, s.expected, 1e-12);
    }
}

// Multigrid repeats itself from what the output holds.
TEST_F(PcNeuralHints, MultigridSweepsStartFromZero) {
  const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {14, 11, 1}),
                        file(useless_model(2, Useless::nothing)));
  smooth_by(many.pc(), PCGAMG, 1);
  const Owned<Vec> r(test::make_vector(many.da(), 5)), from_zero = like(r.get(), 0.0),
                                                       z = like(r.get(), 0.0);
  LINNET_CHECK(PCApply(many.pc(), r.get(), from_zero.get()));
  // Around a step that is refused, and without the network after three refusals.
  for (int application = 1; application < 5; ++application) {
    LINNET_CHECK(VecSet(z.get(), 1e3));
    LINNET_CHECK(PCApply(many.pc(), r.get(), z.get()));
    EXPECT_LE(distance(z.get(), from_zero.get()), 1e-13) << application;
  }
}

// The error itself, of any sign and length, ends the residual.
TEST_F(PcNeuralHints, TheStepMinimisesTheResidual) {
  const Diagonal d(9);
  Vec r = nullptr;
  LINNET_CHECK(MatCreateVecs(d.matrix.get(), nullptr, &r));
  const Owned<Vec> owned(r);
  LINNET_CHECK(VecSet(r, 1.0));
  const Owned<Vec> diagonal = like(r, 0.0), z = like(r, 3.0), exact = like(r, 0.0);
  LINNET_CHECK(MatGetDiagonal(d.matrix.get(), diagonal.get()));
  LINNET_CHECK(VecPointwiseDivide(exact.get(), r, diagonal.get()));
  for (const double factor : {1.0, -7.0, 1e-9}) {
    krylov::HintsCycle cycle([&](Vec rest, PetscReal norm, Vec step) -> PetscErrorCode {
      PetscReal found = 0.0;
      PetscFunctionBeginUser;
      PetscCall(VecNorm(rest, NORM_2, &found));
      EXPECT_DOUBLE_EQ(norm, found);
      PetscCall(VecPointwiseDivide(step, rest, diagonal.get()));
      PetscCall(VecScale(step, factor));
      PetscFunctionReturn(PETSC_SUCCESS);
    });
    PC smoother = nullptr;
    LINNET_CHECK(cycle.relaxation().get(d.outer, &smoother));
    LINNET_CHECK(PCSetType(smoother, PCJACOBI));
    LINNET_CHECK(cycle.set_up(d.outer, d.matrix.get(), d.matrix.get(), 1, 0.5));
    LINNET_CHECK(cycle.apply(r, z.get()));
    EXPECT_LE(distance(z.get(), exact.get()), 1e-14) << factor;
    EXPECT_EQ(cycle.statistics().accepted, 1);
  }
}

// After Jacobi on a diagonal matrix the rest is a multiple of the ones; a step whose image is at
// the angle t leaves sin(t) of it.
TEST_F(PcNeuralHints, AStepThatLeavesMoreThan95PercentIsRefused) {
  const Diagonal d(8);
  Vec r = nullptr;
  LINNET_CHECK(MatCreateVecs(d.matrix.get(), nullptr, &r));
  const Owned<Vec> owned(r);
  LINNET_CHECK(VecSet(r, 1.0));
  const Owned<Vec> diagonal = like(r, 0.0), z = like(r, 0.0), across = like(r, 1.0);
  LINNET_CHECK(MatGetDiagonal(d.matrix.get(), diagonal.get()));
  PetscInt first = 0, last = 0;
  LINNET_CHECK(VecGetOwnershipRange(r, &first, &last));
  for (PetscInt i = first; i < last; i += 2) // as many on each rank
    LINNET_CHECK(VecSetValue(across.get(), i, -1.0, INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(across.get()));
  LINNET_CHECK(VecAssemblyEnd(across.get()));
  double left = 0.0;
  krylov::HintsCycle cycle([&](Vec, PetscReal, Vec step) -> PetscErrorCode {
    PetscFunctionBeginUser;
    PetscCall(VecCopy(across.get(), step));
    PetscCall(VecScale(step, left));
    PetscCall(VecShift(step, std::sqrt(1.0 - left * left)));
    PetscCall(VecPointwiseDivide(step, step, diagonal.get()));
    PetscFunctionReturn(PETSC_SUCCESS);
  });
  PC smoother = nullptr;
  LINNET_CHECK(cycle.relaxation().get(d.outer, &smoother));
  LINNET_CHECK(PCSetType(smoother, PCJACOBI));
  LINNET_CHECK(cycle.set_up(d.outer, d.matrix.get(), d.matrix.get(), 1, 0.5));
  const auto apply = [&](double share) {
    left = share;
    LINNET_CHECK(cycle.apply(r, z.get()));
    return cycle.statistics();
  };
  EXPECT_EQ(apply(0.951).rejected, 1);
  EXPECT_EQ(apply(0.951).rejected, 2);
  EXPECT_EQ(apply(0.949).accepted, 1); // and the row is broken
  EXPECT_EQ(apply(0.951).left_at, 0);
  EXPECT_EQ(apply(0.951).left_at, 0);
  EXPECT_EQ(apply(0.951).left_at, 6);
  const krylov::HintsStatistics end = apply(0.1);
  EXPECT_EQ(end.applications, 7);
  EXPECT_EQ(end.rejected, 5);
  EXPECT_EQ(end.accepted, 1);
}

TEST_F(PcNeuralHints, WhatIsNotFiniteNeverReachesTheResult) {
  const Diagonal d(5);
  Vec r = nullptr;
  LINNET_CHECK(MatCreateVecs(d.matrix.get(), nullptr, &r));
  const Owned<Vec> owned(r), z = like(r, 0.0);
  LINNET_CHECK(VecSet(r, 1.0));
  double value = 0.0;
  krylov::HintsCycle cycle([&](Vec, PetscReal, Vec step) { return VecSet(step, value); });
  PC smoother = nullptr;
  LINNET_CHECK(cycle.relaxation().get(d.outer, &smoother));
  LINNET_CHECK(PCSetType(smoother, PCJACOBI));
  const Owned<Vec> expected = relaxed(d.matrix.get(), r, PCJACOBI, 2, 0.5);
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e300, 0.0}) {
    value = bad;
    LINNET_CHECK(cycle.set_up(d.outer, d.matrix.get(), d.matrix.get(), 1, 0.5));
    LINNET_CHECK(cycle.apply(r, z.get()));
    EXPECT_LE(distance(z.get(), expected.get()), 1e-15) << bad;
  }
  EXPECT_EQ(cycle.statistics().rejected, 5);
}

// As a solver and under FGMRES; the answer is the smoother's.
TEST_F(PcNeuralHints, UselessNetworksAreLeftOut) {
  for (const Useless kind : {Useless::nothing, Useless::noise})
    for (const char* type : {KSPRICHARDSON, KSPFGMRES, KSPFCG, KSPDCDM}) {
      const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {12, 9, 1}, true),
                            file(useless_model(2, kind)));
      smooth_by(many.pc(), PCSOR, 2);
      const Outcome found = solve(many, type);
      EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL) << found.error;
      EXPECT_LE(found.true_residual, 1e-8 * (1.0 + 1e-6)) << type;
      const krylov::NeuralInfo info = info_of(many.pc());
      EXPECT_EQ(info.applications, found.iterations);
      if (kind == Useless::noise) continue; // a step of it may help by chance
      EXPECT_EQ(info.accepted, 0);
      EXPECT_EQ(info.rejected, 3);
      EXPECT_EQ(info.left_at, 3);
    }
}

// A set-up brings it back.
TEST_F(PcNeuralHints, NoiseIsRejectedUntilTheNextSetUp) {
  const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {30, 21, 1}),
                        file(useless_model(2, Useless::noise)));
  smooth_by(many.pc(), PCJACOBI, 1);
  EXPECT_EQ(solve(many, KSPFGMRES, 1e-8, 10).error, "");
  EXPECT_EQ(info_of(many.pc()).rejected, 3);
  EXPECT_EQ(info_of(many.pc()).left_at, 3);
  EXPECT_EQ(solve(many, KSPFGMRES, 1e-8, 10).error, "");
  EXPECT_EQ(info_of(many.pc()).rejected, 3);
  LINNET_CHECK(MatScale(many.matrix(), 2.0));
  EXPECT_EQ(solve(many, KSPFGMRES, 1e-8, 10).error, "");
  EXPECT_EQ(info_of(many.pc()).rejected, 6);
  EXPECT_EQ(info_of(many.pc()).left_at, 23);
}

// Without sweeps, a network that says nothing is a fixed point of the preconditioned residual.
TEST_F(PcNeuralHints, NoFalseFixedPoint) {
  const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {12, 9, 1}),
                        file(useless_model(2, Useless::nothing)));
  EXPECT_EQ(solve(many, KSPRICHARDSON, 1e-8, 20).reason, KSP_DIVERGED_ITS);
}

// Without sweeps: what is refused is replaced by S r, so that nothing but S is at work.
TEST_F(PcNeuralHints, WithoutSweepsASilentNetworkIsItsSmoother) {
  for (const char* type : {KSPFGMRES, KSPGCR, KSPFCG}) {
    const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {12, 9, 1}),
                          file(useless_model(2, Useless::nothing))),
        alone(PETSC_COMM_WORLD, grid_of(2, {12, 9, 1}), "");
    LINNET_CHECK(PCSetType(alone.pc(), PCSOR));
    const Outcome found = solve(many, type, 1e-6), expected = solve(alone, type, 1e-6);
    EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL) << found.error;
    EXPECT_EQ(found.iterations, expected.iterations) << type;
    EXPECT_EQ(info_of(many.pc()).rejected, 3) << type;
    EXPECT_EQ(info_of(many.pc()).left_at, 3) << type;
  }
}

// Noise that never gains much, and a network for another equation whose steps are all valid and
// lead nowhere: a half more iterations than the smoother takes, at most.
TEST_F(PcNeuralHints, WithoutSweepsNoNetworkDelaysTheAnswerMuch) {
  const std::string noise = file(useless_model(2, Useless::noise));
  for (const std::string& model : {noise, std::string(LINNET_MODELS "/waves_65.model.h5")})
    for (const int n : {33, 65}) {
      const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {n, n, 1}), model),
          alone(PETSC_COMM_WORLD, grid_of(2, {n, n, 1}), "");
      LINNET_CHECK(PCSetType(alone.pc(), PCSOR));
      const Outcome found = solve(many, KSPFGMRES, 1e-6), expected = solve(alone, KSPFGMRES, 1e-6);
      EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL) << found.error;
      EXPECT_LE(found.true_residual, 1e-6 * (1.0 + 1e-6));
      EXPECT_LE(2 * found.iterations, 3 * expected.iterations) << model << n;
      EXPECT_GT(info_of(many.pc()).left_at, 0) << model << n;
    }
}

// Valid steps without end are compared by phases: ten of each, then four times as many of the one
// that wins.
TEST_F(PcNeuralHints, PhasesDecideByTheResidual) {
  krylov::PhaseTrial fast, slow, lost;
  double a = 1.0, b = 1.0, c = 1.0;
  int others = 0;
  for (int i = 0; i < 100; ++i, a *= 0.7) {
    fast.look(a, i > 0);
    EXPECT_FALSE(fast.takes_other() || fast.is_lost()) << i;
    EXPECT_NEAR(fast.rate(), i < 3 ? 0.0 : -std::log(0.7), 1e-12) << i;
  }
  fast.begin_solve();
  EXPECT_EQ(fast.rate(), 0.0);
  for (int i = 0; i < 75; ++i, b *= slow.takes_other() ? 0.95 : 0.9) {
    slow.look(b, i > 0 && !slow.takes_other());
    EXPECT_FALSE(slow.is_lost());
    EXPECT_EQ(slow.takes_other(), (i >= 10 && i < 20) || (i >= 60 && i < 70)) << i;
    EXPECT_EQ(slow.has_won(), i >= 20) << i;
    others += slow.takes_other() ? 1 : 0;
  }
  EXPECT_EQ(others, 20);
  for (int i = 0; i < 25; ++i, c *= lost.takes_other() ? 0.9 : 0.95) {
    lost.look(c, i > 0 && !lost.takes_other());
    EXPECT_EQ(lost.takes_other(), i >= 10 && i < 20) << i;
    EXPECT_EQ(lost.is_lost(), i >= 20) << i;
  }
}

// On what it was trained for it is not interfered with.
TEST_F(PcNeuralHints, WithoutSweepsATrainedNetworkKeepsAtWork) {
  const NeuralCase many(PETSC_COMM_WORLD, tank([](int, int, int) { return 1.0; }), trained);
  open_top(many);
  const Outcome found = solve(many, KSPFGMRES, 1e-6);
  EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL) << found.error;
  const PetscInt accepted = info_of(many.pc()).accepted;
  EXPECT_GE(accepted, found.iterations - 2);
  EXPECT_EQ(info_of(many.pc()).left_at, 0);
  // dcdm weighs the raw direction.
  EXPECT_EQ(solve(many, KSPDCDM, 1e-6).reason, KSP_CONVERGED_RTOL);
  EXPECT_EQ(info_of(many.pc()).accepted, accepted);
}

// Trained on constant coefficients in tanks of 32^3 cells.
TEST_F(PcNeuralHints, OutOfDistributionCostsLittle) {
  const std::string nothing = file(useless_model(3, Useless::nothing));
  const std::vector<DiffusionCase> cases = {tank(test::random_kappa(100.0, 4)),
                                            tank(test::block_kappa(100.0, 4, 5)),
                                            tank(test::with_solids)};
  for (const DiffusionCase& c : cases) {
    const NeuralCase with(PETSC_COMM_WORLD, c, trained), without(PETSC_COMM_WORLD, c, nothing);
    PetscInt iterations[2] = {0, 0}, *at = iterations;
    for (const NeuralCase* it : {&with, &without}) {
      open_top(*it);
      smooth_by(it->pc(), PCJACOBI, 1);
      const Outcome found = solve(*it, KSPFGMRES, 1e-4);
      EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL) << found.error;
      *at++ = found.iterations;
    }
    EXPECT_LE(2 * iterations[0], 3 * iterations[1]);
    EXPECT_GT(info_of(with.pc()).accepted + info_of(with.pc()).rejected, 0);
  }
}

// Where it was trained for, a network saves half of the iterations; with Jacobi on any ranks alike.
TEST_F(PcNeuralHints, ATrainedNetworkHelpsWithTheSameCountsOnAnyRanks) {
  const DiffusionCase c =
      tank([](int i, int j, int k) { return i > 5 && j < 6 && k > 4 && k < 8 ? 0.0 : 1.0; });
  const NeuralCase many(PETSC_COMM_WORLD, c, trained), one(PETSC_COMM_SELF, c, trained),
      without(PETSC_COMM_WORLD, c, file(useless_model(3, Useless::nothing)));
  for (const NeuralCase* it : {&many, &one, &without}) {
    open_top(*it);
    smooth_by(it->pc(), PCJACOBI, 1);
  }
  for (const char* type : {KSPRICHARDSON, KSPFGMRES}) {
    const Outcome parallel = solve(many, type, 1e-6), serial = solve(one, type, 1e-6);
    EXPECT_EQ(parallel.reason, KSP_CONVERGED_RTOL) << parallel.error;
    EXPECT_LE(parallel.true_residual, 1e-6 * (1.0 + 1e-6)) << type;
    EXPECT_EQ(parallel.iterations, serial.iterations) << type;
    EXPECT_EQ(solve(without, type, 1e-6, 2 * parallel.iterations - 1).reason, KSP_DIVERGED_ITS);
  }
  const krylov::NeuralInfo a = info_of(many.pc()), b = info_of(one.pc());
  EXPECT_EQ(a.accepted, b.accepted);
  EXPECT_EQ(a.rejected, b.rejected);
  EXPECT_EQ(a.applications, b.applications);
  EXPECT_GT(a.accepted, 0);
}

TEST_F(PcNeuralHints, Refusals) {
  const std::string path = file(useless_model(2, Useless::nothing));
  for (const char* type : {KSPCG, KSPGMRES}) {
    const NeuralCase refused(PETSC_COMM_WORLD, grid_of(2, {12, 9, 1}), path);
    smooth_by(refused.pc(), PCJACOBI, 1);
    expect_contains(solve(refused, type).error,
                    "as -ksp_type " + std::string(type) +
                        " needs; use -ksp_type dcdm (or fcg, fgmres, gcr), or -pc_neural_any_ksp");
  }
  const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {12, 9, 1}), path);
  smooth_by(many.pc(), PCJACOBI, 1);
  LINNET_CHECK(krylov::PCNeuralSetAnyKSP(many.pc(), PETSC_TRUE));
  EXPECT_EQ(solve(many, KSPGMRES).reason, KSP_CONVERGED_RTOL);

  const Owned<Vec> r(test::make_vector(many.da(), 5)), z = like(r.get(), 0.0);
  PetscBool exists = PETSC_TRUE;
  LINNET_CHECK(PCApplyTransposeExists(many.pc(), &exists));
  EXPECT_EQ(exists, PETSC_FALSE);
  const test::Messages messages;
  EXPECT_NE(PCApplyTranspose(many.pc(), r.get(), z.get()), PETSC_SUCCESS);
  EXPECT_NE(krylov::PCNeuralSetSweeps(many.pc(), -1), PETSC_SUCCESS);
  expect_contains(messages.text(), "-pc_neural_sweeps -1: must be from 0 to 1000");
  EXPECT_NE(krylov::PCNeuralSetSmootherDamping(many.pc(), -0.5), PETSC_SUCCESS);
  expect_contains(messages.text(), "-pc_neural_smoother_damping -0.5: must be from 0 to 100");
  const NeuralCase basis(PETSC_COMM_WORLD, grid_of(2, {12, 9, 1}),
                         LINNET_MODELS "/basis_inclusions.model.h5");
  expect_contains(test::refusal(basis.pc()),
                  "holds a basis, which -pc_basis_file takes; a network is needed here");
  const NeuralCase wrong(PETSC_COMM_WORLD, grid_of(3, {8, 8, 8}), path);
  smooth_by(wrong.pc(), PCJACOBI, 1);
  expect_contains(test::refusal(wrong.pc()), "works in 2 dimensions, and the grid has 3");
}
