// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Least squares over distributed columns and sketches of vectors: against closed forms, on any
// number of ranks.
#include <linnet/core/owned.hpp>
#include <linnet/core/random.hpp>
#include <linnet/linalg/column_fit.hpp>
#include <linnet/linalg/gaussian_sketch.hpp>

#include <petscdmda.h>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

using namespace linnet;
using core::Owned;
using linalg::ColumnFit;

namespace {

constexpr PetscInt rows = 1000; // more than a block of rows on each of up to 3 ranks

Owned<Vec> vector(const std::function<double(PetscInt)>& value, PetscInt size = rows) {
  Vec v = nullptr;
  LINNET_CHECK(VecCreateMPI(PETSC_COMM_WORLD, PETSC_DECIDE, size, &v));
  Owned<Vec> owner(v);
  PetscInt begin = 0, end = 0;
  LINNET_CHECK(VecGetOwnershipRange(v, &begin, &end));
  for (PetscInt i = begin; i < end; ++i) LINNET_CHECK(VecSetValue(v, i, value(i), INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(v));
  LINNET_CHECK(VecAssemblyEnd(v));
  return owner;
}

double noise(int column, PetscInt row) {
  return core::RandomStream(5, static_cast<std::uint64_t>(column)).normal(std::uint64_t(row));
}

struct Fitted {
  ColumnFit::Outcome outcome;
  std::vector<double> c;
  double residual = 0.0; ///< |b - W c| computed from the vectors, over |b|
};

Fitted fit(const std::vector<Owned<Vec>>& columns, Vec b) {
  std::vector<Vec> handles;
  for (const auto& column : columns) handles.push_back(column.get());
  Fitted result;
  result.c.assign(handles.size(), 7.0);
  ColumnFit solver(static_cast<int>(handles.size()) + 3);
  result.outcome = solver.fit(handles, b, result.c);
  Vec r = nullptr;
  LINNET_CHECK(VecDuplicate(b, &r));
  const Owned<Vec> owner(r);
  std::vector<double> minus = result.c;
  for (double& value : minus) value = -value;
  LINNET_CHECK(VecCopy(b, r));
  LINNET_CHECK(VecMAXPY(r, PetscInt(minus.size()), minus.data(), handles.data()));
  PetscReal left = 0.0, all = 0.0;
  LINNET_CHECK(VecNorm(r, NORM_2, &left));
  LINNET_CHECK(VecNorm(b, NORM_2, &all));
  result.residual = left / all;
  return result;
}

} // namespace

TEST(ColumnFit, MeetsTheNormalEquationsAndTellsTheResidual) {
  std::vector<Owned<Vec>> columns;
  for (int j = 0; j < 5; ++j)
    columns.push_back(vector([j](PetscInt i) { return std::pow(100.0, j) * noise(j, i); }));
  const auto b = vector([](PetscInt i) { return noise(9, i) + 2.0 * noise(1, i); });
  const Fitted found = fit(columns, b.get());
  EXPECT_EQ(found.outcome.rank, 5);
  EXPECT_EQ(found.outcome.passes, 1);
  EXPECT_NEAR(found.c[1], 0.02, 0.002); // the rest of b has nothing to do with the columns
  EXPECT_NEAR(found.outcome.residual / found.outcome.norm, found.residual, 1e-12);
  Vec r = nullptr;
  LINNET_CHECK(VecDuplicate(b.get(), &r));
  const Owned<Vec> owner(r);
  LINNET_CHECK(VecCopy(b.get(), r));
  for (std::size_t j = 0; j < 5; ++j) LINNET_CHECK(VecAXPY(r, -found.c[j], columns[j].get()));
  for (const auto& column : columns) {
    PetscScalar with_r = 0.0;
    PetscReal length = 0.0;
    LINNET_CHECK(VecDot(column.get(), r, &with_r));
    LINNET_CHECK(VecNorm(column.get(), NORM_2, &length));
    EXPECT_NEAR(with_r / length, 0.0, 1e-12 * found.outcome.norm);
  }
}

// Columns that differ by 1e-8 from each other: products of them do not resolve what b needs.
TEST(ColumnFit, ResolvesNearlyDependentColumns) {
  std::vector<Owned<Vec>> columns;
  for (int j = 0; j < 6; ++j)
    columns.push_back(
        vector([j](PetscInt i) { return noise(0, i) + (j > 0 ? 1e-8 * noise(j, i) : 0.0); }));
  const auto b = vector([](PetscInt i) {
    double sum = 0.0;
    for (int j = 1; j < 6; ++j) sum += 1e-8 * noise(j, i);
    return noise(0, i) + 1e3 * sum;
  });
  const Fitted found = fit(columns, b.get());
  EXPECT_EQ(found.outcome.passes, 2);
  EXPECT_EQ(found.outcome.rank, 6);
  EXPECT_LE(found.residual, 1e-11); // rounding of numbers of size 1e4 that cancel
}

TEST(ColumnFit, DependentAndZeroColumnsAreLeftOut) {
  std::vector<Owned<Vec>> columns;
  for (int j = 0; j < 3; ++j) columns.push_back(vector([j](PetscInt i) { return noise(j, i); }));
  columns.push_back(vector([](PetscInt i) { return noise(0, i) - 3.0 * noise(1, i); }));
  columns.push_back(vector([](PetscInt) { return 0.0; }));
  const auto b = vector([](PetscInt i) { return noise(0, i) + noise(2, i); });
  const Fitted found = fit(columns, b.get());
  EXPECT_EQ(found.outcome.rank, 3);
  EXPECT_LE(found.residual, 1e-14);
  EXPECT_EQ(found.c[4], 0.0);
}

TEST(ColumnFit, WhatIsNotFiniteIsNotFitted) {
  std::vector<Owned<Vec>> columns;
  columns.push_back(vector([](PetscInt i) { return noise(0, i); }));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto b = vector([nan](PetscInt i) { return i == 17 ? nan : 1.0; });
  const Fitted found = fit(columns, b.get());
  EXPECT_TRUE(std::isnan(found.outcome.residual));
  EXPECT_EQ(found.c[0], 0.0);
}

// A rank may have no row.
TEST(ColumnFit, FewRows) {
  std::vector<Owned<Vec>> columns;
  columns.push_back(vector([](PetscInt i) { return i == 0 ? 2.0 : 0.0; }, 2));
  const auto b = vector([](PetscInt i) { return i == 0 ? 3.0 : 4.0; }, 2);
  const Fitted found = fit(columns, b.get());
  EXPECT_NEAR(found.c[0], 1.5, 1e-15);
  EXPECT_NEAR(found.outcome.residual, 4.0, 1e-14);
}

TEST(GaussianSketch, KeepsLengthsAndAngles) {
  const auto v = vector([](PetscInt i) { return noise(0, i); });
  const auto w = vector([](PetscInt i) { return noise(0, i) + 0.1 * noise(1, i); });
  double lengths = 0.0, products = 0.0;
  constexpr int seeds = 20, keys = 24;
  std::array<double, keys> kv{}, kw{};
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const linalg::GaussianSketch sketch(v.get(), keys, seed);
    sketch.apply(v.get(), kv);
    sketch.apply(w.get(), kw);
    lengths += std::inner_product(kv.begin(), kv.end(), kv.begin(), 0.0);
    products += std::inner_product(kv.begin(), kv.end(), kw.begin(), 0.0);
    const double vv = std::inner_product(kv.begin(), kv.end(), kv.begin(), 0.0);
    const double ww = std::inner_product(kw.begin(), kw.end(), kw.begin(), 0.0);
    const double vw = std::inner_product(kv.begin(), kv.end(), kw.begin(), 0.0);
    EXPECT_NEAR(std::sqrt(1.0 - vw * vw / (vv * ww)), 0.1, 0.06); // sine of the angle
  }
  PetscReal norm = 0.0;
  PetscScalar product = 0.0;
  LINNET_CHECK(VecNorm(v.get(), NORM_2, &norm));
  LINNET_CHECK(VecDot(v.get(), w.get(), &product));
  // Relative deviation sqrt(2 / (seeds keys)) = 0.065.
  EXPECT_NEAR(lengths / seeds / (norm * norm), 1.0, 0.2);
  EXPECT_NEAR(products / seeds / product, 1.0, 0.2);
}

// The figures of one rank, to be met on any number of ranks.
TEST(GaussianSketch, DoesNotDependOnTheRanks) {
  const auto v = vector([](PetscInt i) { return std::sin(0.1 * double(i)); });
  const linalg::GaussianSketch sketch(v.get(), 11, 42);
  std::array<double, 11> key{};
  sketch.apply(v.get(), key);
  EXPECT_NEAR(key[0], 3.29996785, 1e-6); // factors have single precision
  EXPECT_NEAR(key[10], 0.29964060, 1e-6);

  // In natural order on a grid, however it is cut.
  DM da = nullptr;
  LINNET_CHECK(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR,
                            40, 25, PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr, nullptr, &da));
  const Owned<DM> owner(da);
  LINNET_CHECK(DMSetUp(da));
  Vec grid = nullptr;
  LINNET_CHECK(DMCreateGlobalVector(da, &grid));
  const Owned<Vec> grid_owner(grid);
  PetscInt x = 0, y = 0, nx = 0, ny = 0;
  PetscScalar** values = nullptr;
  LINNET_CHECK(DMDAGetCorners(da, &x, &y, nullptr, &nx, &ny, nullptr));
  LINNET_CHECK(DMDAVecGetArray(da, grid, &values));
  for (PetscInt j = y; j < y + ny; ++j)
    for (PetscInt i = x; i < x + nx; ++i) values[j][i] = std::sin(0.1 * double(40 * j + i));
  LINNET_CHECK(DMDAVecRestoreArray(da, grid, &values));
  std::array<double, 11> on_grid{};
  linalg::GaussianSketch(grid, 11, 42).apply(grid, on_grid);
  for (std::size_t j = 0; j < 11; ++j) EXPECT_NEAR(on_grid[j], key[j], 1e-12) << j;
}
