// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The preconditioner as an operator, and the iterations that it leaves.
#include "riesz_case.hpp"

#include <gtest/gtest.h>

using namespace linnet;
using namespace linnet::fractional;
using linnet::test::make_riesz;

namespace {

int iterations(MPI_Comm comm, long n, int p, double alpha,
               TauCorrection correction = TauCorrection::corner, double reaction = 0.0,
               double coefficient = 1.0, RieszFft fft = RieszFft::automatic) {
  RieszOptions o;
  o.fft = fft;
  o.axis[0].spans = static_cast<PetscInt>(n);
  o.axis[0].degree = p;
  o.axis[0].alpha = alpha;
  o.reaction = reaction;
  o.axis[0].coefficient = coefficient;
  Mat a = make_riesz(comm, o);
  Vec b = test::make_vector(a, [](PetscInt i) { return test::scatter(i + 1); }), x;
  LINNET_CHECK(VecDuplicate(b, &x));
  const int count =
      test::solve(a, b, x, 1e-8, [&](PC pc) { LINNET_CHECK(PCTauSetCorrection(pc, correction)); });
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(MatDestroy(&a));
  return count;
}

} // namespace

TEST(PcTau, IterationsDependNeitherOnTheDegreeNorOnTheSize) {
  for (int p = 2; p <= 8; ++p)
    for (const double alpha : {1.05, 1.5, 1.95})
      for (const long n : {128L, 1024L, 8192L}) {
        const int count = iterations(PETSC_COMM_WORLD, n, p, alpha);
        EXPECT_GT(count, 0) << p << ' ' << alpha << ' ' << n;
        EXPECT_LE(count, 9) << p << ' ' << alpha << ' ' << n;
        EXPECT_EQ(count, iterations(PETSC_COMM_SELF, n, p, alpha)) << p << ' ' << alpha << ' ' << n;
      }
  for (const int p : {10, 12, 15})
    for (const double alpha : {1.05, 1.5, 1.95}) {
      const int count = iterations(PETSC_COMM_WORLD, 256, p, alpha);
      EXPECT_GT(count, 0) << p << ' ' << alpha;
      EXPECT_LE(count, 12) << p << ' ' << alpha;
    }
}

TEST(PcTau, IterationsDoNotDependOnWhereTransformsRun) {
  for (const int p : {2, 5, 15})
    for (const long n : {40L, 1000L, 4099L}) {
      const auto count = [&](RieszFft fft) {
        return iterations(PETSC_COMM_WORLD, n, p, 1.4, TauCorrection::corner, 0.0, 1.0, fft);
      };
      EXPECT_GT(count(RieszFft::distributed), 0);
      EXPECT_EQ(count(RieszFft::distributed), count(RieszFft::replicated)) << p << ' ' << n;
    }
}

// Without the corners the iterations grow with the degree. Known counts for the same right-hand
// side, of an independent program without padding.
TEST(PcTau, CornersMatter) {
  const struct {
    int degree;
    double alpha;
    int known;
  } cases[] = {{2, 1.1, 8}, {5, 1.5, 11}, {8, 1.9, 15}};
  for (const auto& c : cases) {
    const int plain = iterations(PETSC_COMM_WORLD, 2048, c.degree, c.alpha, TauCorrection::none);
    EXPECT_NEAR(plain, c.known, 1) << c.degree;
    if (c.degree > 2) {
      EXPECT_LE(iterations(PETSC_COMM_WORLD, 2048, c.degree, c.alpha), plain - 4) << c.degree;
    }
  }
}

TEST(PcTau, StepsInTime) {
  for (const int p : {2, 5, 8})
    for (const double dt : {1e-1, 1e-3}) {
      const int count = iterations(PETSC_COMM_WORLD, 512, p, 1.5, TauCorrection::corner, 1.0, dt);
      EXPECT_GT(count, 0) << p << ' ' << dt;
      EXPECT_LE(count, 9) << p << ' ' << dt;
    }
}

// x.P^-1 y = y.P^-T x.
TEST(PcTau, TransposedIsTheTranspose) {
  for (const RieszFft fft : {RieszFft::replicated, RieszFft::distributed}) {
    RieszOptions o;
    o.axis[0].spans = 75;
    o.axis[0].degree = 4;
    o.fft = fft;
    Mat a = make_riesz(PETSC_COMM_WORLD, o);
    PC pc;
    LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
    LINNET_CHECK(PCSetOperators(pc, a, a));
    LINNET_CHECK(PCSetType(pc, PCTAU));
    LINNET_CHECK(PCSetUp(pc));
    Vec x = test::make_vector(a, test::scatter), z;
    Vec y = test::make_vector(a, [](PetscInt i) { return test::scatter(i + 7); });
    LINNET_CHECK(VecDuplicate(x, &z));
    PetscScalar one, other;
    LINNET_CHECK(PCApply(pc, y, z));
    LINNET_CHECK(VecDot(x, z, &one));
    LINNET_CHECK(PCApplyTranspose(pc, x, z));
    LINNET_CHECK(VecDot(y, z, &other));
    EXPECT_NEAR(one, other, 1e-12 * std::abs(one));
    for (Vec* v : {&x, &y, &z}) LINNET_CHECK(VecDestroy(v));
    LINNET_CHECK(PCDestroy(&pc));
    LINNET_CHECK(MatDestroy(&a));
  }
}

// Not finite data end a solve with PETSc's reason, and no solution.
TEST(PcTau, DataThatAreNotFiniteAreTold) {
  for (const PetscInt dim : {1, 2}) {
    RieszOptions o;
    o.dim = dim;
    Mat a = make_riesz(PETSC_COMM_WORLD, o);
    Vec b = test::make_vector(a, [](PetscInt i) { return i == 3 ? double(NAN) : 1.0; }), x;
    LINNET_CHECK(VecDuplicate(b, &x));
    EXPECT_EQ(test::solve(a, b, x, 1e-8), -1);
    LINNET_CHECK(VecDestroy(&b));
    LINNET_CHECK(VecDestroy(&x));
    LINNET_CHECK(MatDestroy(&a));
  }
}
