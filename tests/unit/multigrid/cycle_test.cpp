// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The cycle as a linear operator: against an independent sparse-matrix V-cycle, symmetry,
// definiteness, spectrum.
#include "diffusion_matrix.hpp"

#include <linnet/multigrid/boxmg_preconditioner.hpp>

#include <gtest/gtest.h>

#include <petscblaslapack.h>

#include <cmath>

using namespace linnet;
using namespace linnet::multigrid;
using linnet::test::DiffusionCase;

namespace {

double dot(Vec x, Vec y) {
  PetscScalar v;
  LINNET_CHECK(VecDot(x, y, &v));
  return v;
}

double norm(Vec x) {
  PetscReal v;
  LINNET_CHECK(VecNorm(x, NORM_2, &v));
  return v;
}

BoxmgOptions fp64() {
  BoxmgOptions o;
  o.precision = Precision::fp64;
  return o;
}

/// Bilinear interpolation from every second interior point, as a matrix.
Mat bilinear(int n) {
  const int m = n / 2;
  Mat p;
  LINNET_CHECK(MatCreateSeqAIJ(PETSC_COMM_SELF, n * n, m * m, 9, nullptr, &p));
  for (int J = 0; J < m; ++J)
    for (int I = 0; I < m; ++I)
      for (int y = -1; y <= 1; ++y)
        for (int x = -1; x <= 1; ++x)
          LINNET_CHECK(MatSetValue(p, 2 * I + 1 + x + n * (2 * J + 1 + y), I + m * J,
                                   (x ? 0.5 : 1.0) * (y ? 0.5 : 1.0), INSERT_VALUES));
  LINNET_CHECK(MatAssemblyBegin(p, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(p, MAT_FINAL_ASSEMBLY));
  return p;
}

/// The textbook V(1,1) cycle with bilinear interpolation, Galerkin operators and the smoother
/// 0.8 / diagonal, by PETSc's sparse matrices; x = B b. Solves directly at 3 x 3 points.
void textbook_cycle(Mat a, int n, Vec b, Vec x) {
  if (n == 3) {
    Mat factor;
    LINNET_CHECK(MatConvert(a, MATSEQDENSE, MAT_INITIAL_MATRIX, &factor));
    LINNET_CHECK(MatLUFactor(factor, nullptr, nullptr, nullptr));
    LINNET_CHECK(MatSolve(factor, b, x));
    LINNET_CHECK(MatDestroy(&factor));
    return;
  }
  Vec r, diagonal, coarse_b, coarse_x;
  LINNET_CHECK(VecDuplicate(b, &r));
  LINNET_CHECK(VecDuplicate(b, &diagonal));
  LINNET_CHECK(MatGetDiagonal(a, diagonal));
  LINNET_CHECK(VecReciprocal(diagonal));
  LINNET_CHECK(VecScale(diagonal, 0.8));
  LINNET_CHECK(VecPointwiseMult(x, diagonal, b));
  LINNET_CHECK(MatMult(a, x, r));
  LINNET_CHECK(VecAYPX(r, -1.0, b));
  Mat p = bilinear(n), coarse;
  LINNET_CHECK(MatPtAP(a, p, MAT_INITIAL_MATRIX, 2.0, &coarse));
  LINNET_CHECK(MatCreateVecs(coarse, &coarse_x, &coarse_b));
  LINNET_CHECK(MatMultTranspose(p, r, coarse_b));
  textbook_cycle(coarse, n / 2, coarse_b, coarse_x);
  LINNET_CHECK(MatMultAdd(p, coarse_x, x, x));
  LINNET_CHECK(MatMult(a, x, r));
  LINNET_CHECK(VecAYPX(r, -1.0, b));
  LINNET_CHECK(VecPointwiseMult(r, diagonal, r));
  LINNET_CHECK(VecAXPY(x, 1.0, r));
  for (Vec* v : {&r, &diagonal, &coarse_b, &coarse_x}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(MatDestroy(&p));
  LINNET_CHECK(MatDestroy(&coarse));
}

/// Copies a distributed DMDA vector, in natural order, to every rank.
Vec natural_everywhere(DM da, Vec x) {
  Vec natural, all;
  VecScatter scatter;
  LINNET_CHECK(DMDACreateNaturalVector(da, &natural));
  LINNET_CHECK(DMDAGlobalToNaturalBegin(da, x, INSERT_VALUES, natural));
  LINNET_CHECK(DMDAGlobalToNaturalEnd(da, x, INSERT_VALUES, natural));
  LINNET_CHECK(VecScatterCreateToAll(natural, &scatter, &all));
  LINNET_CHECK(VecScatterBegin(scatter, natural, all, INSERT_VALUES, SCATTER_FORWARD));
  LINNET_CHECK(VecScatterEnd(scatter, natural, all, INSERT_VALUES, SCATTER_FORWARD));
  LINNET_CHECK(VecScatterDestroy(&scatter));
  LINNET_CHECK(VecDestroy(&natural));
  return all;
}

double relative_difference(Vec x, Vec y) {
  LINNET_CHECK(VecAXPY(x, -1.0, y));
  return norm(x) / norm(y);
}

const std::vector<DiffusionCase>& hard_cases() {
  static const std::vector<DiffusionCase> cases = [] {
    std::vector<DiffusionCase> c(10);
    c[0] = {2, {37, 52, 1}, {}, true, test::random_kappa(1e8, 1), {}, 1.0};
    c[1] = {3, {17, 12, 21}, {}, true, test::random_kappa(1e8, 2), {}, 1.0};
    c[2] = {3, {16, 16, 16}, {}, true, test::block_kappa(1e8, 2, 3), {}, 1.0};
    c[3] = {3, {12, 11, 9}, {true, false, true}, true, test::block_kappa(1e6, 1, 4), {}, 1.0};
    c[4] = {2, {101, 7, 1}, {false, true, false}, true, test::random_kappa(1e4, 5), {}, 1.0};
    c[5] = {3, {40, 1, 19}, {}, true, test::random_kappa(1e3, 6), {}, 1.0};
    // Anisotropy along a rotated axis: the couplings (1,-1) are positive entries, no M-matrix.
    c[6] = {2, {45, 33, 1}, {}, true, {}, [](int, int) { return 0.45; }, 1.0};
    c[6].kappa = [](int, int, int) { return 1.0; };
    // Semicoarsening: one direction, two directions, and one across couplings of both signs.
    c[7] = {3, {18, 23, 16}, {}, true, test::random_kappa(1e4, 7), {}, 1.0, {1.0, 1e4, 1.0}};
    c[8] = {3,  {19, 12, 15}, {true, false, false}, true, test::block_kappa(1e3, 2, 8),
            {}, 1.0,          {1.0, 1.0, 1e-5}};
    c[9] = {2, {45, 33, 1}, {}, true, {}, [](int, int) { return 0.45; }, 1.0, {30.0, 1.0, 1.0}};
    c[9].kappa = c[6].kappa;
    return c;
  }();
  return cases;
}

} // namespace

TEST(Cycle, EqualsTheTextbookCycle) {
  const int n = 63;
  DiffusionCase c{2, {n, n, 1}, {}, true, [](int, int, int) { return 1.0; }, {}, 1.0};
  DM da = test::make_da(PETSC_COMM_WORLD, c), serial_da = test::make_da(PETSC_COMM_SELF, c);
  Mat a = test::make_matrix(da, c), serial_a = test::make_matrix(serial_da, c);
  BoxmgOptions options = fp64();
  options.smoother = Smoother::jacobi;
  options.coarse_limit = 9;
  options.agglomerate_limit = 64;
  BoxmgPreconditioner boxmg(a, da, {}, options);
  boxmg.update(a);
  Vec b = test::make_vector(da, 3), x;
  Vec serial_b = test::make_vector(serial_da, 3), serial_x;
  LINNET_CHECK(VecDuplicate(b, &x));
  LINNET_CHECK(VecDuplicate(serial_b, &serial_x));
  boxmg.apply(b, x);
  textbook_cycle(serial_a, n, serial_b, serial_x);
  Vec all = natural_everywhere(da, x);
  EXPECT_LT(relative_difference(all, serial_x), 1e-13);
  for (Vec* v : {&b, &x, &serial_b, &serial_x, &all}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(MatDestroy(&serial_a));
  LINNET_CHECK(DMDestroy(&da));
  LINNET_CHECK(DMDestroy(&serial_da));
}

TEST(Cycle, StationaryRateAndCgCountOfTheTextbookCycle) {
  for (const int n : {127, 255}) {
    DiffusionCase c{2, {n, n, 1}, {}, true, [](int, int, int) { return 1.0; }, {}, 1.0};
    DM da = test::make_da(PETSC_COMM_WORLD, c);
    Mat a = test::make_matrix(da, c);
    BoxmgOptions options = fp64();
    options.smoother = Smoother::jacobi;
    BoxmgPreconditioner boxmg(a, da, {}, options);
    boxmg.update(a);
    Vec e = test::make_vector(da, 1), ae, z;
    LINNET_CHECK(VecDuplicate(e, &ae));
    LINNET_CHECK(VecDuplicate(e, &z));
    double before = 0.0, rate = 0.0;
    for (int step = 0; step < 100; ++step) {
      LINNET_CHECK(MatMult(a, e, ae));
      const double energy = std::sqrt(dot(e, ae));
      rate = energy / before;
      before = energy;
      boxmg.apply(ae, z);
      LINNET_CHECK(VecAXPY(e, -1.0, z));
    }
    // Local Fourier analysis of the two-grid cycle gives 0.360, which a box approaches from below.
    EXPECT_GT(rate, 0.35) << n;
    EXPECT_LT(rate, 0.36) << n;
    Vec b = test::make_vector(da, 2);
    EXPECT_EQ(
        test::solve(a, da, b, 1e-8,
                    [](PC pc) {
                      LINNET_CHECK(PetscOptionsSetValue(nullptr, "-pc_boxmg_smoother", "jacobi"));
                      LINNET_CHECK(PetscOptionsSetValue(nullptr, "-pc_boxmg_precision", "fp64"));
                      LINNET_CHECK(PCSetFromOptions(pc));
                      LINNET_CHECK(PetscOptionsClearValue(nullptr, "-pc_boxmg_smoother"));
                      LINNET_CHECK(PetscOptionsClearValue(nullptr, "-pc_boxmg_precision"));
                    }),
        9)
        << n;
    for (Vec* v : {&e, &ae, &z, &b}) LINNET_CHECK(VecDestroy(v));
    LINNET_CHECK(MatDestroy(&a));
    LINNET_CHECK(DMDestroy(&da));
  }
}

TEST(Cycle, IsSymmetricPositiveDefiniteForAnyCoefficients) {
  int number = 0;
  for (const DiffusionCase& c : hard_cases()) {
    DM da = test::make_da(PETSC_COMM_WORLD, c);
    Mat a = test::make_matrix(da, c);
    for (const Precision precision : {Precision::fp64, Precision::fp32}) {
      BoxmgOptions options;
      options.precision = precision;
      BoxmgPreconditioner boxmg(a, da, {}, options);
      boxmg.update(a);
      const double tolerance = boxmg.precision() == Precision::fp64 ? 1e-12 : 1e-5;
      Vec bx, by;
      LINNET_CHECK(DMCreateGlobalVector(da, &bx));
      LINNET_CHECK(DMCreateGlobalVector(da, &by));
      for (std::uint64_t seed = 0; seed < 10; ++seed) {
        Vec x = test::make_vector(da, 2 * seed), y = test::make_vector(da, 2 * seed + 1);
        boxmg.apply(x, bx);
        boxmg.apply(y, by);
        const double scale = std::sqrt(dot(x, bx) * dot(y, by));
        EXPECT_GT(dot(x, bx), 0.0) << number;
        EXPECT_LE(std::abs(dot(x, by) - dot(y, bx)), tolerance * scale) << number;
        LINNET_CHECK(VecDestroy(&x));
        LINNET_CHECK(VecDestroy(&y));
      }
      LINNET_CHECK(VecDestroy(&bx));
      LINNET_CHECK(VecDestroy(&by));
    }
    LINNET_CHECK(MatDestroy(&a));
    LINNET_CHECK(DMDestroy(&da));
    ++number;
  }
}

// Levels that stay on all ranks down to a few points: every exchange counts.
TEST(Cycle, DoesNotDependOnTheNumberOfRanks) {
  BoxmgOptions options = fp64();
  options.agglomerate_limit = 64;
  options.coarse_limit = 9;
  options.coarse = CoarseOperators::galerkin;
  int number = 0;
  for (const DiffusionCase& c : hard_cases()) {
    DM da = test::make_da(PETSC_COMM_WORLD, c), serial_da = test::make_da(PETSC_COMM_SELF, c);
    Mat a = test::make_matrix(da, c), serial_a = test::make_matrix(serial_da, c);
    BoxmgPreconditioner boxmg(a, da, {}, options), serial(serial_a, serial_da, {}, options);
    boxmg.update(a);
    serial.update(serial_a);
    Vec b = test::make_vector(da, 3), x, serial_b = test::make_vector(serial_da, 3), serial_x;
    LINNET_CHECK(VecDuplicate(b, &x));
    LINNET_CHECK(VecDuplicate(serial_b, &serial_x));
    boxmg.apply(b, x);
    serial.apply(serial_b, serial_x);
    Vec all = natural_everywhere(da, x), serial_all = natural_everywhere(serial_da, serial_x);
    // The same operations but for the order of sums in the direct solve: 2e-14 at most.
    EXPECT_LE(relative_difference(all, serial_all), 1e-12) << number;
    for (Vec* v : {&b, &x, &serial_b, &serial_x, &all, &serial_all}) LINNET_CHECK(VecDestroy(v));
    for (Mat* m : {&a, &serial_a}) LINNET_CHECK(MatDestroy(m));
    for (DM* d : {&da, &serial_da}) LINNET_CHECK(DMDestroy(d));
    ++number;
  }
}

// Rounding in fp32 cannot carry sixteen orders of magnitude; the set-up notices.
TEST(Cycle, SwitchesToFp64WhereFp32LosesTheCoefficients) {
  for (const double contrast : {1e3, 1e16}) {
    DiffusionCase c{3, {20, 20, 20}, {}, true, test::random_kappa(contrast, 3), {}, 1.0};
    DM da = test::make_da(PETSC_COMM_WORLD, c);
    Mat a = test::make_matrix(da, c);
    BoxmgPreconditioner boxmg(a, da, {}, {});
    boxmg.update(a);
    EXPECT_EQ(boxmg.precision(), contrast > 1e10 ? Precision::fp64 : Precision::fp32) << contrast;
    EXPECT_EQ(boxmg.fallback_reason().empty(), contrast < 1e10);
    LINNET_CHECK(MatDestroy(&a));
    LINNET_CHECK(DMDestroy(&da));
  }
}

TEST(Cycle, IsLinear) {
  const DiffusionCase& c = hard_cases()[1];
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  for (const Precision precision : {Precision::fp64, Precision::fp32}) {
    BoxmgOptions options;
    options.precision = precision;
    BoxmgPreconditioner boxmg(a, da, {}, options);
    boxmg.update(a);
    Vec x = test::make_vector(da, 1), y = test::make_vector(da, 2), bx, by, sum;
    for (Vec* v : {&bx, &by, &sum}) LINNET_CHECK(VecDuplicate(x, v));
    boxmg.apply(x, bx);
    boxmg.apply(y, by);
    LINNET_CHECK(VecAXPBY(y, 3.0, -0.7, x)); // 3 x - 0.7 y
    boxmg.apply(y, sum);
    LINNET_CHECK(VecAXPBY(by, 3.0, -0.7, bx));
    EXPECT_LT(relative_difference(sum, by), precision == Precision::fp64 ? 1e-13 : 1e-5);
    for (Vec* v : {&x, &y, &bx, &by, &sum}) LINNET_CHECK(VecDestroy(v));
  }
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
}

// With Galerkin operators and a convergent smoother the spectrum of B A lies in (0, 1].
TEST(Cycle, SpectrumOfSmallCaseLiesBetweenZeroAndOne) {
  for (const double contrast : {1.0, 1e6}) {
    DiffusionCase c{2, {15, 15, 1}, {}, true, test::block_kappa(contrast, 2, 9), {}, 1.0};
    DM da = test::make_da(PETSC_COMM_SELF, c);
    Mat a = test::make_matrix(da, c);
    BoxmgOptions options = fp64();
    options.coarse_limit = 10;
    BoxmgPreconditioner boxmg(a, da, {}, options);
    boxmg.update(a);
    const PetscBLASInt n = 225;
    std::vector<double> dense_a(static_cast<std::size_t>(n * n)), dense_b(dense_a.size());
    Vec unit, column;
    LINNET_CHECK(MatCreateVecs(a, &unit, &column));
    for (PetscInt j = 0; j < n; ++j) {
      LINNET_CHECK(VecSet(unit, 0.0));
      LINNET_CHECK(VecSetValue(unit, j, 1.0, INSERT_VALUES));
      LINNET_CHECK(VecAssemblyBegin(unit));
      LINNET_CHECK(VecAssemblyEnd(unit));
      const PetscScalar* values;
      for (const bool inverse : {false, true}) {
        if (inverse)
          boxmg.apply(unit, column);
        else
          LINNET_CHECK(MatMult(a, unit, column));
        LINNET_CHECK(VecGetArrayRead(column, &values));
        std::copy(values, values + n, (inverse ? dense_b : dense_a).begin() + j * n);
        LINNET_CHECK(VecRestoreArrayRead(column, &values));
      }
    }
    // B A v = l v as the symmetric problem A B (A v) ... : sygv type 3, B A x = l x.
    const PetscBLASInt type = 2, work_size = 10 * n;
    PetscBLASInt info;
    std::vector<double> eigenvalues(static_cast<std::size_t>(n)),
        work(static_cast<std::size_t>(work_size));
    LAPACKsygv_(&type, "N", "L", &n, dense_b.data(), &n, dense_a.data(), &n, eigenvalues.data(),
                work.data(), &work_size, &info);
    EXPECT_EQ(info, 0);
    EXPECT_GT(eigenvalues.front(), 0.3);
    EXPECT_LT(eigenvalues.back(), 1.0 + 1e-9);
    LINNET_CHECK(VecDestroy(&unit));
    LINNET_CHECK(VecDestroy(&column));
    LINNET_CHECK(MatDestroy(&a));
    LINNET_CHECK(DMDestroy(&da));
  }
}

// With the Jacobi smoother nothing in the cycle prefers a direction: a mirrored medium gives the
// mirrored correction (odd grids, whose coarse points mirror onto themselves).
TEST(Cycle, MirroredMediumGivesMirroredCorrection) {
  const int n = 31; // halves to 15, 7, 3: every level is its own mirror image
  const auto kappa = test::block_kappa(1e4, 1, 12);
  DiffusionCase c{3, {n, n, n}, {}, true, kappa, {}, 1.0};
  DiffusionCase mirrored = c;
  mirrored.kappa = [=](int i, int j, int k) { return kappa(n - 1 - i, j, n - 1 - k); };
  DM da = test::make_da(PETSC_COMM_SELF, c);
  BoxmgOptions options = fp64();
  options.smoother = Smoother::jacobi;
  options.coarse_limit = 30;
  Vec b = test::make_vector(da, 4), mirrored_b, x, mirrored_x;
  for (Vec* v : {&mirrored_b, &x, &mirrored_x}) LINNET_CHECK(VecDuplicate(b, v));
  const auto mirror = [&](Vec from, Vec to) {
    const PetscScalar* f;
    PetscScalar* t;
    LINNET_CHECK(VecGetArrayRead(from, &f));
    LINNET_CHECK(VecGetArray(to, &t));
    for (int k = 0; k < n; ++k)
      for (int j = 0; j < n; ++j)
        for (int i = 0; i < n; ++i)
          t[i + n * (j + n * k)] = f[n - 1 - i + n * (j + n * (n - 1 - k))];
    LINNET_CHECK(VecRestoreArrayRead(from, &f));
    LINNET_CHECK(VecRestoreArray(to, &t));
  };
  mirror(b, mirrored_b);
  Mat a = test::make_matrix(da, c), mirrored_a = test::make_matrix(da, mirrored);
  BoxmgPreconditioner boxmg(a, da, {}, options), mirrored_boxmg(mirrored_a, da, {}, options);
  boxmg.update(a);
  mirrored_boxmg.update(mirrored_a);
  boxmg.apply(b, x);
  mirrored_boxmg.apply(mirrored_b, mirrored_x);
  mirror(x, b);
  EXPECT_LT(relative_difference(mirrored_x, b), 1e-12);
  for (Vec* v : {&b, &mirrored_b, &x, &mirrored_x}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(MatDestroy(&mirrored_a));
  LINNET_CHECK(DMDestroy(&da));
}
