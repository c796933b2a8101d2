// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Products against dense matrices; solutions against closed forms, with observed orders.
#include "riesz_case.hpp"

#include <gtest/gtest.h>

#include <vector>

using namespace linnet;
using namespace linnet::fractional;
using linnet::test::largest_error;
using linnet::test::make_riesz;
using linnet::test::riesz_of_bump;

namespace {

double norm(Vec v, NormType type = NORM_2) {
  PetscReal value;
  LINNET_CHECK(VecNorm(v, type, &value));
  return value;
}

RieszOptions options_of(long n, int p, double alpha) {
  RieszOptions o;
  o.axis[0].spans = static_cast<PetscInt>(n);
  o.axis[0].degree = p;
  o.axis[0].alpha = alpha;
  return o;
}

double bump(int q, double x) { return std::pow(x * (1.0 - x), q); }

double bump_error(long n, int p, double alpha, int q) {
  return largest_error(
      options_of(n, p, alpha), 1e-14, [=](double x) { return riesz_of_bump(q, alpha, x); },
      [=](double x) { return bump(q, x); });
}

} // namespace

TEST(MatRiesz, ProductsAreThoseOfTheDenseMatrix) {
  for (const int p : {2, 3, 5, 8, 15})
    for (const auto& [n, fft] : {std::pair{p + 1L, RieszFft::automatic},
                                 {p + 1L, RieszFft::distributed},
                                 {40L, RieszFft::replicated},
                                 {97L, RieszFft::replicated},
                                 {97L, RieszFft::distributed}}) {
      RieszOptions o = options_of(n, p, 1.4);
      o.fft = fft;
      o.axis[0].length = 2.5, o.axis[0].coefficient = 0.7, o.reaction = 3.0;
      Mat a = make_riesz(PETSC_COMM_WORLD, o), dense;
      LINNET_CHECK(MatConvert(a, MATDENSE, MAT_INITIAL_MATRIX, &dense));
      Vec x = test::make_vector(a, test::scatter), y, z;
      LINNET_CHECK(VecDuplicate(x, &y));
      LINNET_CHECK(VecDuplicate(x, &z));
      PetscReal size;
      LINNET_CHECK(MatNorm(dense, NORM_INFINITY, &size));
      LINNET_CHECK(MatMult(a, x, y));
      LINNET_CHECK(MatMult(dense, x, z));
      LINNET_CHECK(VecAXPY(z, -1.0, y));
      EXPECT_LE(norm(z, NORM_INFINITY), 1e-14 * size) << p << ' ' << n;
      LINNET_CHECK(MatMultTranspose(a, x, y));
      LINNET_CHECK(MatMultTranspose(dense, x, z));
      LINNET_CHECK(VecAXPY(z, -1.0, y));
      EXPECT_LE(norm(z, NORM_INFINITY), 1e-14 * size) << p << ' ' << n;
      LINNET_CHECK(MatGetDiagonal(a, y));
      LINNET_CHECK(MatGetDiagonal(dense, z));
      LINNET_CHECK(VecAXPY(z, -1.0, y));
      EXPECT_LE(norm(z, NORM_INFINITY), 1e-14 * size) << p << ' ' << n;
      for (Vec* v : {&x, &y, &z}) LINNET_CHECK(VecDestroy(v));
      LINNET_CHECK(MatDestroy(&a));
      LINNET_CHECK(MatDestroy(&dense));
    }
}

// The mass matrix interpolates: with the coefficients c of x(1-x) it gives the values at the
// Greville points.
TEST(MatRiesz, MassMatrixGivesValues) {
  for (const int p : {2, 3, 6, 15}) {
    Mat a = make_riesz(PETSC_COMM_WORLD, options_of(50, p, 1.5)), m;
    LINNET_CHECK(MatRieszCreateSimilar(a, 0.0, 1.0, &m));
    Vec c = test::make_vector(a, test::scatter), y, points;
    LINNET_CHECK(VecDuplicate(c, &y));
    LINNET_CHECK(VecDuplicate(c, &points));
    LINNET_CHECK(MatMult(m, c, y));
    LINNET_CHECK(MatRieszGetPoints(a, 0, points));
    PetscInt begin, end;
    LINNET_CHECK(VecGetOwnershipRange(points, &begin, &end));
    std::vector<PetscReal> at, values(50 + std::size_t(p) - 2);
    std::vector<PetscScalar> mine(std::size_t(end - begin));
    for (PetscInt i = 0; i < PetscInt(values.size()); ++i)
      at.push_back(SplineBasis(50, p).greville(i) / 50.0);
    LINNET_CHECK(MatRieszEvaluate(a, c, PetscInt(at.size()), at.data(), values.data()));
    for (PetscInt i = begin; i < end; ++i) {
      PetscScalar x, value;
      LINNET_CHECK(VecGetValues(points, 1, &i, &x));
      LINNET_CHECK(VecGetValues(y, 1, &i, &value));
      EXPECT_DOUBLE_EQ(x, at[std::size_t(i)]);
      EXPECT_NEAR(value, values[std::size_t(i)], 1e-14) << p << ' ' << i;
    }
    for (Vec* v : {&c, &y, &points}) LINNET_CHECK(VecDestroy(v));
    LINNET_CHECK(MatDestroy(&a));
    LINNET_CHECK(MatDestroy(&m));
  }
}

// Splines of degree p hold x^q (1-x)^q for 2 q <= p; the rest is the condition of the matrix,
// n^alpha, times rounding.
TEST(MatRiesz, ReproducesPolynomials) {
  int ranks = 0;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  // Ranks share the rows, whatever alpha is.
  for (const double alpha : ranks == 1 ? std::vector{1.2, 1.5, 1.8} : std::vector{1.5})
    for (const int p : {2, 3, 4, 5, 6, 8, 11, 15})
      for (int q = 1; 2 * q <= p && q <= 4; ++q) {
        EXPECT_LE(bump_error(std::max(16L, p + 1L), p, alpha, q), 1e-13) << p << ' ' << q;
        EXPECT_LE(bump_error(256, p, alpha, q), 5e-12) << p << ' ' << q << ' ' << alpha;
      }
}

// Largest errors for x^4 (1-x)^4 at n = 64 and 128, computed independently in double precision with
// a dense solver.
TEST(MatRiesz, ConvergesWithItsOrder) {
  struct Known {
    int degree;
    double alpha, at_64, at_128;
  };
  for (const Known& k : {Known{2, 1.2, 1.097e-07, 1.540e-08},
                         {2, 1.5, 2.584e-07, 4.568e-08},
                         {2, 1.8, 6.749e-07, 1.471e-07},
                         {3, 1.2, 8.277e-08, 1.158e-08},
                         {3, 1.5, 2.609e-07, 4.672e-08},
                         {3, 1.8, 9.825e-07, 2.162e-07},
                         {4, 1.2, 4.407e-10, 1.713e-11},
                         {4, 1.5, 1.208e-09, 5.810e-11},
                         {4, 1.8, 3.290e-09, 1.953e-10},
                         {5, 1.2, 1.419e-10, 5.279e-12},
                         {5, 1.5, 4.357e-10, 1.995e-11},
                         {5, 1.8, 1.321e-09, 7.414e-11}}) {
    const double coarse = bump_error(64, k.degree, k.alpha, 4);
    const double fine = bump_error(128, k.degree, k.alpha, 4);
    EXPECT_NEAR(coarse / k.at_64, 1.0, 0.02) << k.degree << ' ' << k.alpha;
    EXPECT_NEAR(fine / k.at_128, 1.0, 0.02) << k.degree << ' ' << k.alpha;
    const double order = k.degree % 2 == 0 ? k.degree + 2 - k.alpha : k.degree + 1 - k.alpha;
    EXPECT_NEAR(std::log2(coarse / fine), order, 0.15) << k.degree << ' ' << k.alpha;
  }
}

// s = 1: u = (x(1-x))^(alpha/2) / Gamma(alpha+1) has no derivative at the ends, and no degree
// helps.
TEST(MatRiesz, TheOrderIsHalfOfAlphaForAConstantSource) {
  for (const double alpha : {1.2, 1.8})
    for (const int p : {2, 5}) {
      const auto error = [&](long n) {
        return largest_error(
            options_of(n, p, alpha), 1e-12, [](double) { return 1.0; },
            [=](double x) {
              return std::pow(x * (1.0 - x), 0.5 * alpha) / std::tgamma(alpha + 1.0);
            });
      };
      EXPECT_NEAR(std::log2(error(32) / error(64)), 0.5 * alpha, 0.05) << p << ' ' << alpha;
    }
}

TEST(MatRiesz, RefusesWhatMakesNoSense) {
  LINNET_CHECK(PetscPushErrorHandler(PetscIgnoreErrorHandler, nullptr));
  const auto refuses = [](const RieszOptions& o) {
    Mat a;
    LINNET_CHECK(MatCreate(PETSC_COMM_WORLD, &a));
    LINNET_CHECK(MatSetType(a, MATRIESZ));
    LINNET_CHECK(MatRieszSetOptions(a, o));
    const bool refused = MatSetUp(a) != PETSC_SUCCESS;
    LINNET_CHECK(MatDestroy(&a));
    return refused;
  };
  EXPECT_TRUE(refuses(options_of(64, 3, 2.0)));
  EXPECT_TRUE(refuses(options_of(64, 3, 1.0)));
  EXPECT_TRUE(refuses(options_of(64, 1, 1.5)));
  EXPECT_TRUE(refuses(options_of(64, 16, 1.5)));
  EXPECT_TRUE(refuses(options_of(3, 3, 1.5)));
  RieszOptions o;
  o.axis[0].length = -1.0;
  EXPECT_TRUE(refuses(o));
  o = RieszOptions();
  o.axis[0].coefficient = NAN;
  EXPECT_TRUE(refuses(o));
  o.axis[0].coefficient = 0.0;
  EXPECT_TRUE(refuses(o));
  LINNET_CHECK(PetscPopErrorHandler());
}

// On all ranks, also where only some of them see the difference.
TEST(MatRiesz, RefusesRowsAndColumnsThatAreDistributedDifferently) {
  PetscMPIInt ranks, rank;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  if (ranks == 1) GTEST_SKIP() << "needs more ranks than one";
  LINNET_CHECK(PetscPushErrorHandler(PetscIgnoreErrorHandler, nullptr));
  const PetscInt rows = 16, shift = rank == 0 ? 1 : rank == 1 ? -1 : 0;
  Mat a;
  LINNET_CHECK(MatCreate(PETSC_COMM_WORLD, &a));
  LINNET_CHECK(MatSetSizes(a, rows, rows + shift, PETSC_DETERMINE, PETSC_DETERMINE));
  LINNET_CHECK(MatSetType(a, MATRIESZ));
  LINNET_CHECK(MatRieszSetOptions(a, options_of(rows * ranks - 1, 3, 1.5)));
  EXPECT_NE(MatSetUp(a), PETSC_SUCCESS);
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(PetscPopErrorHandler());
}

TEST(MatRiesz, ACopyMayReadOptions) {
  Mat a = make_riesz(PETSC_COMM_WORLD, options_of(40, 3, 1.5)), b;
  LINNET_CHECK(MatDuplicate(a, MAT_COPY_VALUES, &b));
  EXPECT_EQ(MatSetFromOptions(b), PETSC_SUCCESS);
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(MatDestroy(&b));
}
