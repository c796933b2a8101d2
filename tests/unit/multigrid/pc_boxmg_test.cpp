// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// PC boxmg inside CG: iteration counts, independence of ranks, layouts and scales, grids of any
// size, declared grids, singular problems, new values, refusals.
#include "diffusion_matrix.hpp"

#include <linnet/multigrid/pc_boxmg.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;
using linnet::test::DiffusionCase;

namespace {

int iterations(MPI_Comm comm, const DiffusionCase& c, double rtol = 1e-8,
               const std::function<void(PC)>& configure = {}) {
  DM da = test::make_da(comm, c);
  Mat a = test::make_matrix(da, c);
  Vec b = test::make_vector(da, 7);
  const int count = test::solve(a, da, b, rtol, configure);
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return count;
}

/// Where nothing fixes the level of the solution.
int iterations_without_walls(const DiffusionCase& c, double rtol = 1e-8) {
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  MatNullSpace constant;
  LINNET_CHECK(MatNullSpaceCreate(PETSC_COMM_WORLD, PETSC_TRUE, 0, nullptr, &constant));
  LINNET_CHECK(MatSetNullSpace(a, constant));
  Vec b = test::make_vector(da, 3);
  LINNET_CHECK(MatNullSpaceRemove(constant, b));
  const int count = test::solve(a, da, b, rtol);
  LINNET_CHECK(MatNullSpaceDestroy(&constant));
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return count;
}

int size_of_world() {
  int size;
  MPI_Comm_size(PETSC_COMM_WORLD, &size);
  return size;
}

/// The same matrix in natural numbering with PETSc's own row distribution, and no DM.
Mat natural_matrix(const DiffusionCase& c) {
  DM da = test::make_da(PETSC_COMM_SELF, c);
  Mat serial = test::make_matrix(da, c), a;
  const PetscInt n = static_cast<PetscInt>(core::volume(c.points));
  LINNET_CHECK(MatCreateAIJ(PETSC_COMM_WORLD, PETSC_DECIDE, PETSC_DECIDE, n, n, 27, nullptr, 27,
                            nullptr, &a));
  PetscInt first, last;
  LINNET_CHECK(MatGetOwnershipRange(a, &first, &last));
  for (PetscInt row = first; row < last; ++row) {
    PetscInt count;
    const PetscInt* columns;
    const PetscScalar* values;
    LINNET_CHECK(MatGetRow(serial, row, &count, &columns, &values));
    LINNET_CHECK(MatSetValues(a, 1, &row, count, columns, values, INSERT_VALUES));
    LINNET_CHECK(MatRestoreRow(serial, row, &count, &columns, &values));
  }
  LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatDestroy(&serial));
  LINNET_CHECK(DMDestroy(&da));
  return a;
}

/// PCSetUp on @p a; true if it was refused with @p text in PETSc's message.
bool is_refused(Mat a, DM da, const std::function<void(PC)>& configure, const std::string& text) {
  static std::string last;
  last.clear();
  LINNET_CHECK(PetscPushErrorHandler(
      [](MPI_Comm, int, const char*, const char*, PetscErrorCode code, PetscErrorType,
         const char* message, void*) {
        if (message) last += message;
        return code;
      },
      nullptr));
  PC pc;
  LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
  if (da) LINNET_CHECK(PCSetDM(pc, da));
  LINNET_CHECK(PCSetOperators(pc, a, a));
  LINNET_CHECK(PCSetType(pc, PCBOXMG));
  if (configure) configure(pc);
  const bool failed = PCSetUp(pc) != 0;
  LINNET_CHECK(PetscPopErrorHandler());
  LINNET_CHECK(PCDestroy(&pc));
  return failed && last.find(text) != std::string::npos;
}

} // namespace

TEST(PcBoxmg, ConstantBoxNeedsAtMostNineIterations) {
  for (const int n : {16, 33, 50}) {
    DiffusionCase c;
    c.points = {n, n, n};
    EXPECT_LE(iterations(PETSC_COMM_WORLD, c), 9) << n;
    EXPECT_GT(iterations(PETSC_COMM_WORLD, c), 4) << n;
  }
  DiffusionCase c;
  c.dimension = 2;
  c.points = {200, 143, 1};
  EXPECT_LE(iterations(PETSC_COMM_WORLD, c), 9);
}

TEST(PcBoxmg, IterationsDoNotDependOnRanksOrAgglomeration) {
  for (const double contrast : {1.0, 1e5}) {
    DiffusionCase c;
    c.points = {31, 26, 38};
    c.kappa = test::block_kappa(contrast, 3, 1);
    const int serial = iterations(PETSC_COMM_SELF, c);
    ASSERT_GT(serial, 0);
    EXPECT_NEAR(iterations(PETSC_COMM_WORLD, c), serial, 1);
    EXPECT_NEAR(
        iterations(PETSC_COMM_WORLD, c, 1e-8,
                   [](PC pc) { LINNET_CHECK(multigrid::PCBoxMGSetAgglomerateLimit(pc, 1)); }),
        serial, 1);
  }
}

TEST(PcBoxmg, SolvesGridsOfAnySizeToTwelveDigits) {
  const std::vector<core::Index3> sizes{{1, 1, 1},   {5, 1, 1},  {97, 2, 1}, {64, 64, 1},
                                        {17, 31, 1}, {1, 1, 40}, {3, 3, 3},  {12, 7, 29},
                                        {2, 33, 18}, {1, 20, 23}};
  for (const auto& n : sizes) {
    DiffusionCase c;
    c.dimension = n[2] > 1 ? 3 : 2;
    c.points = n;
    c.kappa = test::block_kappa(1e3, 2, 8);
    // A DMDA needs a point per rank in every direction that it cuts.
    if (core::volume(n) < 40 * size_of_world() && size_of_world() > 1) continue;
    const int count = iterations(PETSC_COMM_WORLD, c, 1e-12);
    EXPECT_GT(count, 0) << n[0] << "," << n[1] << "," << n[2];
    EXPECT_LE(count, 30) << n[0] << "," << n[1] << "," << n[2];
  }
}

TEST(PcBoxmg, ScalingTheMatrixChangesNothing) {
  DiffusionCase c;
  c.points = {24, 19, 22};
  c.kappa = test::block_kappa(1e6, 3, 5);
  const int plain = iterations(PETSC_COMM_WORLD, c);
  for (const double scale : {1e-40, 3.7e12, 0x1p30}) {
    c.scale = scale;
    EXPECT_NEAR(iterations(PETSC_COMM_WORLD, c), plain, scale == 0x1p30 ? 0 : 1) << scale;
  }
}

TEST(PcBoxmg, DeclaredGridServesAMatrixWithoutADm) {
  DiffusionCase c;
  c.dimension = 2;
  c.points = {101, 103, 1}; // on 3 ranks the row ranges cut grid lines
  c.kappa = test::block_kappa(1e4, 4, 6);
  const int with_da = iterations(PETSC_COMM_WORLD, c);
  Mat a = natural_matrix(c);
  Vec x, b;
  LINNET_CHECK(MatCreateVecs(a, &x, &b));
  PetscRandom random;
  LINNET_CHECK(PetscRandomCreate(PETSC_COMM_WORLD, &random));
  LINNET_CHECK(VecSetRandom(b, random));
  const PetscInt points[2] = {101, 103};
  const auto declare = [&](PC pc) {
    LINNET_CHECK(multigrid::PCBoxMGSetGrid(pc, 2, points, nullptr));
  };
  const int declared = test::solve(a, nullptr, b, 1e-8, declare);
  EXPECT_GT(declared, 0);
  EXPECT_NEAR(declared, with_da, 2); // another right-hand side
  const PetscInt wrong[2] = {101, 104}, swapped[2] = {103, 101};
  EXPECT_TRUE(is_refused(
      a, nullptr, [&](PC pc) { LINNET_CHECK(multigrid::PCBoxMGSetGrid(pc, 2, wrong, nullptr)); },
      "101 x 104 = 10504 points, but the matrix has 10403 rows"));
  EXPECT_TRUE(is_refused(
      a, nullptr, [&](PC pc) { LINNET_CHECK(multigrid::PCBoxMGSetGrid(pc, 2, swapped, nullptr)); },
      "outside of the 3^d stencil"));
  EXPECT_TRUE(is_refused(a, nullptr, {}, "-pc_boxmg_grid nx,ny[,nz]"));
  LINNET_CHECK(PetscRandomDestroy(&random));
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
}

TEST(PcBoxmg, NeumannProblemConvergesWithItsNullSpace) {
  DiffusionCase c;
  c.points = {23, 20, 17};
  c.dirichlet = false;
  c.kappa = test::block_kappa(1e4, 3, 2);
  c.periodic = {false, true, false};
  const int count = iterations_without_walls(c, 1e-10);
  EXPECT_GT(count, 0);
  EXPECT_LE(count, 20);
}

// The last and the first of an odd number of points that wraps would both be coarse points.
TEST(PcBoxmg, OddNumbersOfPointsThatWrapCostNoIteration) {
  DiffusionCase c;
  c.kappa = test::block_kappa(1e4, 3, 2);
  c.periodic = {true, true, false};
  c.points = {36, 36, 36};
  const int even = iterations(PETSC_COMM_WORLD, c);
  c.points = {33, 35, 37}; // 34, 36; then 17 + 1, 18; then 9 + 1, 9 + 1
  const int odd = iterations(PETSC_COMM_WORLD, c);
  EXPECT_GT(odd, 0);
  EXPECT_LE(odd, even + 3); // random media of one kind differ by 2
  c.scale = 0x1p-40;
  EXPECT_EQ(iterations(PETSC_COMM_WORLD, c), odd);

  DiffusionCase plane;
  plane.dimension = 2;
  plane.periodic = {true, true, false};
  plane.diagonal_coupling = [](int i, int j) { return 0.3 + 0.1 * ((i + j) % 3); };
  plane.points = {102, 68, 1};
  const int even_torus = iterations_without_walls(plane);
  plane.points = {101, 67, 1};
  const int odd_torus = iterations_without_walls(plane);
  EXPECT_GT(odd_torus, 0);
  // Oblique couplings across the seam: the condition number may double at most
  // (kernels/stencil/seam.hpp).
  EXPECT_LE(odd_torus, std::ceil(std::sqrt(2.0) * even_torus));
}

// A layer of fluid one cell wide between plates lies between coarse points that are all solid. It
// must stay on the coarse grids, or its smooth errors hardly ever leave (59 iterations instead of
// 9).
TEST(PcBoxmg, ChannelsOneCellWideStayOnTheCoarseGrids) {
  for (const int shift : {0, 1}) {
    DiffusionCase c;
    c.points = {61, 58, 16};
    c.kappa = [=](int i, int j, int k) {
      const bool plate = i > 3 && i < 57 && j > 3 && j < 55 && (k == 5 + shift || k == 7 + shift);
      return plate ? 0.0 : 1.0;
    };
    const int count = iterations(PETSC_COMM_WORLD, c);
    EXPECT_GT(count, 0);
    EXPECT_LE(count, 25) << "plates at " << 5 + shift << " and " << 7 + shift;
  }
}

// The same between a plate and a wall of the box that leaks a little, where the layer has no point
// of the next grid, and two cells wide, where it has none of the one after that (28 iterations when
// only points with a diagonal entry adopted others, of the finest level and without a leak).
TEST(PcBoxmg, LayersAlongAWallStayOnTheCoarseGrids) {
  for (const int width : {1, 2}) {
    DiffusionCase c;
    c.points = {63, 60, 24};
    c.kappa = [=](int i, int j, int k) {
      const bool plate = i > 3 && i < 57 && j > 3 && j < 55 && k >= width && k < 9;
      return plate ? 0.0 : 1.0;
    };
    c.coupling = [=](std::size_t d, const core::Index3& p, const core::Index3& q) {
      if (std::min(p[d], q[d]) < 0) return d == 2 ? 0.02 : 1.0; // the walls at the low ends
      const bool solid = c.kappa(p[0], p[1], p[2]) == 0.0 || c.kappa(q[0], q[1], q[2]) == 0.0;
      return solid ? 0.0 : 1.0;
    };
    const int count = iterations(PETSC_COMM_WORLD, c);
    EXPECT_GT(count, 0);
    EXPECT_LE(count, 13) << width;
  }
}

TEST(PcBoxmg, NewValuesAreTakenOver) {
  DiffusionCase c;
  c.points = {20, 20, 20};
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  c.kappa = test::block_kappa(1e6, 2, 3);
  Mat other = test::make_matrix(da, c);
  KSP ksp;
  PC pc;
  Vec b = test::make_vector(da, 1), x;
  LINNET_CHECK(VecDuplicate(b, &x));
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetDM(ksp, da));
  LINNET_CHECK(KSPSetDMActive(ksp, PETSC_FALSE));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCBOXMG));
  LINNET_CHECK(KSPSetOperators(ksp, a, a));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-8, 0.0, PETSC_DEFAULT, 100));
  LINNET_CHECK(KSPSolve(ksp, b, x));
  LINNET_CHECK(MatCopy(other, a, SAME_NONZERO_PATTERN));
  LINNET_CHECK(KSPSetOperators(ksp, a, a));
  LINNET_CHECK(KSPSolve(ksp, b, x));
  PetscInt count;
  KSPConvergedReason reason;
  LINNET_CHECK(KSPGetIterationNumber(ksp, &count));
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  EXPECT_GT(reason, 0);
  EXPECT_EQ(static_cast<int>(count), test::solve(other, da, b, 1e-8));
  LINNET_CHECK(KSPDestroy(&ksp));
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(MatDestroy(&other));
  LINNET_CHECK(DMDestroy(&da));
}

// Dirichlet rows whose columns are not eliminated, as MatZeroRows leaves them: A is not symmetric,
// and the other rows must see the boundary values at once for CG to work.
TEST(PcBoxmg, OneWayDirichletRowsCostNoIteration) {
  DiffusionCase c;
  c.points = {22, 19, 25};
  c.kappa = test::block_kappa(1e3, 3, 5);
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  const int symmetric = iterations(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  DMDALocalInfo info;
  LINNET_CHECK(DMDAGetLocalInfo(da, &info));
  std::vector<MatStencil> rows;
  for (int k = info.zs; k < info.zs + info.zm; ++k)
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i)
        if (i == 0 || j == 0 || k == info.mz - 1) rows.push_back({k, j, i, 0});
  LINNET_CHECK(MatZeroRowsStencil(a, static_cast<PetscInt>(rows.size()), rows.data(), 5.0, nullptr,
                                  nullptr));
  Vec b = test::make_vector(da, 7);
  const int count = test::solve(a, da, b, 1e-8, {}, KSPGMRES);
  EXPECT_GT(count, 0);
  EXPECT_LE(count, symmetric + 1);
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
}

// Zero there, B would let CG stop: r.Br vanishes where a right-hand side on such a row is all of r.
TEST(PcBoxmg, RowsWithoutEntriesCountAsIdentityRows) {
  DiffusionCase c;
  c.points = {9, 8, 7};
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  PetscInt first, last;
  LINNET_CHECK(MatGetOwnershipRange(a, &first, &last));
  LINNET_CHECK(MatZeroRowsColumns(a, 1, &first, 0.0, nullptr, nullptr));
  Vec r = test::make_vector(da, 7), y;
  LINNET_CHECK(VecDuplicate(r, &y));
  PC pc;
  LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
  LINNET_CHECK(PCSetDM(pc, da));
  LINNET_CHECK(PCSetOperators(pc, a, a));
  LINNET_CHECK(PCSetType(pc, PCBOXMG));
  LINNET_CHECK(PCApply(pc, r, y));
  PetscScalar in, out;
  LINNET_CHECK(VecGetValues(r, 1, &first, &in));
  LINNET_CHECK(VecGetValues(y, 1, &first, &out));
  EXPECT_GT(in * out, 0.0);
  LINNET_CHECK(PCDestroy(&pc));
  // With nothing to be done there, the other rows are solved as ever.
  LINNET_CHECK(VecSetValue(r, first, 0.0, INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(r));
  LINNET_CHECK(VecAssemblyEnd(r));
  EXPECT_GT(test::solve(a, da, r, 1e-8), 0);
  for (Vec* v : {&r, &y}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
}

// Methods that never look at the true residual get a cycle in fp64.
TEST(PcBoxmg, GmresAndBicgstabReachTheTolerance) {
  DiffusionCase c;
  c.points = {25, 21, 17};
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  Vec b = test::make_vector(da, 2);
  for (const char* method : {KSPGMRES, KSPBCGS, KSPFGMRES})
    EXPECT_GT(test::solve(a, da, b, 1e-12, {}, method), 0) << method;
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
}

// Its KSP is not the one that minds.
TEST(PcBoxmg, GmresAroundPreonlyReachesTheTolerance) {
  DiffusionCase c;
  c.points = {25, 21, 17};
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  Vec b = test::make_vector(da, 2), x = nullptr, r = nullptr;
  KSP ksp = nullptr, inner = nullptr;
  PC pc = nullptr;
  double left = 0.0, size = 0.0;
  LINNET_CHECK(VecDuplicate(b, &x));
  LINNET_CHECK(VecDuplicate(b, &r));
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, a, a));
  LINNET_CHECK(KSPSetType(ksp, KSPGMRES));
  LINNET_CHECK(KSPSetPCSide(ksp, PC_RIGHT));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-11, PETSC_DEFAULT, PETSC_DEFAULT, 100));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCKSP));
  LINNET_CHECK(PCKSPGetKSP(pc, &inner));
  LINNET_CHECK(KSPSetType(inner, KSPPREONLY));
  LINNET_CHECK(KSPSetDM(inner, da));
  LINNET_CHECK(KSPSetDMActive(inner, PETSC_FALSE));
  LINNET_CHECK(KSPGetPC(inner, &pc));
  LINNET_CHECK(PCSetType(pc, PCBOXMG));
  LINNET_CHECK(KSPSolve(ksp, b, x));
  LINNET_CHECK(MatMult(a, x, r));
  LINNET_CHECK(VecAYPX(r, -1.0, b));
  LINNET_CHECK(VecNorm(r, NORM_2, &left));
  LINNET_CHECK(VecNorm(b, NORM_2, &size));
  EXPECT_LE(left, 1.1e-11 * size);
  LINNET_CHECK(KSPDestroy(&ksp));
  for (Vec* v : {&b, &x, &r}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
}

TEST(PcBoxmg, RefusesWhatItCannotSolve) {
  DiffusionCase c;
  c.dimension = 2;
  c.points = {12, 12, 1};
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  const auto refused = [&](PetscInt row, PetscInt column, double value, const std::string& text) {
    Mat a = test::make_matrix(da, c);
    PetscInt first, last;
    LINNET_CHECK(MatGetOwnershipRange(a, &first, &last));
    if (row >= first && row < last) LINNET_CHECK(MatSetValue(a, row, column, value, INSERT_VALUES));
    LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
    LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
    const bool result = is_refused(a, da, {}, text);
    LINNET_CHECK(MatDestroy(&a));
    return result;
  };
  EXPECT_TRUE(refused(0, 1, -7.0, "(0,0): entry -7"));
  EXPECT_TRUE(refused(0, 0, -1.0, "is not positive"));
  EXPECT_TRUE(refused(0, 0, std::nan(""), "not a finite number"));
  Mat a = test::make_matrix(da, c), symmetric;
  LINNET_CHECK(MatSetOption(a, MAT_SYMMETRIC, PETSC_TRUE));
  LINNET_CHECK(MatConvert(a, MATSBAIJ, MAT_INITIAL_MATRIX, &symmetric));
  EXPECT_TRUE(is_refused(symmetric, da, {}, "use -dm_mat_type aij or stencil"));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(MatDestroy(&symmetric));
  LINNET_CHECK(DMDestroy(&da));
}
