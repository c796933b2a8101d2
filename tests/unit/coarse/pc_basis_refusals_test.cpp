// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// What PC basis refuses, in one line, on all ranks: files, grids and sizes that do not fit, and
// conjugate gradients for a matrix that is not positive definite; and what that gets instead.
#include "basis_case.hpp"

#include "support/petsc_messages.hpp"

#include <linnet/io/model_file.hpp>

#include <gtest/gtest.h>

#include <limits>

using namespace linnet;
using namespace linnet::test;

namespace {

/// What the set-up says.
std::string refusal(const BasisCase& problem) {
  const Messages messages;
  EXPECT_NE(KSPSetUp(problem.ksp()), PETSC_SUCCESS);
  return messages.text();
}

std::string refusal_of_file(const std::string& file, coarse::BasisType type) {
  const BasisCase problem(rough_case(9, 8));
  LINNET_CHECK(coarse::PCBasisSetType(problem.pc(), type));
  LINNET_CHECK(coarse::PCBasisSetFile(problem.pc(), file.c_str()));
  return refusal(problem);
}

void write_dataset(const std::string& path, const io::Shape& shape, double value) {
  if (rank() == 0) {
    io::H5File file = io::H5File::create(PETSC_COMM_SELF, path);
    file.create_group("/basis");
    file.create_dataset("/basis/phi", io::NumberType::float64, shape);
    const std::vector<double> values(static_cast<std::size_t>(io::Slab{{}, shape}.size()), value);
    file.write("/basis/phi", {io::Shape(shape.size(), 0), shape}, values.data());
    file.close();
  }
  MPI_Barrier(PETSC_COMM_WORLD);
}

/// Adds an upwind term along x, or takes @p shift off the diagonal.
void change(const BasisCase& problem, double wind, double shift) {
  const Mat a = problem.matrix();
  if (wind != 0.0) {
    DMDALocalInfo info;
    LINNET_CHECK(DMDAGetLocalInfo(problem.da(), &info));
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i) {
        const MatStencil row{0, j, i, 0}, west{0, j, i - 1, 0};
        LINNET_CHECK(MatSetValuesStencil(a, 1, &row, 1, &row, &wind, ADD_VALUES));
        const double back = -wind;
        if (i > 0) LINNET_CHECK(MatSetValuesStencil(a, 1, &row, 1, &west, &back, ADD_VALUES));
      }
    LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
    LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  }
  if (shift != 0.0) LINNET_CHECK(MatShift(a, -shift));
}

} // namespace

TEST(PcBasisRefusals, Files) {
  const Scratch scratch;
  using coarse::BasisType;
  expect_contains(refusal_of_file("", BasisType::pod),
                  "basis: no vectors; name their file with -pc_basis_file");
  expect_contains(refusal_of_file("missing.h5", BasisType::pod), "missing.h5");
  expect_contains(refusal_of_file("missing.h5", BasisType::file), "missing.h5");
  const std::string path = scratch / "rows.h5";
  write_dataset(path, {3, 71}, 1.0);
  expect_contains(refusal_of_file(path, BasisType::file),
                  "has the shape (3,71), and the matrix 72 rows; give vectors of its size");
  expect_contains(refusal_of_file(path + ":/other", BasisType::file), "other");
  expect_contains(refusal_of_file(path, BasisType::pod), "this is no model file");
  write_dataset(path, {3, 2, 72}, 1.0);
  expect_contains(refusal_of_file(path, BasisType::file), "two directions (vector,row)");
  write_dataset(path, {3, 72}, std::numeric_limits<double>::quiet_NaN());
  expect_contains(refusal_of_file(path, BasisType::file), "a value that is not finite");
  write_dataset(path, {3, 72}, 1.0);
  const std::string bytes = read_bytes(path);
  write_bytes(scratch / "cut.h5", bytes.substr(0, bytes.size() / 2));
  EXPECT_NE(refusal_of_file(scratch / "cut.h5", BasisType::file), "");
  // A basis in three dimensions.
  linalg::TabulatedBasis b;
  b.dimension = 3;
  for (auto& axis : b.axes) axis = {0.0, 1.0};
  b.values.assign(8, 1.0);
  io::ModelFile model;
  model.graph = "{}";
  model.basis = linalg::arrays_of(b);
  io::write_model(PETSC_COMM_WORLD, scratch / "three.h5", model);
  expect_contains(refusal_of_file(scratch / "three.h5", BasisType::trunk),
                  "has a basis in 3 dimensions, and the grid of the matrix has 2");
}

TEST(PcBasisRefusals, VectorsAndGridsThatDoNotFit) {
  const BasisCase problem(rough_case(9, 8)), other(rough_case(9, 9));
  const auto phi = other.columns(3, noise_at);
  LINNET_CHECK(coarse::PCBasisSetVectors(problem.pc(), phi.get()));
  expect_contains(refusal(problem), "give vectors of its layout");
  const BasisCase bad(rough_case(9, 8));
  const auto nan = bad.columns(3, [](int i, int j, int) {
    return i == 3 && j == 7 ? std::numeric_limits<double>::quiet_NaN() : 1.0;
  });
  LINNET_CHECK(coarse::PCBasisSetVectors(bad.pc(), nan.get()));
  expect_contains(refusal(bad), "a vector has values that are not finite");
  const BasisCase silent(rough_case(9, 8));
  const auto zeros = silent.columns(2, [](int, int, int) { return 0.0; });
  LINNET_CHECK(coarse::PCBasisSetVectors(silent.pc(), zeros.get()));
  LINNET_CHECK(coarse::PCBasisSetNearNullSpace(silent.pc(), 1));
  expect_contains(refusal(silent),
                  "basis: all vectors are zero, and -pc_basis_near_null_space 1 needs one");
  DiffusionCase wrapped = rough_case(9, 8);
  wrapped.periodic = {true, false, false};
  const BasisCase ring(wrapped);
  ring.use_sines(4);
  expect_contains(refusal(ring), "the grid wraps in direction x");
  const BasisCase cut(rough_case(9, 8));
  const PetscInt blocks[] = {10, 1};
  cut.use_sines(4);
  LINNET_CHECK(coarse::PCBasisSetBlocks(cut.pc(), 2, blocks));
  expect_contains(refusal(cut), "-pc_basis_blocks: 10 parts of a direction with 9 points");
  // The coarse matrix is on every rank: 9 * 256 columns are too many for that.
  const BasisCase many(rough_case(48, 48));
  many.use_sines(256);
  const PetscInt nine[] = {3, 3};
  LINNET_CHECK(coarse::PCBasisSetBlocks(many.pc(), 2, nine));
  expect_contains(refusal(many), "basis: 256 vectors in 9 block(s)");
  many.use_sines(2304);
  expect_contains(refusal(many),
                  "basis: more than 2048 vectors in 9 block(s), and the coarse "
                  "matrix is on every rank, for at most 2048 of them; take a smaller "
                  "-pc_basis_size or fewer -pc_basis_blocks");
  const Messages messages;
  EXPECT_NE(coarse::PCBasisSetVectors(cut.pc(), cut.matrix()), PETSC_SUCCESS);
  EXPECT_NE(coarse::PCBasisSetSize(cut.pc(), -7), PETSC_SUCCESS);
  expect_contains(messages.text(), "columns of a matrix of type dense");
  expect_contains(messages.text(), "-pc_basis_size -7: must be at least 0");
}

TEST(PcBasisRefusals, ConjugateGradientsForMatricesThatAreNotDefinite) {
  // The lowest eigenvalue of the Laplacian on 15 x 15 inner nodes is 0.077; then 0.19.
  DiffusionCase c = rough_case(15, 15);
  c.kappa = [](int, int, int) { return 1.0; };
  for (const bool symmetric : {true, false}) {
    const BasisCase problem(c);
    change(problem, symmetric ? 0.0 : 3.0, symmetric ? 0.13 : 0.0);
    problem.use_sines(10);
    const auto b = problem.vector(noise_at, 2);
    Vec x = nullptr;
    LINNET_CHECK(VecDuplicate(b.get(), &x));
    const Owned<Vec> owner(x);
    {
      const Messages messages;
      EXPECT_NE(KSPSolve(problem.ksp(), b.get(), x), PETSC_SUCCESS);
      expect_contains(messages.text(), "as -ksp_type cg needs; use -ksp_type gmres or fgmres");
    }
    EXPECT_FALSE(problem.info().definite);
    // GMRES gets Q by LU in every variant.
    LINNET_CHECK(KSPSetType(problem.ksp(), KSPFGMRES));
    for (const auto variant : {coarse::BasisVariant::multiplicative, coarse::BasisVariant::deflated,
                               coarse::BasisVariant::additive}) {
      LINNET_CHECK(coarse::PCBasisSetVariant(problem.pc(), variant));
      EXPECT_GT(problem.solve(b.get()), 0);
      const Messages messages;
      EXPECT_NE(PCApplyTranspose(problem.pc(), b.get(), x), PETSC_SUCCESS);
      expect_contains(messages.text(), "basis: has no transpose");
    }
    // Q A is the identity on the space: what is left of M^-1 A z beside S A z is z.
    PC smoother = nullptr;
    LINNET_CHECK(coarse::PCBasisGetSmoother(problem.pc(), &smoother));
    const auto z = problem.vector([](int i, int j, int) {
      const double h = std::numbers::pi / 16;
      return std::sin(h * (i + 1)) * std::sin(h * (j + 1));
    });
    const auto image = problem.vector(noise_at), rest = problem.vector(noise_at);
    LINNET_CHECK(MatMult(problem.matrix(), z.get(), image.get()));
    LINNET_CHECK(PCApply(problem.pc(), image.get(), x));
    LINNET_CHECK(PCApply(smoother, image.get(), rest.get()));
    LINNET_CHECK(VecAXPY(x, -1.0, rest.get()));
    LINNET_CHECK(VecAXPY(x, -1.0, z.get()));
    PetscReal left = 0.0;
    LINNET_CHECK(VecNorm(x, NORM_INFINITY, &left));
    EXPECT_LT(left, 1e-11);
  }
}

// Its map is not symmetric, and need not contract however it is damped.
TEST(PcBasisRefusals, RestrictedSchwarzAsSmoother) {
  if (ranks() == 1) GTEST_SKIP() << "one subdomain is symmetric";
  const PowerCase restricted(14, 0);
  restricted.set_smoother(PCASM);
  expect_contains(refusal(restricted), "take -basis_smoother_pc_asm_type basic, or");
  const PowerCase basic(14, 0);
  basic.set_smoother(PCASM);
  PC smoother = nullptr;
  LINNET_CHECK(coarse::PCBasisGetSmoother(basic.pc(), &smoother));
  LINNET_CHECK(PCASMSetType(smoother, PC_ASM_BASIC));
  EXPECT_GT(basic.solve(basic.vector(noise_at, 3).get()), 0);
}

TEST(PcBasisRefusals, DampsWhereNothingIsPositiveToo) {
  // 2 is the largest eigenvalue of D^-1 A of the Laplacian, nearly; the wind is weak.
  DiffusionCase c = rough_case(25, 25);
  c.kappa = [](int, int, int) { return 1.0; };
  const BasisCase problem(c);
  change(problem, 0.05, 0.0);
  problem.use_sines(10);
  problem.set_smoother(PCJACOBI);
  LINNET_CHECK(KSPSetType(problem.ksp(), KSPFGMRES));
  const auto b = problem.vector(noise_at, 2);
  EXPECT_GT(problem.solve(b.get()), 0);
  EXPECT_FALSE(problem.info().definite);
  EXPECT_GE(problem.info().damping, 0.7);
  EXPECT_LE(problem.info().damping, 0.85);
}

TEST(PcBasisRefusals, ASingularCoarseMatrix) {
  DiffusionCase c = rough_case(12, 12);
  c.dirichlet = false; // constants are a null space that the matrix is not told of
  const BasisCase problem(c);
  const auto phi =
      problem.columns(3, [](int i, int j, int k) { return k == 0 ? 1.0 : noise_at(i, j, k); });
  LINNET_CHECK(coarse::PCBasisSetVectors(problem.pc(), phi.get()));
  expect_contains(refusal(problem), "tell the matrix its null space");
}
