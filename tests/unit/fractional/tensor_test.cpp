// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Two and three directions, and variable coefficients: products against dense matrices, inverses
// against products, solutions against closed forms.
#include "riesz_case.hpp"

#include <linnet/fractional/riesz_terms.hpp>

#include <gtest/gtest.h>

using namespace linnet;
using namespace linnet::fractional;
using linnet::test::make_riesz;

namespace {

RieszAxis axis_of(PetscInt spans, PetscInt degree, double alpha, double length = 1.0,
                  double coefficient = 1.0) {
  return {spans, degree, alpha, length, coefficient};
}

RieszOptions options_of(std::initializer_list<RieszAxis> axes, double reaction = 0.0) {
  RieszOptions o;
  o.dim = static_cast<PetscInt>(axes.size());
  std::copy(axes.begin(), axes.end(), o.axis.begin());
  o.reaction = reaction;
  return o;
}

double largest(Vec v) {
  PetscReal value;
  LINNET_CHECK(VecNorm(v, NORM_INFINITY, &value));
  return value;
}

double distance(Vec a, Vec b) {
  LINNET_CHECK(VecAXPY(b, -1.0, a));
  return largest(b);
}

/// 1 + a wave, without pattern in its phases.
Vec field_for(Mat a) {
  return test::make_vector(a, [](PetscInt i) { return 2.0 + std::cos(3.0 * i + 0.1 * i * i); });
}

void expect_dense(Mat a, const std::string& what) {
  Mat dense;
  LINNET_CHECK(MatConvert(a, MATDENSE, MAT_INITIAL_MATRIX, &dense));
  Vec x = test::make_vector(a, test::scatter), y, z;
  LINNET_CHECK(VecDuplicate(x, &y));
  LINNET_CHECK(VecDuplicate(x, &z));
  PetscReal size;
  LINNET_CHECK(MatNorm(dense, NORM_INFINITY, &size));
  LINNET_CHECK(MatMult(a, x, y));
  LINNET_CHECK(MatMult(dense, x, z));
  EXPECT_LE(distance(y, z), 1e-14 * size) << what;
  LINNET_CHECK(MatMultTranspose(a, x, y));
  LINNET_CHECK(MatMultTranspose(dense, x, z));
  EXPECT_LE(distance(y, z), 1e-13 * size) << what << " transposed";
  for (const bool in_place : {false, true}) {
    LINNET_CHECK(VecCopy(x, y));
    LINNET_CHECK(MatMultAdd(a, x, in_place ? y : x, y));
    LINNET_CHECK(MatMultAdd(dense, x, x, z));
    EXPECT_LE(distance(y, z), 1e-14 * size) << what << " sum";
    LINNET_CHECK(VecCopy(x, y));
    LINNET_CHECK(MatMultTransposeAdd(a, x, in_place ? y : x, y));
    LINNET_CHECK(MatMultTransposeAdd(dense, x, x, z));
    EXPECT_LE(distance(y, z), 1e-13 * size) << what << " transposed sum";
  }
  LINNET_CHECK(MatGetDiagonal(a, y));
  LINNET_CHECK(MatGetDiagonal(dense, z));
  EXPECT_LE(distance(y, z), 1e-14 * size) << what << " diagonal";
  for (Vec* v : {&x, &y, &z}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(MatDestroy(&dense));
}

/// |b - A P^-1 b| / |b|, or with both transposed.
double residual_of_inverse(Mat a, TauTensor tensor, bool transposed) {
  PC pc;
  LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
  LINNET_CHECK(PCSetOperators(pc, a, a));
  LINNET_CHECK(PCSetType(pc, PCTAU));
  LINNET_CHECK(PCTauSetTensor(pc, tensor));
  LINNET_CHECK(PCSetUp(pc));
  Vec b = test::make_vector(a, test::scatter), x, r;
  LINNET_CHECK(VecDuplicate(b, &x));
  LINNET_CHECK(VecDuplicate(b, &r));
  LINNET_CHECK(transposed ? PCApplyTranspose(pc, b, x) : PCApply(pc, b, x));
  LINNET_CHECK(transposed ? MatMultTranspose(a, x, r) : MatMult(a, x, r));
  const double size = largest(b), error = distance(b, r);
  for (Vec* v : {&b, &x, &r}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(PCDestroy(&pc));
  return error / size;
}

int sine_iterations(MPI_Comm comm, const RieszOptions& options) {
  Mat a = make_riesz(comm, options);
  Vec b = test::make_vector(a, [](PetscInt i) { return test::scatter(i + 1); }), x;
  LINNET_CHECK(VecDuplicate(b, &x));
  const int count =
      test::solve(a, b, x, 1e-8, [](PC pc) { LINNET_CHECK(PCTauSetTensor(pc, TauTensor::sine)); });
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(MatDestroy(&a));
  return count;
}

double bump(double x) { return std::pow(x * (1.0 - x), 3); }

} // namespace

TEST(Tensor, ProductsAreThoseOfTheDenseMatrix) {
  const RieszAxis x = axis_of(9, 3, 1.3, 2.0, 0.7), y = axis_of(12, 2, 1.8), z = axis_of(7, 5, 1.5);
  const RieszAxis still = axis_of(8, 4, 1.5, 1.0, 0.0);
  for (const auto& axes : std::vector<std::vector<RieszAxis>>{{x},
                                                              {x, y},
                                                              {y, z},
                                                              {still, y},
                                                              {y, still},
                                                              {x, y, z},
                                                              {z, still, x},
                                                              {x, still, still}})
    for (const double reaction : {0.0, 0.4})
      for (const bool variable : {false, true}) {
        RieszOptions o;
        o.dim = static_cast<PetscInt>(axes.size());
        std::copy(axes.begin(), axes.end(), o.axis.begin());
        o.reaction = reaction;
        Mat a = make_riesz(PETSC_COMM_WORLD, o);
        if (variable) {
          Vec field = field_for(a);
          LINNET_CHECK(MatRieszSetCoefficientField(a, field));
          LINNET_CHECK(VecDestroy(&field));
        }
        const std::string what = std::to_string(o.dim) + "-D, reaction " +
                                 std::to_string(reaction) + (variable ? ", variable" : "");
        expect_dense(a, what);
        Mat mass;
        LINNET_CHECK(MatRieszCreateSimilar(a, 0.0, 2.0, &mass));
        expect_dense(mass, what + ", mass");
        LINNET_CHECK(MatRieszSetReaction(a, 3.0));
        expect_dense(a, what + ", other reaction");
        LINNET_CHECK(MatDestroy(&mass));
        LINNET_CHECK(MatDestroy(&a));
      }
}

// Lines longer than dense ones may be: of a product of two vectors, against the matrices of one
// direction.
TEST(Tensor, LongLinesAreMultipliedLikeShortOnes) {
  const RieszAxis longer = axis_of(1700, 3, 1.4), shorter = axis_of(11, 2, 1.7);
  for (const bool first : {true, false}) {
    const RieszAxis x = first ? longer : shorter, y = first ? shorter : longer;
    Mat a = make_riesz(PETSC_COMM_WORLD, options_of({x, y}));
    const long nx = x.spans + x.degree - 2;
    std::array<Mat, 2> riesz, mass;
    std::array<Vec, 2> v, av, mv;
    std::array<const PetscScalar*, 2> values, riesz_values, mass_values;
    for (std::size_t d = 0; d < 2; ++d) {
      riesz[d] = make_riesz(PETSC_COMM_SELF, options_of({d == 0 ? x : y}));
      LINNET_CHECK(MatRieszCreateSimilar(riesz[d], 0.0, 1.0, &mass[d]));
      v[d] = test::make_vector(riesz[d], [&](PetscInt i) { return test::scatter(i + 5); });
      LINNET_CHECK(VecDuplicate(v[d], &av[d]));
      LINNET_CHECK(VecDuplicate(v[d], &mv[d]));
      LINNET_CHECK(MatMult(riesz[d], v[d], av[d]));
      LINNET_CHECK(MatMult(mass[d], v[d], mv[d]));
      LINNET_CHECK(VecGetArrayRead(v[d], &values[d]));
      LINNET_CHECK(VecGetArrayRead(av[d], &riesz_values[d]));
      LINNET_CHECK(VecGetArrayRead(mv[d], &mass_values[d]));
    }
    Vec product =
        test::make_vector(a, [&](PetscInt k) { return values[0][k % nx] * values[1][k / nx]; });
    Vec expected = test::make_vector(a, [&](PetscInt k) {
      const auto i = k % nx, j = k / nx;
      return riesz_values[0][i] * mass_values[1][j] + mass_values[0][i] * riesz_values[1][j];
    });
    Vec y_vec;
    LINNET_CHECK(VecDuplicate(product, &y_vec));
    LINNET_CHECK(MatMult(a, product, y_vec));
    const double size = largest(expected);
    EXPECT_LE(distance(expected, y_vec), 1e-12 * size) << first;
    for (std::size_t d = 0; d < 2; ++d) {
      LINNET_CHECK(VecRestoreArrayRead(v[d], &values[d]));
      LINNET_CHECK(VecRestoreArrayRead(av[d], &riesz_values[d]));
      LINNET_CHECK(VecRestoreArrayRead(mv[d], &mass_values[d]));
      for (Vec* w : {&v[d], &av[d], &mv[d]}) LINNET_CHECK(VecDestroy(w));
      LINNET_CHECK(MatDestroy(&riesz[d]));
      LINNET_CHECK(MatDestroy(&mass[d]));
    }
    for (Vec* w : {&product, &expected, &y_vec}) LINNET_CHECK(VecDestroy(w));
    LINNET_CHECK(MatDestroy(&a));
  }
}

TEST(Tensor, FastDiagonalisationIsExact) {
  const RieszAxis x = axis_of(33, 3, 1.3, 2.0, 0.7), y = axis_of(20, 7, 1.8),
                  z = axis_of(7, 5, 1.5);
  for (const RieszOptions& o :
       {options_of({x, y}), options_of({x, x}, 5.0), options_of({z, x, y}, 1.0),
        options_of({z, z, z}), options_of({axis_of(8, 4, 1.5, 1.0, 0.0), y}),
        options_of({axis_of(128, 2, 1.05), axis_of(96, 8, 1.95)})}) {
    Mat a = make_riesz(PETSC_COMM_WORLD, o);
    EXPECT_LE(residual_of_inverse(a, TauTensor::diagonalise, false), 1e-11) << o.dim;
    EXPECT_LE(residual_of_inverse(a, TauTensor::diagonalise, true), 1e-11) << o.dim;
    LINNET_CHECK(MatDestroy(&a));
  }
}

// A PC that is set up follows its matrix and its own options.
TEST(Tensor, ThePreconditionerFollowsTheMatrix) {
  Mat a = make_riesz(PETSC_COMM_WORLD, options_of({axis_of(20, 3, 1.3), axis_of(16, 4, 1.8)}, 1.0));
  Mat other = make_riesz(PETSC_COMM_WORLD, options_of({axis_of(20, 3, 1.7), axis_of(16, 4, 1.2)}));
  PC pc;
  LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
  LINNET_CHECK(PCSetType(pc, PCTAU));
  Vec b = test::make_vector(a, test::scatter), x, r;
  LINNET_CHECK(VecDuplicate(b, &x));
  LINNET_CHECK(VecDuplicate(b, &r));
  const auto residual = [&](Mat matrix) {
    LINNET_CHECK(PCSetOperators(pc, matrix, matrix));
    LINNET_CHECK(PCSetUp(pc));
    LINNET_CHECK(PCApply(pc, b, x));
    LINNET_CHECK(MatMult(matrix, x, r));
    return distance(b, r) / largest(b);
  };
  EXPECT_LE(residual(a), 1e-11);
  LINNET_CHECK(MatRieszSetReaction(a, 1e4));
  EXPECT_LE(residual(a), 1e-11);
  EXPECT_LE(residual(other), 1e-11);
  Vec field = field_for(a);
  LINNET_CHECK(MatRieszSetCoefficientField(other, field));
  EXPECT_LE(residual(other), 1e-11);
  LINNET_CHECK(PCTauSetTensor(pc, TauTensor::sine));
  EXPECT_GE(residual(other), 1e-3);
  LINNET_CHECK(PCTauSetTensor(pc, TauTensor::automatic));
  EXPECT_LE(residual(other), 1e-11);
  for (Vec* v : {&b, &x, &r, &field}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(PCDestroy(&pc));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(MatDestroy(&other));
}

// Where the mass matrix dominates, and only then, few iterations do.
TEST(Tensor, SineTransformsKnowTheReaction) {
  const auto strong = options_of({axis_of(20, 2, 1.5), axis_of(16, 2, 1.3)}, 1e7);
  const int count = sine_iterations(PETSC_COMM_WORLD, strong);
  EXPECT_GT(count, 0);
  EXPECT_LE(count, 20);
}

// The same with a variable coefficient and no reaction.
TEST(Tensor, AVariableCoefficientIsDividedOut) {
  Mat a = make_riesz(PETSC_COMM_WORLD, options_of({axis_of(30, 3, 1.3), axis_of(20, 4, 1.8)}));
  Vec field = field_for(a);
  LINNET_CHECK(MatRieszSetCoefficientField(a, field));
  EXPECT_LE(residual_of_inverse(a, TauTensor::diagonalise, false), 1e-11);
  EXPECT_LE(residual_of_inverse(a, TauTensor::diagonalise, true), 1e-11);
  LINNET_CHECK(VecDestroy(&field));
  LINNET_CHECK(MatDestroy(&a));
}

// Counts for the same right-hand sides of an independent program without padding, at the largest n
// it ran, 256; they change with n by at most 2.
TEST(Tensor, SineTransformsDoNotDependOnTheSize) {
  const struct {
    PetscInt degree;
    double alpha_x, alpha_y;
    int known;
  } cases[] = {{2, 1.1, 1.1, 8},  {2, 1.5, 1.5, 9},  {3, 1.5, 1.5, 13},
               {3, 1.2, 1.8, 16}, {4, 1.9, 1.9, 24}, {5, 1.5, 1.5, 23}};
  for (const auto& c : cases)
    for (const PetscInt n : {32, 64, 128}) {
      const auto o = options_of({axis_of(n, c.degree, c.alpha_x), axis_of(n, c.degree, c.alpha_y)});
      const int count = sine_iterations(PETSC_COMM_WORLD, o);
      EXPECT_NEAR(count, c.known, 3) << c.degree << ' ' << c.alpha_x << ' ' << n;
      if (n == 32) {
        EXPECT_EQ(count, sine_iterations(PETSC_COMM_SELF, o)) << c.degree;
      }
    }
  const auto box = options_of({axis_of(20, 3, 1.5), axis_of(16, 3, 1.3), axis_of(12, 3, 1.8)}, 2.0);
  const int count = sine_iterations(PETSC_COMM_WORLD, box);
  EXPECT_GT(count, 0);
  EXPECT_EQ(count, sine_iterations(PETSC_COMM_SELF, box));
}

// x^3 (1-x)^3 y^3 (1-y)^3 for the orders 1.3 and 1.7. Largest errors at n = 16, 32, 64, computed
// independently on a grid of points of its own: hence the few per cent.
TEST(Tensor, ConvergesInTwoDirections) {
  const struct {
    PetscInt degree;
    double errors[3];
  } known[] = {{2, {6.04e-7, 1.10e-7, 2.26e-8}},
               {3, {7.06e-7, 1.38e-7, 2.93e-8}},
               {4, {1.86e-8, 9.70e-10, 4.97e-11}},
               {5, {6.87e-9, 3.47e-10, 1.73e-11}}};
  for (const auto& k : known)
    for (int level = 0; level < 3; ++level) {
      const PetscInt n = 16 << level;
      Mat a = make_riesz(PETSC_COMM_WORLD,
                         options_of({axis_of(n, k.degree, 1.3), axis_of(n, k.degree, 1.7)}));
      Vec x, y, b, u;
      LINNET_CHECK(MatCreateVecs(a, &u, &b));
      LINNET_CHECK(VecDuplicate(b, &x));
      LINNET_CHECK(VecDuplicate(b, &y));
      LINNET_CHECK(MatRieszGetPoints(a, 0, x));
      LINNET_CHECK(MatRieszGetPoints(a, 1, y));
      PetscInt begin, end;
      LINNET_CHECK(VecGetOwnershipRange(b, &begin, &end));
      for (PetscInt i = begin; i < end; ++i) {
        PetscScalar px, py;
        LINNET_CHECK(VecGetValues(x, 1, &i, &px));
        LINNET_CHECK(VecGetValues(y, 1, &i, &py));
        LINNET_CHECK(VecSetValue(b, i,
                                 test::riesz_of_bump(3, 1.3, px) * bump(py) +
                                     bump(px) * test::riesz_of_bump(3, 1.7, py),
                                 INSERT_VALUES));
      }
      LINNET_CHECK(VecAssemblyBegin(b));
      LINNET_CHECK(VecAssemblyEnd(b));
      EXPECT_GT(test::solve(a, b, u, 1e-12), 0);
      std::vector<double> at, values(201 * 201);
      for (int j = 0; j <= 200; ++j)
        for (int i = 0; i <= 200; ++i) at.insert(at.end(), {i / 200.0, j / 200.0});
      LINNET_CHECK(MatRieszEvaluate(a, u, 201 * 201, at.data(), values.data()));
      double error = 0.0;
      for (std::size_t q = 0; q < values.size(); ++q)
        error = std::max(error, std::abs(values[q] - bump(at[2 * q]) * bump(at[2 * q + 1])));
      EXPECT_NEAR(error / k.errors[level], 1.0, 0.05) << k.degree << ' ' << n;
      for (Vec* v : {&x, &y, &b, &u}) LINNET_CHECK(VecDestroy(v));
      LINNET_CHECK(MatDestroy(&a));
    }
}

// Steps in time M + dt D A, p = 3, alpha = 1.5, n = 512: counts of an independent program with the
// same preconditioner.
TEST(Tensor, VariableCoefficientsInTime) {
  const struct {
    double (*coefficient)(double);
    double dt;
    int known;
  } cases[] = {{[](double x) { return 1.0 + x; }, 1e-1, 7},
               {[](double x) { return 1.0 + x; }, 1e-3, 9},
               {[](double x) { return std::exp(3.0 * x); }, 1e-2, 11},
               {[](double x) { return 1.05 + std::sin(8.0 * std::numbers::pi * x); }, 1e-1, 12}};
  for (const auto& c : cases) {
    Mat a = make_riesz(PETSC_COMM_WORLD, options_of({axis_of(512, 3, 1.5, 1.0, c.dt)}, 1.0));
    Vec x, b = test::make_vector(a, [](PetscInt i) { return test::scatter(i + 1); });
    LINNET_CHECK(VecDuplicate(b, &x));
    LINNET_CHECK(MatRieszGetPoints(a, 0, x));
    PetscInt count;
    PetscScalar* values;
    LINNET_CHECK(VecGetLocalSize(x, &count));
    LINNET_CHECK(VecGetArray(x, &values));
    for (PetscInt i = 0; i < count; ++i) values[i] = c.coefficient(values[i]);
    LINNET_CHECK(VecRestoreArray(x, &values));
    LINNET_CHECK(MatRieszSetCoefficientField(a, x));
    EXPECT_NEAR(test::solve(a, b, x, 1e-8), c.known, 2) << c.dt;
    LINNET_CHECK(VecDestroy(&x));
    LINNET_CHECK(VecDestroy(&b));
    LINNET_CHECK(MatDestroy(&a));
  }
}

TEST(Tensor, RefusesRowsSumsAndReactionsThatMakeNoSense) {
  LINNET_CHECK(PetscPushErrorHandler(PetscIgnoreErrorHandler, nullptr));
  Mat a = make_riesz(PETSC_COMM_WORLD, options_of({axis_of(8, 2, 1.5), axis_of(8, 2, 1.5)}));
  const PetscInt* columns;
  const PetscScalar* values;
  PetscInt begin, end, count;
  LINNET_CHECK(MatGetOwnershipRange(a, &begin, &end));
  if (end > begin) {
    EXPECT_NE(MatGetRow(a, begin, &count, &columns, &values), PETSC_SUCCESS);
  }
  EXPECT_NE(MatRieszSetReaction(a, -1.0), PETSC_SUCCESS);
  EXPECT_NE(MatRieszSetReaction(a, NAN), PETSC_SUCCESS);
  LINNET_CHECK(PetscPopErrorHandler());
  expect_dense(a, "after refusals");
  LINNET_CHECK(MatDestroy(&a));
}

TEST(Tensor, RefusesPartsOfPlanesAndCoefficientsThatAreNotPositive) {
  PetscMPIInt ranks, rank;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  LINNET_CHECK(PetscPushErrorHandler(PetscIgnoreErrorHandler, nullptr));
  const auto o = options_of({axis_of(8, 2, 1.5), axis_of(8, 2, 1.5)});
  if (ranks > 1) {
    Mat a;
    LINNET_CHECK(MatCreate(PETSC_COMM_WORLD, &a));
    const PetscInt mine = rank == 0 ? 12 : rank == 1 ? 52 : 0;
    LINNET_CHECK(MatSetSizes(a, mine, mine, 64, 64));
    LINNET_CHECK(MatSetType(a, MATRIESZ));
    LINNET_CHECK(MatRieszSetOptions(a, o));
    EXPECT_NE(MatSetUp(a), PETSC_SUCCESS);
    LINNET_CHECK(MatDestroy(&a));
  }
  Mat a = make_riesz(PETSC_COMM_WORLD, o);
  for (const double bad : {0.0, -1.0, double(INFINITY), double(NAN)}) {
    Vec field = test::make_vector(a, [&](PetscInt i) { return i == 5 ? bad : 1.0; });
    EXPECT_NE(MatRieszSetCoefficientField(a, field), PETSC_SUCCESS) << bad;
    LINNET_CHECK(VecDestroy(&field));
  }
  LINNET_CHECK(PetscPopErrorHandler());
  LINNET_CHECK(MatDestroy(&a));
}
