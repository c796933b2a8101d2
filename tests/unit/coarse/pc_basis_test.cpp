// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// PC basis: symmetric and positive for every variant and smoother, exact on its space, without
// vectors its smoother, indifferent to ranks, and made anew when the matrix changes.
#include "basis_case.hpp"

#include "support/petsc_messages.hpp"

#include <gtest/gtest.h>

using namespace linnet;
using namespace linnet::test;
using coarse::BasisVariant;

namespace {

/// A Phi c for the sum c of the columns of @p m.
Owned<Vec> image_of_sum(const BasisCase& c, Mat m, Vec* sum) {
  Vec weights = nullptr, b = nullptr;
  LINNET_CHECK(MatCreateVecs(m, &weights, sum));
  const Owned<Vec> owner(weights);
  LINNET_CHECK(VecSet(weights, 1.0));
  LINNET_CHECK(MatMult(m, weights, *sum));
  LINNET_CHECK(VecDuplicate(*sum, &b));
  LINNET_CHECK(MatMult(c.matrix(), *sum, b));
  return Owned<Vec>(b);
}

double norm_of(Vec v) {
  PetscReal norm = 0.0;
  LINNET_CHECK(VecNorm(v, NORM_2, &norm));
  return norm;
}

} // namespace

TEST(PcBasis, IsSymmetricAndPositiveForEveryVariantAndSmoother) {
  const DiffusionCase c = rough_case(19, 14);
  for (const BasisVariant variant : variants)
    for (const std::string smoother : {PCSOR, PCJACOBI, PCBJACOBI, PCGAMG, PCNONE}) {
      // Slow to set up, and no other than bjacobi where S is applied once.
      if ((smoother == PCGAMG || smoother == PCNONE) &&
          (variant != BasisVariant::multiplicative || ranks() > 2))
        continue;
      const BasisCase problem(c);
      problem.use_sines(9);
      problem.set_smoother(smoother.c_str());
      LINNET_CHECK(coarse::PCBasisSetVariant(problem.pc(), variant));
      LINNET_CHECK(KSPSetUp(problem.ksp()));
      EXPECT_TRUE(problem.info().definite);
      EXPECT_EQ(problem.info().size, 9);
      expect_symmetric_positive(problem, smoother + " " + std::to_string(int(variant)));
    }
}

TEST(PcBasis, TakesMatricesThatOnlyMultiply) {
  const DiffusionCase c = rough_case(19, 14);
  const BasisCase problem(c), stored(c);
  PetscInt rows = 0;
  LINNET_CHECK(MatGetLocalSize(problem.matrix(), &rows, nullptr));
  Mat shell = nullptr;
  LINNET_CHECK(MatCreateShell(PETSC_COMM_WORLD, rows, rows, PETSC_DETERMINE, PETSC_DETERMINE,
                              problem.matrix(), &shell));
  const Owned<Mat> owner(shell);
  const auto multiply = +[](Mat m, Vec x, Vec y) -> PetscErrorCode {
    Mat a = nullptr;
    PetscFunctionBegin;
    PetscCall(MatShellGetContext(m, &a));
    PetscCall(MatMult(a, x, y));
    PetscFunctionReturn(PETSC_SUCCESS);
  };
  LINNET_CHECK(MatShellSetOperation(shell, MATOP_MULT, reinterpret_cast<void (*)()>(multiply)));
  LINNET_CHECK(KSPSetOperators(problem.ksp(), shell, shell));
  stored.set_smoother(PCNONE); // what is left without rows and diagonal
  for (const BasisCase* p : {&problem, &stored}) p->use_sines(9);
  const auto b = problem.vector(noise_at, 3);
  const int iterations = problem.solve(b.get());
  EXPECT_GT(iterations, 0);
  EXPECT_EQ(iterations, stored.solve(b.get()));
  EXPECT_EQ(problem.info().damping, stored.info().damping);
  expect_symmetric_positive(problem, "shell");
}

TEST(PcBasis, DampsASmootherThatDoesNotContract) {
  const BasisCase problem(rough_case(19, 14));
  problem.use_sines(4);
  problem.set_smoother(PCNONE); // no more than the identity, and the matrix has large entries
  LINNET_CHECK(KSPSetUp(problem.ksp()));
  EXPECT_LT(problem.info().damping, 0.5);
  const auto b = problem.vector(noise_at, 3);
  EXPECT_GT(problem.solve(b.get()), 0);
  // Rows of the five-point Laplacian have sums of 8/4 of the diagonal.
  DiffusionCase laplacian = rough_case(9, 9);
  laplacian.kappa = [](int, int, int) { return 1.0; };
  const BasisCase plain(laplacian);
  plain.use_sines(4);
  plain.set_smoother(PCJACOBI);
  LINNET_CHECK(KSPSetUp(plain.ksp()));
  EXPECT_DOUBLE_EQ(plain.info().damping, 0.7);
}

// Whatever the smoother: it is refused, or conjugate gradients converge, also when the matrix has
// become another one. What contracts for the Laplacian need not do so for its powers.
TEST(PcBasis, ConjugateGradientsAreLegalWithAnySmootherThatIsAccepted) {
  for (const int doublings : {1, 2})
    for (const char* type : {PCSOR, PCJACOBI, PCBJACOBI, PCNONE}) {
      const PowerCase problem(14, doublings);
      problem.set_smoother(type);
      const auto b = problem.vector(noise_at, 3), x = problem.vector(noise_at, 4);
      LINNET_CHECK(KSPSetTolerances(problem.ksp(), 1e-6, 1e-300, PETSC_DEFAULT, 300));
      for (const double factor : {1.0, 1e3}) {
        LINNET_CHECK(MatScale(problem.power(), factor));
        const Messages messages;
        if (KSPSolve(problem.ksp(), b.get(), x.get()) != PETSC_SUCCESS) {
          expect_contains(messages.text(), "take sor or jacobi");
          break;
        }
        KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
        LINNET_CHECK(KSPGetConvergedReason(problem.ksp(), &reason));
        EXPECT_TRUE(reason > 0 || reason == KSP_DIVERGED_ITS)
            << type << doublings << ": " << KSPConvergedReasons[reason];
        EXPECT_GT(problem.product(x.get(), x.get()), 0.0);
      }
    }
}

// Many couplings with other ranks, which a sweep in each of them overshoots.
TEST(PcBasis, DampsGaussSeidelByTheCouplingsOfRanks) {
  if (ranks() == 1) GTEST_SKIP();
  PetscInt first = 0, last = 0;
  Mat a = nullptr;
  LINNET_CHECK(MatCreateAIJ(PETSC_COMM_WORLD, 8, 8, PETSC_DETERMINE, PETSC_DETERMINE, 8, nullptr,
                            PetscInt{8} * ranks(), nullptr, &a));
  const Owned<Mat> owner(a);
  const PetscInt n = PetscInt{8} * ranks();
  LINNET_CHECK(MatGetOwnershipRange(a, &first, &last));
  for (PetscInt i = first; i < last; ++i)
    for (PetscInt j = 0; j < n; ++j) // eigenvalues 0.1 and n + 0.1
      LINNET_CHECK(MatSetValue(a, i, j, i == j ? 1.1 : 1.0, INSERT_VALUES));
  LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatSetOption(a, MAT_SYMMETRIC, PETSC_TRUE));
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  const Owned<KSP> owner_ksp(ksp);
  LINNET_CHECK(KSPSetOperators(ksp, a, a));
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCBASIS));
  LINNET_CHECK(coarse::PCBasisSetSize(pc, 0));
  LINNET_CHECK(KSPSetUp(ksp));
  coarse::BasisInfo info;
  LINNET_CHECK(coarse::PCBasisGetInfo(pc, &info));
  // The row has n - 8 entries of 1 elsewhere.
  EXPECT_NEAR(info.damping, std::min(1.0, 0.99 * 1.1 / static_cast<double>(n - 8)), 1e-12);
  Vec b = nullptr, x = nullptr;
  LINNET_CHECK(MatCreateVecs(a, &x, &b));
  const Owned<Vec> owner_x(x), owner_b(b);
  LINNET_CHECK(VecSetRandom(b, nullptr));
  LINNET_CHECK(KSPSolve(ksp, b, x));
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  EXPECT_GT(reason, 0) << KSPConvergedReasons[reason];
}

TEST(PcBasis, IsExactOnItsSpace) {
  const DiffusionCase c = rough_case(17, 13);
  for (const BasisVariant variant : variants) {
    const BasisCase problem(c);
    const auto phi = problem.columns(6, noise_at);
    LINNET_CHECK(coarse::PCBasisSetVectors(problem.pc(), phi.get()));
    LINNET_CHECK(coarse::PCBasisSetVariant(problem.pc(), variant));
    Vec exact = nullptr, x = nullptr, r = nullptr;
    const auto b = image_of_sum(problem, phi.get(), &exact);
    const Owned<Vec> owner(exact);
    LINNET_CHECK(VecDuplicate(exact, &x));
    LINNET_CHECK(VecDuplicate(exact, &r));
    const Owned<Vec> second(x), third(r);
    LINNET_CHECK(KSPSetUp(problem.ksp()));
    if (variant == BasisVariant::deflated) {
      // Starts with r_0 = 0: no iteration at all.
      LINNET_CHECK(KSPSetTolerances(problem.ksp(), 1e-12, 1e-300, PETSC_DEFAULT, 1000));
      EXPECT_EQ(problem.solve(b.get()), 0);
      // And so with a start of the user, which is not changed but by the correction.
      LINNET_CHECK(KSPSetInitialGuessNonzero(problem.ksp(), PETSC_TRUE));
      LINNET_CHECK(VecCopy(exact, x));
      LINNET_CHECK(VecScale(x, -3.0));
      LINNET_CHECK(KSPSolve(problem.ksp(), b.get(), x));
      PetscInt iterations = -1;
      LINNET_CHECK(KSPGetIterationNumber(problem.ksp(), &iterations));
      EXPECT_EQ(iterations, 0);
      // Q A is the identity there, and so is M^-1 A.
      LINNET_CHECK(PCApply(problem.pc(), b.get(), x));
    } else if (variant == BasisVariant::additive) {
      PC smoother = nullptr;
      LINNET_CHECK(coarse::PCBasisGetSmoother(problem.pc(), &smoother));
      LINNET_CHECK(PCApply(problem.pc(), b.get(), x));
      LINNET_CHECK(PCApply(smoother, b.get(), r));
      LINNET_CHECK(VecAXPY(x, -1.0, r));
    } else {
      // The residual after S and Q has no part in the space: Phi^T (b - A z) = 0 before S^T.
      LINNET_CHECK(coarse::PCBasisSetSmootherDamping(problem.pc(), 1e-13));
      LINNET_CHECK(KSPSetUp(problem.ksp()));
      LINNET_CHECK(PCApply(problem.pc(), b.get(), x));
    }
    LINNET_CHECK(VecAXPY(x, -1.0, exact));
    EXPECT_LT(norm_of(x), 1e-11 * norm_of(exact)) << static_cast<int>(variant);
  }
}

TEST(PcBasis, ASingleDeflatedApplicationTakesNoStart) {
  const BasisCase problem(rough_case(12, 11));
  problem.use_sines(5);
  LINNET_CHECK(coarse::PCBasisSetVariant(problem.pc(), BasisVariant::deflated));
  LINNET_CHECK(KSPSetNormType(problem.ksp(), KSP_NORM_NONE));
  LINNET_CHECK(KSPSetType(problem.ksp(), KSPPREONLY));
  const auto b = problem.vector(noise_at, 3), x = problem.vector(noise_at, 4),
             z = problem.vector(noise_at, 5);
  LINNET_CHECK(KSPSolve(problem.ksp(), b.get(), x.get()));
  LINNET_CHECK(PCApply(problem.pc(), b.get(), z.get()));
  EXPECT_GT(norm_of(z.get()), 0.0);
  LINNET_CHECK(VecAXPY(x.get(), -1.0, z.get()));
  EXPECT_EQ(norm_of(x.get()), 0.0);
}

// The start of a solve is not that of the next one: with the flag left set, x would be taken.
TEST(PcBasis, DeflatedSolvesStartFromZeroAgain) {
  const BasisCase problem(rough_case(12, 11));
  problem.use_sines(5);
  LINNET_CHECK(coarse::PCBasisSetVariant(problem.pc(), BasisVariant::deflated));
  const auto b = problem.vector(noise_at, 3), x = problem.vector(noise_at, 4);
  PetscBool nonzero = PETSC_TRUE;
  PetscInt first = 0, second = 0;
  LINNET_CHECK(KSPSolve(problem.ksp(), b.get(), x.get()));
  LINNET_CHECK(KSPGetIterationNumber(problem.ksp(), &first));
  LINNET_CHECK(KSPGetInitialGuessNonzero(problem.ksp(), &nonzero));
  EXPECT_EQ(nonzero, PETSC_FALSE);
  LINNET_CHECK(KSPSolve(problem.ksp(), b.get(), x.get()));
  LINNET_CHECK(KSPGetIterationNumber(problem.ksp(), &second));
  EXPECT_GT(first, 0);
  EXPECT_EQ(second, first);
  // One of the user stays.
  LINNET_CHECK(KSPSetInitialGuessNonzero(problem.ksp(), PETSC_TRUE));
  LINNET_CHECK(KSPSolve(problem.ksp(), b.get(), x.get()));
  LINNET_CHECK(KSPGetInitialGuessNonzero(problem.ksp(), &nonzero));
  EXPECT_EQ(nonzero, PETSC_TRUE);
}

TEST(PcBasis, MatchesItsDefinition) {
  // z = S r;  z += Q (r - A z);  z += S^T (r - A z) with Jacobi, by PETSc's own operations.
  const BasisCase problem(rough_case(12, 11));
  const auto phi = problem.columns(5, noise_at);
  LINNET_CHECK(coarse::PCBasisSetVectors(problem.pc(), phi.get()));
  problem.set_smoother(PCJACOBI);
  LINNET_CHECK(coarse::PCBasisSetSmootherDamping(problem.pc(), 0.6));
  LINNET_CHECK(KSPSetUp(problem.ksp()));
  const auto r = problem.vector(noise_at, 9);
  Vec v[4];
  for (Vec& w : v) LINNET_CHECK(VecDuplicate(r.get(), &w));
  const Owned<Vec> owners[] = {Owned<Vec>(v[0]), Owned<Vec>(v[1]), Owned<Vec>(v[2]),
                               Owned<Vec>(v[3])};
  const Vec z = v[0], rest = v[1], d = v[2], step = v[3];
  LINNET_CHECK(MatGetDiagonal(problem.matrix(), d));
  const auto residual = [&] {
    LINNET_CHECK(MatMult(problem.matrix(), z, rest));
    LINNET_CHECK(VecAYPX(rest, -1.0, r.get()));
  };
  const auto smooth = [&] {
    residual();
    LINNET_CHECK(VecPointwiseDivide(step, rest, d));
    LINNET_CHECK(VecAXPY(z, 0.6, step));
  };
  LINNET_CHECK(VecSet(z, 0.0));
  smooth();
  residual();
  // The coarse system by conjugate gradients on the normal matrix of PETSc's products.
  Mat w = nullptr, a0 = nullptr;
  LINNET_CHECK(MatMatMult(problem.matrix(), phi.get(), MAT_INITIAL_MATRIX, PETSC_DEFAULT, &w));
  LINNET_CHECK(MatTransposeMatMult(phi.get(), w, MAT_INITIAL_MATRIX, PETSC_DEFAULT, &a0));
  const Owned<Mat> owner_w(w), owner_a0(a0);
  Vec y = nullptr, g = nullptr;
  LINNET_CHECK(MatCreateVecs(phi.get(), &y, nullptr));
  LINNET_CHECK(VecDuplicate(y, &g));
  const Owned<Vec> owner_y(y), owner_g(g);
  LINNET_CHECK(MatMultTranspose(phi.get(), rest, g));
  KSP small = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &small));
  const Owned<KSP> owner_small(small);
  PC none = nullptr;
  LINNET_CHECK(KSPGetPC(small, &none));
  LINNET_CHECK(PCSetType(none, PCNONE));
  LINNET_CHECK(KSPSetOperators(small, a0, a0));
  LINNET_CHECK(KSPSetTolerances(small, 1e-15, 1e-300, PETSC_DEFAULT, 100));
  LINNET_CHECK(KSPSolve(small, g, y));
  LINNET_CHECK(MatMultAdd(phi.get(), y, z, z));
  smooth();
  Vec found = d;
  LINNET_CHECK(PCApply(problem.pc(), r.get(), found));
  LINNET_CHECK(VecAXPY(found, -1.0, z));
  EXPECT_LT(norm_of(found), 1e-11 * norm_of(z));
}

TEST(PcBasis, WithoutVectorsIsItsSmoother) {
  const BasisCase problem(rough_case(16, 16)), reference(rough_case(16, 16));
  problem.use_sines(0);
  LINNET_CHECK(coarse::PCBasisSetVariant(problem.pc(), BasisVariant::additive));
  PC sor = reference.pc();
  LINNET_CHECK(PCSetType(sor, PCSOR));
  LINNET_CHECK(PCSORSetSymmetric(sor, SOR_LOCAL_SYMMETRIC_SWEEP));
  const auto b = problem.vector(noise_at, 3);
  EXPECT_EQ(problem.solve(b.get()), reference.solve(b.get()));
  EXPECT_EQ(problem.info().size, 0);
  // Forward and backward one after the other are the symmetric sweep, too, on one rank.
  LINNET_CHECK(coarse::PCBasisSetVariant(problem.pc(), BasisVariant::multiplicative));
  const BasisCase both(rough_case(16, 16));
  both.use_sines(0);
  if (ranks() == 1) {
    EXPECT_EQ(both.solve(b.get()), reference.solve(b.get()));
  }
}

TEST(PcBasis, TakesTheSameIterationsOnAnyNumberOfRanks) {
  const DiffusionCase c = rough_case(24, 18);
  for (const BasisVariant variant : variants) {
    const BasisCase all(c), alone(c, PETSC_COMM_SELF);
    for (const BasisCase* problem : {&all, &alone}) {
      problem->use_sines(16);
      problem->set_smoother(PCJACOBI);
      LINNET_CHECK(coarse::PCBasisSetVariant(problem->pc(), variant));
    }
    const auto b = all.vector(noise_at, 3), b1 = alone.vector(noise_at, 3);
    const int iterations = all.solve(b.get());
    EXPECT_GT(iterations, 0);
    EXPECT_EQ(iterations, alone.solve(b1.get())) << static_cast<int>(variant);
  }
}

TEST(PcBasis, HelpsAsASmoothCoefficientAllows) {
  // 64 sines leave a third of the iterations of Gauss-Seidel.
  DiffusionCase c = rough_case(31, 31);
  c.kappa = [](int i, int j, int) { return std::exp(std::sin(0.2 * i) * std::cos(0.17 * j)); };
  const BasisCase with(c), without(c);
  with.use_sines(64);
  without.use_sines(0);
  const auto b = with.vector([](int i, int j, int) { return std::sin(0.3 * i * j) + 0.2; });
  const int few = with.solve(b.get()), many = without.solve(b.get());
  EXPECT_GT(few, 0);
  EXPECT_LT(3 * few, many + 3);
}

TEST(PcBasis, MakesTheCoarseMatrixAnewWhenTheMatrixChanges) {
  const BasisCase problem(rough_case(18, 18));
  problem.use_sines(12);
  const auto b = problem.vector(noise_at, 3);
  const int first = problem.solve(b.get());
  EXPECT_EQ(problem.solve(b.get()), first);
  EXPECT_EQ(problem.info().updates, 1);
  // A multiple of the old matrix: with the old W and A_0 the correction would be wrong by 1000.
  LINNET_CHECK(MatScale(problem.matrix(), 1000.0));
  EXPECT_EQ(problem.solve(b.get()), first);
  EXPECT_EQ(problem.info().updates, 2);
  EXPECT_EQ(problem.info().spaces, 1); // the vectors are kept
  LINNET_CHECK(coarse::PCBasisSetReuse(problem.pc(), PETSC_FALSE));
  LINNET_CHECK(MatScale(problem.matrix(), 0.5));
  EXPECT_EQ(problem.solve(b.get()), first);
  EXPECT_EQ(problem.info().spaces, 2);
}

TEST(PcBasis, KeepsRowsWithoutCouplingsApart) {
  DiffusionCase c = rough_case(15, 15);
  c.kappa = [](int i, int j, int) { return (i + 2 * j) % 9 == 0 ? 0.0 : 1.0; };
  const BasisCase problem(c);
  problem.use_sines(8);
  LINNET_CHECK(KSPSetUp(problem.ksp()));
  // e_i of such a row stays alone.
  const auto e = problem.vector([](int i, int j, int) { return i == 9 && j == 0 ? 1.0 : 0.0; });
  const auto others = problem.vector(
      [](int i, int j, int) { return (i + 2 * j) % 9 == 0 ? 0.0 : noise_at(i, j, 3); });
  EXPECT_NEAR(problem.product(others.get(), e.get()), 0.0, 1e-14);
  expect_symmetric_positive(problem, "solids");
  EXPECT_GT(problem.solve(others.get()), 0);
}

// gmres forms no residuals, so that boxmg has to work in fp64, and it asks the method for its name.
TEST(PcBasis, TellsItsSmootherOfTheMethod) {
  const BasisCase problem(rough_case(24, 21));
  problem.use_sines(4);
  problem.set_smoother("boxmg");
  LINNET_CHECK(KSPSetType(problem.ksp(), KSPGMRES));
  LINNET_CHECK(KSPSetPCSide(problem.ksp(), PC_RIGHT));
  LINNET_CHECK(KSPSetTolerances(problem.ksp(), 1e-11, PETSC_DEFAULT, PETSC_DEFAULT, PETSC_DEFAULT));
  const auto b = problem.vector(noise_at, 5), x = problem.vector(noise_at, 6),
             r = problem.vector(noise_at, 6);
  for (int solve = 0; solve < 3; ++solve) LINNET_CHECK(KSPSolve(problem.ksp(), b.get(), x.get()));
  LINNET_CHECK(MatMult(problem.matrix(), x.get(), r.get()));
  LINNET_CHECK(VecAYPX(r.get(), -1.0, b.get()));
  EXPECT_LE(norm_of(r.get()), 1.1e-11 * norm_of(b.get()));
}

// eisenstat transforms the system of the KSP before a solve, which is not its own here.
TEST(PcBasis, LetsNoSmootherChangeTheSystem) {
  if (ranks() > 1) GTEST_SKIP() << "PETSc has it for matrices on one rank";
  const BasisCase problem(rough_case(16, 15));
  problem.use_sines(4);
  problem.set_smoother(PCEISENSTAT);
  LINNET_CHECK(KSPSetType(problem.ksp(), KSPFGMRES));
  LINNET_CHECK(KSPSetTolerances(problem.ksp(), 1e-8, PETSC_DEFAULT, PETSC_DEFAULT, 200));
  const auto b = problem.vector(noise_at, 5), kept = problem.vector(noise_at, 5),
             x = problem.vector(noise_at, 6);
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  LINNET_CHECK(KSPSolve(problem.ksp(), b.get(), x.get()));
  LINNET_CHECK(KSPGetConvergedReason(problem.ksp(), &reason));
  LINNET_CHECK(VecAXPY(b.get(), -1.0, kept.get()));
  EXPECT_EQ(norm_of(b.get()), 0.0);
  LINNET_CHECK(MatMult(problem.matrix(), x.get(), b.get()));
  LINNET_CHECK(VecAXPY(b.get(), -1.0, kept.get()));
  if (reason > 0) {
    EXPECT_LE(norm_of(b.get()), 1.1e-8 * norm_of(kept.get()));
  }
}

TEST(PcBasis, LeavesTheNullSpaceAlone) {
  DiffusionCase c = rough_case(16, 12);
  c.dirichlet = false;
  const BasisCase problem(c);
  MatNullSpace constants = nullptr;
  LINNET_CHECK(MatNullSpaceCreate(PETSC_COMM_WORLD, PETSC_TRUE, 0, nullptr, &constants));
  LINNET_CHECK(MatSetNullSpace(problem.matrix(), constants));
  const auto phi =
      problem.columns(5, [](int i, int j, int k) { return std::cos(0.2 * k * i) * (1 + 0.1 * j); });
  const auto b = problem.vector(noise_at, 5);
  LINNET_CHECK(MatNullSpaceRemove(constants, b.get()));
  LINNET_CHECK(MatNullSpaceDestroy(&constants));
  LINNET_CHECK(coarse::PCBasisSetVectors(problem.pc(), phi.get()));
  EXPECT_GT(problem.solve(b.get()), 0);
  EXPECT_TRUE(problem.info().definite);
  EXPECT_LT(problem.info().condition, 1e8);
}

/// Columns of GAMG's interpolation to the finest grid.
PetscInt coarse_unknowns(const BasisCase& problem) {
  PC smoother = nullptr;
  Mat interpolation = nullptr;
  PetscInt levels = 0, columns = 0;
  LINNET_CHECK(coarse::PCBasisGetSmoother(problem.pc(), &smoother));
  LINNET_CHECK(PCMGGetLevels(smoother, &levels));
  LINNET_CHECK(PCMGGetInterpolation(smoother, levels - 1, &interpolation));
  LINNET_CHECK(MatGetSize(interpolation, nullptr, &columns));
  return columns;
}

// Also where the coarse space has fewer vectors, or none: GAMG has as many unknowns per aggregate.
TEST(PcBasis, GivesGamgItsNearNullSpace) {
  const BasisCase plain(rough_case(24, 24));
  const auto b = plain.vector(noise_at, 5);
  plain.use_sines(0);
  plain.set_smoother(PCGAMG);
  EXPECT_GT(plain.solve(b.get()), 0);
  for (const PetscInt size : {0, 1, 6}) {
    const BasisCase problem(rough_case(24, 24));
    problem.use_sines(size);
    problem.set_smoother(PCGAMG);
    LINNET_CHECK(coarse::PCBasisSetNearNullSpace(problem.pc(), 2));
    EXPECT_GT(problem.solve(b.get()), 0);
    EXPECT_EQ(problem.info().size, size);
    MatNullSpace near = nullptr;
    PetscInt count = 0;
    PetscBool constants = PETSC_TRUE;
    const Vec* vectors = nullptr;
    LINNET_CHECK(MatGetNearNullSpace(problem.matrix(), &near));
    ASSERT_NE(near, nullptr);
    LINNET_CHECK(MatNullSpaceGetVecs(near, &constants, &count, &vectors));
    EXPECT_EQ(count, 2);
    EXPECT_EQ(constants, PETSC_FALSE);
    PetscScalar product = 1.0;
    LINNET_CHECK(VecDot(vectors[0], vectors[1], &product));
    EXPECT_NEAR(product, 0.0, 1e-14);
    EXPECT_EQ(coarse_unknowns(problem), 2 * coarse_unknowns(plain)) << size;
  }
}
