// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Functions tabulated on a grid: multilinear between its points, to zero or constant beyond them,
// through a model file and back, and what is refused.
#include "unit/io/scratch.hpp"

#include <linnet/linalg/tabulated_basis.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace linnet;
using linalg::TabulatedBasis;
using linnet::test::error_of;
using linnet::test::expect_contains;

namespace {

/// 1 + 2x - 3y + 4xy, and x, on uneven points of [1,3] x [0,2].
TabulatedBasis small_basis() {
  TabulatedBasis b;
  b.low = {1.0, 0.0, 0.0};
  b.high = {3.0, 2.0, 1.0};
  b.axes[0] = {1.25, 1.5, 2.0, 2.5};
  b.axes[1] = {0.0, 0.5, 2.0};
  for (int f = 0; f < 2; ++f)
    for (const double y : b.axes[1])
      for (const double x : b.axes[0])
        b.values.push_back(f == 0 ? 1.0 + 2.0 * x - 3.0 * y + 4.0 * x * y : x);
  b.eigenvalues = {3.0, 2.0, 1.0};
  return b;
}

double value(const TabulatedBasis& b, std::int64_t function, double x, double y) {
  const auto in = linalg::interpolate(
      b, {(x - b.low[0]) / (b.high[0] - b.low[0]), (y - b.low[1]) / (b.high[1] - b.low[1]), 0.5});
  double sum = 0.0;
  for (std::size_t c = 0; c < static_cast<std::size_t>(in.count); ++c)
    sum += in.weight[c] * b.values[static_cast<std::size_t>(function * b.points() + in.place[c])];
  return sum;
}

std::map<std::string, io::ModelArray> arrays() { return linalg::arrays_of(small_basis()); }

std::string refusal(const std::map<std::string, io::ModelArray>& a) {
  return error_of([&] { linalg::basis_of(a, "f.h5"); });
}

} // namespace

TEST(TabulatedBasis, IsBilinearBetweenPoints) {
  const TabulatedBasis b = small_basis();
  EXPECT_EQ(b.points(), 12);
  EXPECT_EQ(b.size(), 2);
  for (const double x : {1.25, 1.3, 1.5, 1.9, 2.5})
    for (const double y : {0.0, 0.1, 0.5, 1.7, 2.0}) {
      EXPECT_NEAR(value(b, 0, x, y), 1.0 + 2.0 * x - 3.0 * y + 4.0 * x * y, 1e-13);
      EXPECT_NEAR(value(b, 1, x, y), x, 1e-13);
    }
}

TEST(TabulatedBasis, GoesToZeroWhereItVanishesElseStaysConstant) {
  TabulatedBasis b = small_basis();
  EXPECT_NEAR(value(b, 1, 1.0, 1.0), 1.25, 1e-14);
  EXPECT_NEAR(value(b, 1, 3.0, 1.0), 2.5, 1e-14);
  b.zero[0] = {true, true};
  EXPECT_NEAR(value(b, 1, 1.0, 1.0), 0.0, 1e-14);
  EXPECT_NEAR(value(b, 1, 1.1, 1.0), 1.25 * 0.4, 1e-14);
  EXPECT_NEAR(value(b, 1, 2.9, 1.0), 2.5 * 0.2, 1e-14);
  EXPECT_NEAR(value(b, 1, 1.25, 1.0), 1.25, 1e-14);
  b.zero[1] = {true, true}; // its outermost points lie on these ends: nothing to change
  EXPECT_NEAR(value(b, 1, 2.0, 0.0), 2.0, 1e-14);
}

TEST(TabulatedBasis, IsTheSameFromAModelFile) {
  const test::Scratch scratch;
  const TabulatedBasis b = small_basis();
  io::ModelFile model;
  model.graph = "{}";
  model.basis = linalg::arrays_of(b);
  // A network beside it does not matter.
  model.parameters["dense/weight"] = {{2, 2}, {1.0, 2.0, 3.0, 4.0}, "weight"};
  const std::string path = scratch / "basis.h5";
  io::write_model(PETSC_COMM_WORLD, path, model);
  const TabulatedBasis read = linalg::read_basis(PETSC_COMM_WORLD, path, 1 << 20);
  EXPECT_EQ(read.dimension, 2);
  EXPECT_EQ(read.axes, b.axes);
  EXPECT_EQ(read.low[0], 1.0);
  EXPECT_EQ(read.high[1], 2.0);
  EXPECT_EQ(read.values, b.values);
  EXPECT_EQ(read.eigenvalues, b.eigenvalues);
  expect_contains(error_of([&] { linalg::read_basis(PETSC_COMM_WORLD, path, 100); }),
                  "raise the limit of bytes");
  const std::string bytes = test::read_bytes(path);
  test::write_bytes(scratch / "cut.h5", bytes.substr(0, bytes.size() / 2));
  EXPECT_NE(error_of([&] { linalg::read_basis(PETSC_COMM_WORLD, scratch / "cut.h5", 1 << 20); }),
            "");
  model.basis["phi"].values[3] = std::numeric_limits<double>::quiet_NaN();
  expect_contains(error_of([&] { io::write_model(PETSC_COMM_WORLD, path, model); }),
                  "/basis/phi: value 3 is nan");
  model.basis.clear();
  io::write_model(PETSC_COMM_WORLD, path, model);
  expect_contains(error_of([&] { linalg::read_basis(PETSC_COMM_WORLD, path, 1 << 20); }),
                  "holds no /basis/phi; train a basis");
}

TEST(TabulatedBasis, RefusesArraysThatDoNotFit) {
  auto a = arrays();
  a["points"].values[4] += 0.1;
  expect_contains(refusal(a), "f.h5: /basis/points: are no tensor-product grid");
  a = arrays();
  a["phi"].shape = {1, 24};
  expect_contains(refusal(a), "/basis/phi: has the shape (1,24); the points imply (p,12)");
  a = arrays();
  a["domain"].values = {1.0, 2.0, 0.0, 2.0};
  expect_contains(refusal(a), "/basis/points: lie outside of the box, in direction x");
  a = arrays();
  a["zero"].shape = {4};
  expect_contains(refusal(a), "/basis/zero: has the shape (4); 2 directions are expected");
  a = arrays();
  a.erase("points");
  expect_contains(refusal(a), "holds no /basis/points");
}
