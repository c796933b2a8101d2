// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Properties of the diffusion system: symmetric, positive definite, conservative, exact where it
/// must be, singular exactly where nothing fixes the solution.
#include <linnet/core/random.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/problems/diffusion/diffusion_matrix.hpp>
#include <linnet/problems/diffusion/fluxes.hpp>
#include <linnet/problems/diffusion/null_space.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace linnet::problems;
using linnet::core::Index3;
using linnet::core::Real3;
using linnet::grid::Access;

/// A system with its vectors, on all ranks.
struct Case {
  explicit Case(DiffusionModel m) : model(std::move(m)) {
    dm.reset(create_cell_dm(PETSC_COMM_WORLD, model.grid, model.needs_corners()));
    kappa = make_cell_vector(dm.get(), "kappa");
    mask = make_cell_vector(dm.get(), "mask");
    LINNET_CHECK(VecSet(kappa.get(), 1.0));
  }
  template <class Function>
  void fill(Vec v, Function&& of) {
    CellArray values(v, owned_cells(dm.get()), Access::write);
    visit_cells(values.box(), [&](int i, int j, int k) { values(i, j, k) = of(i, j, k); });
  }
  DiffusionSystem& assemble() {
    system = std::make_unique<DiffusionSystem>(dm.get(), model);
    system->assemble(kappa.get(), mask.get(), 0.0);
    return *system;
  }
  Owned<Mat> matrix(MatType type) {
    LINNET_CHECK(DMSetMatType(dm.get(), type));
    Mat A = nullptr;
    LINNET_CHECK(DMCreateMatrix(dm.get(), &A));
    set_matrix(*system, false, A);
    return Owned<Mat>(A);
  }
  void solve(Mat A, Vec b, Vec u) {
    KSP ksp = nullptr;
    LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
    const Owned<KSP> owner(ksp);
    PC pc = nullptr;
    LINNET_CHECK(KSPGetPC(ksp, &pc));
    LINNET_CHECK(PCSetType(pc, PCJACOBI));
    LINNET_CHECK(KSPSetType(ksp, KSPCG));
    LINNET_CHECK(KSPSetTolerances(ksp, 1e-12, PETSC_DEFAULT, PETSC_DEFAULT, 5000));
    LINNET_CHECK(KSPSetOperators(ksp, A, A));
    LINNET_CHECK(KSPSolve(ksp, b, u));
    KSPConvergedReason reason;
    LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
    EXPECT_GT(reason, 0);
  }

  DiffusionModel model;
  Owned<DM> dm;
  Owned<Vec> kappa, mask;
  std::unique_ptr<DiffusionSystem> system;
};

DiffusionModel box(int dim, Index3 cells, BoundaryKind kind = BoundaryKind::dirichlet) {
  DiffusionModel model;
  model.grid.dim = dim;
  model.grid.cells = cells;
  for (auto& face : model.boundary) face.kind = kind;
  for (int d = 0; d < dim; ++d) model.grid.periodic[d] = kind == BoundaryKind::periodic;
  return model;
}

double wild(int i, int j, int k) { // contrast 1e8
  const linnet::core::RandomStream stream(7, 0);
  return std::pow(10.0, 8.0 * stream.uniform(static_cast<std::uint64_t>(i + 100 * (j + 100 * k))));
}

int ranks() {
  int n = 1;
  MPI_Comm_size(PETSC_COMM_WORLD, &n);
  return n;
}

/// The matrix is symmetric and, on one rank, has a Cholesky factor.
void expect_spd(Mat A) {
  Mat transposed = nullptr;
  LINNET_CHECK(MatTranspose(A, MAT_INITIAL_MATRIX, &transposed));
  const Owned<Mat> owner(transposed);
  PetscReal norm, scale;
  LINNET_CHECK(MatNorm(A, NORM_FROBENIUS, &scale));
  LINNET_CHECK(MatAXPY(transposed, -1.0, A, DIFFERENT_NONZERO_PATTERN));
  LINNET_CHECK(MatNorm(transposed, NORM_FROBENIUS, &norm));
  EXPECT_LT(norm, 1e-14 * scale);
  if (ranks() > 1) return;
  Mat dense = nullptr;
  LINNET_CHECK(MatConvert(A, MATSEQDENSE, MAT_INITIAL_MATRIX, &dense));
  const Owned<Mat> dense_owner(dense);
  LINNET_CHECK(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr));
  const PetscErrorCode ierr = MatCholeskyFactor(dense, nullptr, nullptr);
  LINNET_CHECK(PetscPopErrorHandler());
  EXPECT_EQ(ierr, 0) << "not positive definite";
}

/// Sum of |A| |x| over all rows, by the rows of an AIJ matrix; x is 1 + number of the row.
double sum_of_absolute_product(Mat A) {
  PetscInt first, last;
  LINNET_CHECK(MatGetOwnershipRange(A, &first, &last));
  double sum = 0.0;
  for (PetscInt row = first; row < last; ++row) {
    PetscInt count;
    const PetscInt* columns;
    const PetscScalar* values;
    LINNET_CHECK(MatGetRow(A, row, &count, &columns, &values));
    for (PetscInt e = 0; e < count; ++e) sum += std::abs(values[e]) * double(1 + columns[e]);
    LINNET_CHECK(MatRestoreRow(A, row, &count, &columns, &values));
  }
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, PETSC_COMM_WORLD);
  return sum;
}

/// All inflows of the owned cells, in order.
std::vector<double> inflows_of(const DiffusionSystem& system, Vec u) {
  std::vector<double> all;
  visit_inflows(system, u, [&](int i, int j, int k, const double(&inflow)[6]) {
    all.insert(all.end(), {double(i), double(j), double(k)});
    all.insert(all.end(), inflow, inflow + 6);
  });
  return all;
}

// Without a mask nothing asks whether cells are solid: the same values as with one that is empty.
TEST(DiffusionSystem, CouplesTheSameWithoutAMask) {
  std::vector<DiffusionModel> models{box(2, {9, 7, 1}),
                                     box(3, {6, 5, 7}),
                                     box(3, {1, 6, 4}),
                                     box(2, {12, 1, 1}),
                                     box(2, {6, 8, 1}, BoundaryKind::periodic),
                                     box(3, {5, 4, 6}, BoundaryKind::periodic)};
  models.push_back(box(3, {4, 6, 5}));
  models.back().grid.periodic[1] = true;
  models.back().boundary[2].kind = models.back().boundary[3].kind = BoundaryKind::periodic;
  for (const DiffusionModel& model : models) {
    Case c(model);
    c.fill(c.kappa.get(), wild);
    const DiffusionSystem& masked = c.assemble();
    DiffusionSystem open(c.dm.get(), model);
    open.assemble(c.kappa.get(), nullptr, 0.0);
    for (std::size_t d = 0; d < static_cast<std::size_t>(model.grid.dim); ++d) {
      const Vec one = open.couplings()[d], other = masked.couplings()[d];
      PetscReal largest;
      LINNET_CHECK(VecAXPY(one, -1.0, other));
      LINNET_CHECK(VecNorm(one, NORM_INFINITY, &largest));
      EXPECT_EQ(largest, 0.0) << "direction " << d << " of " << model.grid.cells[0] << " x "
                              << model.grid.cells[1] << " x " << model.grid.cells[2];
      LINNET_CHECK(VecNorm(other, NORM_INFINITY, &largest));
      EXPECT_EQ(largest > 0.0, model.grid.cells[d] > 1) << d;
    }
    EXPECT_EQ(inflows_of(open, c.kappa.get()), inflows_of(masked, c.kappa.get()));
  }
}

TEST(DiffusionSystem, AbsoluteProductTakesEveryEntryAtItsSize) {
  for (const bool rotated : {false, true}) { // rotated: off-diagonal entries of both signs
    DiffusionModel model = rotated ? box(2, {14, 11, 1}) : box(3, {6, 7, 5});
    if (rotated) model.tensor = {{100.0, 30.0, 1.0}, 54.0};
    Case c(model);
    c.fill(c.kappa.get(), wild);
    c.assemble();
    const Owned<Mat> A = c.matrix(MATAIJ);
    const Owned<Vec> x = make_cell_vector(c.dm.get(), "x"), y = make_cell_vector(c.dm.get(), "y");
    PetscInt first, last;
    LINNET_CHECK(VecGetOwnershipRange(x.get(), &first, &last));
    for (PetscInt row = first; row < last; ++row) // of either sign
      LINNET_CHECK(
          VecSetValue(x.get(), row, (row % 2 ? 1.0 : -1.0) * double(1 + row), INSERT_VALUES));
    LINNET_CHECK(VecAssemblyBegin(x.get()));
    LINNET_CHECK(VecAssemblyEnd(x.get()));
    multiply_absolute(*c.system, x.get(), y.get());
    PetscScalar sum = 0.0;
    LINNET_CHECK(VecSum(y.get(), &sum));
    const double wanted = sum_of_absolute_product(A.get());
    EXPECT_NEAR(sum, wanted, 1e-12 * wanted);
  }
}

TEST(DiffusionSystem, IsPositiveDefiniteAtContrast1e8) {
  for (int dim : {2, 3})
    for (BoundaryKind kind : {BoundaryKind::dirichlet, BoundaryKind::robin}) {
      Case s(box(dim, {9, 8, dim == 3 ? 7 : 1}, kind));
      s.fill(s.kappa.get(), wild);
      s.fill(s.mask.get(), [](int i, int j, int) { return i == 4 && j < 5 ? 1.0 : 0.0; });
      s.assemble();
      expect_spd(s.matrix(MATAIJ).get());
    }
}

TEST(DiffusionSystem, RotatedTensorIsPositiveDefiniteAtContrast1e8) {
  DiffusionModel model = box(2, {11, 9, 1});
  model.tensor = {{100.0, 30.0, 1.0}, 54.0}; // determinant 84: close to singular
  Case s(model);
  s.fill(s.kappa.get(), wild);
  s.fill(s.mask.get(), [](int i, int j, int) { return i == 4 && j < 5 ? 1.0 : 0.0; });
  s.assemble();
  expect_spd(s.matrix(MATAIJ).get());
}

TEST(DiffusionSystem, StencilMatrixAndRowsAgree) {
  for (bool rotated : {false, true})
    for (BoundaryKind kind : {BoundaryKind::dirichlet, BoundaryKind::periodic}) {
      DiffusionModel model = box(2, {12, 10, 1}, kind);
      if (rotated) model.tensor = {{3.0, 2.0, 1.0}, 1.5};
      Case s(model);
      s.fill(s.kappa.get(), [](int i, int j, int) { return 1.0 + 0.3 * i + 0.1 * j * j; });
      s.assemble();
      const Owned<Mat> rows = s.matrix(MATAIJ), stencil = s.matrix(MATSTENCIL);
      const Owned<Vec> x = make_cell_vector(s.dm.get(), "x"), a = make_cell_vector(s.dm.get(), "a"),
                       b = make_cell_vector(s.dm.get(), "b");
      s.fill(x.get(), [](int i, int j, int) { return std::sin(3.0 * i + 0.7 * j); });
      LINNET_CHECK(MatMult(rows.get(), x.get(), a.get()));
      LINNET_CHECK(MatMult(stencil.get(), x.get(), b.get()));
      PetscReal scale, difference;
      LINNET_CHECK(VecNorm(a.get(), NORM_INFINITY, &scale));
      LINNET_CHECK(VecAXPY(a.get(), -1.0, b.get()));
      LINNET_CHECK(VecNorm(a.get(), NORM_INFINITY, &difference));
      EXPECT_LT(difference, 1e-13 * scale);
    }
}

/// Layers across x: the effective conductivity is the harmonic mean, exactly.
TEST(DiffusionFluxes, LayersConductLikeTheirHarmonicMean) {
  DiffusionModel model = box(2, {12, 8, 1}, BoundaryKind::neumann);
  model.grid.domain.upper = {2.0, 0.5, 1.0};
  model.boundary[0].kind = model.boundary[1].kind = BoundaryKind::dirichlet;
  model.boundary[0].value = FaceData(Expression(3.0));
  Case s(model);
  s.fill(s.kappa.get(), [](int i, int, int) { return i % 3 == 0 ? 100.0 : 0.5; });
  DiffusionSystem& system = s.assemble();
  const Owned<Vec> u = make_cell_vector(s.dm.get(), "u");
  s.solve(s.matrix(MATAIJ).get(), system.rhs(), u.get());
  const FluxReport report = integrate_fluxes(system, u.get());
  const double mean = 3.0 / (1.0 / 100.0 + 2.0 / 0.5);
  ASSERT_TRUE(report.conductivity.has_value());
  EXPECT_NEAR(*report.conductivity, mean, 1e-9 * mean);
  EXPECT_NEAR(report.outflow[1], mean * 3.0 * 0.5 / 2.0, 1e-9);
  EXPECT_NEAR(report.outflow[0], -report.outflow[1], 1e-9);
}

/// A linear field over two materials with a full tensor, cut along x: exact for the O-method.
TEST(DiffusionFluxes, RotatedTensorKeepsLinearFields) {
  DiffusionModel model = box(2, {6, 7, 1});
  model.tensor = {{3.0, 1.0, 1.0}, 1.2};
  const auto exact = [](const Real3& p) { return 1.0 + 2.0 * p[0] - 0.7 * p[1]; };
  for (auto& face : model.boundary)
    face.value = FaceData([=](const Real3& p, double) { return exact(p); });
  Case s(model);
  DiffusionSystem& system = s.assemble();
  const Owned<Vec> u = make_cell_vector(s.dm.get(), "u");
  s.solve(s.matrix(MATAIJ).get(), system.rhs(), u.get());
  const CellArray values(u.get(), owned_cells(s.dm.get()), Access::read);
  visit_cells(values.box(), [&](int i, int j, int k) {
    EXPECT_NEAR(values(i, j, k), exact(model.grid.center(i, j, k)), 1e-10);
  });
  const FluxReport report = integrate_fluxes(system, u.get());
  EXPECT_NEAR(report.outflow[1], -(3.0 * 2.0 - 1.2 * 0.7), 1e-9);
  EXPECT_NEAR(report.outflow[3], -(1.2 * 2.0 - 0.7), 1e-9);
}

TEST(DiffusionSystem, SolidRowsAreThoseOfTheUnitMatrix) {
  DiffusionModel model = box(3, {6, 5, 7});
  model.source = [](const Real3&, double) { return 4.0; };
  Case s(model);
  s.fill(s.mask.get(), [](int i, int j, int k) { return (i + j + k) % 4 == 0 ? 1.0 : 0.0; });
  DiffusionSystem& system = s.assemble();
  const CellArray solid(s.mask.get(), owned_cells(s.dm.get()), Access::read);
  const CellArray sum(system.row_sum(), solid.box(), Access::read);
  const CellArray b(system.rhs(), solid.box(), Access::read);
  visit_cells(solid.box(), [&](int i, int j, int k) {
    if (solid(i, j, k) == 0.0) return;
    EXPECT_EQ(sum(i, j, k), 1.0);
    EXPECT_EQ(b(i, j, k), 0.0);
    for (Vec v : system.couplings()) {
      const CellArray c(v, solid.box(), Access::read);
      EXPECT_EQ(c(i, j, k), 0.0);
    }
  });
}

/// u = 3 at the centres of the cells i < 2, 0 at the far face: resistances in series, from the
/// centre of the last held cell on, which conducts with its own kappa.
TEST(DiffusionSystem, HeldCellsAreKnownAtTheirCentres) {
  DiffusionModel model = box(3, {9, 4, 5}, BoundaryKind::neumann);
  model.boundary[1].kind = BoundaryKind::dirichlet;
  model.held_value = 3.0;
  Case s(model);
  const auto kappa = [](int i) { return i % 2 == 0 ? 0.5 : 4.0; };
  s.fill(s.kappa.get(), [&](int i, int, int) { return kappa(i); });
  s.fill(s.mask.get(), [](int i, int, int) { return i < 2 ? held_cell : 0.0; });
  DiffusionSystem& system = s.assemble();
  const Owned<Vec> u = make_cell_vector(s.dm.get(), "u");
  s.solve(s.matrix(MATAIJ).get(), system.rhs(), u.get());
  double resistance = 0.5 / kappa(1);
  for (int i = 2; i < 9; ++i) resistance += 1.0 / kappa(i);
  const double flow = 3.0 / (resistance / 9.0);
  const FluxReport report = integrate_fluxes(system, u.get());
  EXPECT_NEAR(report.outflow[1], flow, 1e-9 * flow);
  EXPECT_NEAR(report.wall_outflow, -flow, 1e-9 * flow);
  const CellArray values(u.get(), owned_cells(s.dm.get()), Access::read);
  const CellArray sum(system.row_sum(), values.box(), Access::read);
  visit_cells(values.box(), [&](int i, int j, int k) {
    if (i < 2) {
      EXPECT_EQ(values(i, j, k), 0.0);
      EXPECT_EQ(sum(i, j, k), 1.0);
    }
    if (i == 2) {
      EXPECT_NEAR(values(i, j, k), 3.0 - flow / 9.0 * 0.5 * (1.0 / kappa(1) + 1.0 / kappa(2)),
                  1e-8);
    }
  });
}

TEST(CompressedSystem, HasTheSameSolution) {
  DiffusionModel model = box(3, {8, 7, 6});
  model.source = [](const Real3& p, double) { return 1.0 + p[0]; };
  Case s(model);
  s.fill(s.kappa.get(), [](int i, int j, int k) { return 1.0 + (i * j + k) % 5; });
  s.fill(s.mask.get(), [](int i, int j, int k) { return (i + 2 * j + k) % 5 == 0 ? 1.0 : 0.0; });
  DiffusionSystem& system = s.assemble();
  const Owned<Vec> u = make_cell_vector(s.dm.get(), "u"), v = make_cell_vector(s.dm.get(), "v");
  s.solve(s.matrix(MATAIJ).get(), system.rhs(), u.get());
  const CompressedSystem compressed(system, s.mask.get());
  const Owned<Vec> b = compressed.make_vector(), x = compressed.make_vector();
  compressed.compress(system.rhs(), b.get());
  s.solve(compressed.matrix(), b.get(), x.get());
  compressed.expand(x.get(), v.get());
  PetscReal scale, difference;
  LINNET_CHECK(VecNorm(u.get(), NORM_INFINITY, &scale));
  LINNET_CHECK(VecAXPY(v.get(), -1.0, u.get()));
  LINNET_CHECK(VecNorm(v.get(), NORM_INFINITY, &difference));
  EXPECT_LT(difference, 1e-10 * scale);
}

/// Two halves without any fixed value: two null vectors, which the operator maps to zero.
TEST(FloatingPieces, AreTheNullSpace) {
  DiffusionModel model = box(2, {13, 8, 1}, BoundaryKind::neumann);
  model.source = [](const Real3& p, double) { return std::cos(2.0 * M_PI * p[1]); };
  Case s(model);
  s.fill(s.kappa.get(), [](int i, int j, int) { return 1.0 + i + 3.0 * j; });
  s.fill(s.mask.get(), [](int i, int, int) { return i == 6 ? 1.0 : 0.0; });
  DiffusionSystem& system = s.assemble();
  const FloatingPieces pieces(system, s.mask.get(), Compatibility::error);
  EXPECT_EQ(pieces.components(), 2);
  EXPECT_EQ(pieces.floating(), 2);
  EXPECT_EQ(pieces.floating_cells(), 96);
  const Owned<Mat> A = s.matrix(MATAIJ);
  pieces.attach(s.dm.get(), A.get());
  MatNullSpace space = nullptr;
  LINNET_CHECK(MatGetNullSpace(A.get(), &space));
  ASSERT_NE(space, nullptr);
  PetscBool is_null = PETSC_FALSE, constants = PETSC_TRUE;
  LINNET_CHECK(MatNullSpaceTest(space, A.get(), &is_null));
  EXPECT_TRUE(is_null);
  PetscInt count = 0;
  LINNET_CHECK(MatNullSpaceGetVecs(space, &constants, &count, nullptr));
  EXPECT_EQ(count, 2);
  EXPECT_FALSE(constants);
}

TEST(FloatingPieces, RefuseDataThatDoNotBalance) {
  DiffusionModel model = box(2, {8, 8, 1}, BoundaryKind::neumann);
  model.boundary[1].value = FaceData(Expression(0.25)); // flows in, and nowhere out
  Case s(model);
  DiffusionSystem& system = s.assemble();
  try {
    const FloatingPieces pieces(system, s.mask.get(), Compatibility::error);
    ADD_FAILURE() << "accepted";
  } catch (const linnet::core::Error& error) {
    EXPECT_EQ(error.code(), linnet::core::ExitCode::usage);
    EXPECT_NE(std::string(error.what()).find("2.5"), std::string::npos) << error.what();
  }
  const FloatingPieces pieces(system, s.mask.get(), Compatibility::project);
  PetscScalar sum;
  LINNET_CHECK(VecSum(system.rhs(), &sum));
  EXPECT_NEAR(sum, 0.0, 1e-15);
  EXPECT_NEAR(pieces.removed(), 0.25, 1e-14);
}

/// More pieces than a null space holds: the small ones get one fixed cell, and the solution is
/// still that of smallest norm.
TEST(FloatingPieces, ManyPiecesAreMadeRegular) {
  DiffusionModel model = box(2, {24, 8, 1}, BoundaryKind::neumann);
  model.source = [](const Real3& p, double) { return std::cos(M_PI * p[1]); };
  Case s(model);
  s.fill(s.mask.get(), [](int i, int, int) { return i % 2 == 1 ? 1.0 : 0.0; });
  DiffusionSystem& system = s.assemble();
  const FloatingPieces pieces(system, s.mask.get(), Compatibility::error);
  EXPECT_EQ(pieces.floating(), 12);
  EXPECT_EQ(pieces.null_vectors(), FloatingPieces::max_null_vectors);
  const Owned<Mat> A = s.matrix(MATAIJ);
  pieces.attach(s.dm.get(), A.get());
  const Owned<Vec> u = make_cell_vector(s.dm.get(), "u");
  s.solve(A.get(), system.rhs(), u.get());
  pieces.remove_means(s.dm.get(), u.get());
  // All strips are alike, so their solutions must be.
  std::vector<double> column(8, 0.0);
  const CellArray values(u.get(), owned_cells(s.dm.get()), Access::read);
  visit_cells(values.box(), [&](int i, int j, int) {
    if (i == 0) column[static_cast<std::size_t>(j)] = values(0, j, 0);
  });
  MPI_Allreduce(MPI_IN_PLACE, column.data(), 8, MPI_DOUBLE, MPI_SUM, PETSC_COMM_WORLD);
  visit_cells(values.box(), [&](int i, int j, int) {
    if (i % 2 == 1) return;
    EXPECT_NEAR(values(i, j, 0), column[static_cast<std::size_t>(j)], 1e-9);
  });
}

TEST(BoxCells, RefuseMoreRanksThanCells) {
  if (ranks() < 4) GTEST_SKIP() << "needs 4 ranks";
  EXPECT_THROW(create_cell_dm(PETSC_COMM_WORLD, box(2, {1, 3, 1}).grid, false),
               linnet::core::Error);
}

} // namespace
