// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Where the vectors of PC basis come from: functions of another grid, the trunk of an operator
// network, values of rows, dependent ones, blocks of them.
#include "basis_case.hpp"

#include <linnet/core/kokkos_session.hpp>
#include <linnet/io/model_file.hpp>
#include <linnet/nn/deeponet/deeponet.hpp>
#include <linnet/nn/deeponet/deeponet_graph.hpp>

#include <gtest/gtest.h>

using namespace linnet;
using namespace linnet::test;
using coarse::BasisVariant;

namespace {

linalg::TabulatedBasis sine_table(int nodes, int count) {
  linalg::TabulatedBasis b;
  for (int i = 0; i < nodes; ++i) {
    b.axes[0].push_back(static_cast<double>(i) / (nodes - 1));
    b.axes[1].push_back(static_cast<double>(i) / (nodes - 1));
  }
  for (int k = 1; k <= count; ++k)
    for (const double y : b.axes[1])
      for (const double x : b.axes[0])
        b.values.push_back(std::sin(std::numbers::pi * k * x) * std::sin(std::numbers::pi * y));
  return b;
}

void write_table(const std::string& path, const linalg::TabulatedBasis& b) {
  io::ModelFile model;
  model.graph = "{}";
  model.basis = linalg::arrays_of(b);
  io::write_model(PETSC_COMM_WORLD, path, model);
}

/// value(row in natural numbering) of vector j, written with HDF5 alone.
void write_rows(const std::string& path, int nx, int ny, int count, const ColumnFunction& value) {
  if (rank() == 0) {
    io::H5File file = io::H5File::create(PETSC_COMM_SELF, path);
    file.create_group("/basis");
    file.create_dataset("/basis/phi", io::NumberType::float64, {count, nx * ny});
    std::vector<double> values;
    for (int c = 0; c < count; ++c)
      for (int j = 0; j < ny; ++j)
        for (int i = 0; i < nx; ++i) values.push_back(value(i, j, c));
    file.write("/basis/phi", {{0, 0}, {count, nx * ny}}, values.data());
    file.close();
  }
  MPI_Barrier(PETSC_COMM_WORLD);
}

/// Both preconditioners give b.Bb the same value, to so many parts of it.
void expect_alike(const BasisCase& one, const BasisCase& other, double tolerance) {
  LINNET_CHECK(KSPSetUp(one.ksp()));
  LINNET_CHECK(KSPSetUp(other.ksp()));
  const auto b = one.vector(noise_at, 20);
  const double expected = other.product(b.get(), b.get());
  EXPECT_NEAR(one.product(b.get(), b.get()), expected, tolerance * expected);
}

} // namespace

TEST(PcBasisVectors, TakesFunctionsOfAnotherGrid) {
  // sin(k pi x) sin(pi y) from 257^2 nodes, at 40 x 33 cell centres or inner nodes.
  const Scratch scratch;
  const std::string path = scratch / "table.h5";
  write_table(path, sine_table(257, 5));
  for (const auto points : {coarse::GridPoints::cell_centers, coarse::GridPoints::inner_nodes}) {
    const bool cells = points == coarse::GridPoints::cell_centers;
    const BasisCase read(rough_case(40, 33)), given(rough_case(40, 33));
    LINNET_CHECK(coarse::PCBasisSetFile(read.pc(), path.c_str()));
    LINNET_CHECK(coarse::PCBasisSetPoints(read.pc(), points));
    const auto phi = given.columns(5, [&](int i, int j, int k) {
      const double x = cells ? (i + 0.5) / 40 : (i + 1.0) / 41,
                   y = cells ? (j + 0.5) / 33 : (j + 1.0) / 34;
      return std::sin(std::numbers::pi * (k + 1) * x) * std::sin(std::numbers::pi * y);
    });
    LINNET_CHECK(coarse::PCBasisSetVectors(given.pc(), phi.get()));
    // Bilinear interpolation is right to (k pi h)^2 / 8 = 5e-4 for k = 5.
    expect_alike(read, given, 1e-3);
    EXPECT_EQ(read.info().size, 5);
  }
}

TEST(PcBasisVectors, TakesTheTrunkOfAnOperatorNetwork) {
  LINNET_CHECK(core::ensure_kokkos());
  const Scratch scratch;
  const std::string path = scratch / "deeponet.h5";
  nn::DeepONetOptions o;
  o.sensors = 5, o.coordinates = 2;
  o.branch = {7, 8}, o.trunk = {12, 8};
  o.trunk_activation = kernels::Activation::tanh;
  nn::Model model;
  model.graph = nn::resolve(nn::deeponet_graph(o), "test");
  model.parameters = nn::parameter_buffer<float>(model.graph.parameters);
  nn::initialise(model.graph.parameters, 3, model.parameters);
  // A table beside it, as training writes one, is coarser and not what is taken.
  linalg::TabulatedBasis table;
  table.dimension = 2;
  table.axes[0] = table.axes[1] = {0.0, 1.0};
  for (int i = 0; i < 32; ++i) table.values.push_back(std::sin(i));
  model.basis = linalg::arrays_of(table);
  nn::save_model(PETSC_COMM_WORLD, path, model);
  nn::DeepONet network(model, "test");
  const BasisCase read(rough_case(14, 11)), given(rough_case(14, 11));
  LINNET_CHECK(coarse::PCBasisSetType(read.pc(), coarse::BasisType::trunk));
  LINNET_CHECK(coarse::PCBasisSetFile(read.pc(), path.c_str()));
  LINNET_CHECK(coarse::PCBasisSetPoints(read.pc(), coarse::GridPoints::inner_nodes));
  const auto phi = given.columns(8, [&](int i, int j, int column) {
    const double point[2] = {(i + 1) / 15.0, (j + 1) / 12.0};
    double values[8];
    network.basis(point, values);
    return values[column];
  });
  LINNET_CHECK(coarse::PCBasisSetVectors(given.pc(), phi.get()));
  expect_alike(read, given, 1e-12);
  EXPECT_EQ(read.info().size, 8);
}

TEST(PcBasisVectors, TakesValuesOfRows) {
  const Scratch scratch;
  const std::string path = scratch / "rows.h5";
  write_rows(path, 14, 11, 6, noise_at);
  const DiffusionCase c = rough_case(14, 11);
  const BasisCase read(c), given(c);
  LINNET_CHECK(coarse::PCBasisSetType(read.pc(), coarse::BasisType::file));
  LINNET_CHECK(coarse::PCBasisSetFile(read.pc(), path.c_str()));
  LINNET_CHECK(coarse::PCBasisSetSize(read.pc(), 5));
  const auto phi = given.columns(5, noise_at);
  LINNET_CHECK(coarse::PCBasisSetVectors(given.pc(), phi.get()));
  expect_alike(read, given, 1e-12);
}

TEST(PcBasisVectors, BlocksRaiseTheRank) {
  const DiffusionCase c = rough_case(24, 20);
  const BasisCase cut(c), given(c), whole(c);
  const auto phi = cut.columns(3, noise_at);
  const PetscInt blocks[] = {3, 2};
  LINNET_CHECK(coarse::PCBasisSetVectors(cut.pc(), phi.get()));
  LINNET_CHECK(coarse::PCBasisSetBlocks(cut.pc(), 2, blocks));
  LINNET_CHECK(coarse::PCBasisSetVectors(whole.pc(), phi.get()));
  // The same space by hand.
  const auto masked = given.columns(18, [](int i, int j, int column) {
    const int block = i * 3 / 24 + 3 * (j * 2 / 20);
    return block == column / 3 ? noise_at(i, j, column % 3) : 0.0;
  });
  LINNET_CHECK(coarse::PCBasisSetVectors(given.pc(), masked.get()));
  const auto b = cut.vector(noise_at, 20);
  for (const BasisVariant variant : variants) {
    for (const BasisCase* problem : {&cut, &given, &whole}) {
      LINNET_CHECK(coarse::PCBasisSetVariant(problem->pc(), variant));
      LINNET_CHECK(KSPSetUp(problem->ksp()));
    }
    const double expected = given.product(b.get(), b.get());
    EXPECT_NEAR(cut.product(b.get(), b.get()), expected, 1e-11 * expected);
    expect_symmetric_positive(cut, "blocks");
  }
  EXPECT_EQ(cut.info().size, 18);
  EXPECT_EQ(whole.info().size, 3);
}

TEST(PcBasisVectors, ChangeNothingWhereDependent) {
  const BasisCase once(rough_case(20, 15)), twice(rough_case(20, 15));
  const auto phi = once.columns(7, noise_at);
  const auto doubled = twice.columns(15, [](int i, int j, int column) {
    return column == 14 ? 0.0 : (column < 7 ? 1.0 : -2.0) * noise_at(i, j, column % 7);
  });
  LINNET_CHECK(coarse::PCBasisSetVectors(once.pc(), phi.get()));
  LINNET_CHECK(coarse::PCBasisSetVectors(twice.pc(), doubled.get()));
  const auto b = once.vector(noise_at, 30);
  EXPECT_EQ(once.solve(b.get()), twice.solve(b.get()));
  EXPECT_EQ(twice.info().size, 7);
  EXPECT_EQ(twice.info().dropped, 8);
}
