// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/inner_products.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/linalg/dense_solve.hpp>
#include <linnet/linalg/inner_product.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace linnet {
namespace {

using Field = std::array<double, 3> (*)(const double* x);

/// The nodal values of a field as a global vector.
core::Owned<Vec> sampled(const fem::Mesh& mesh, Field field) {
  const core::Owned<Vec> local = fem::local_vector(mesh.dm());
  core::Owned<Vec> global = fem::global_vector(mesh.dm());
  {
    const fem::HostValues to(local.get());
    for (PetscInt i = 0; i < mesh.nodes(); ++i) {
      const auto u = field(mesh.coordinates().data() + 3 * i);
      for (PetscInt c = 0; c < 3; ++c) to[3 * i + c] = u[static_cast<std::size_t>(c)];
    }
  }
  LINNET_CHECK(DMLocalToGlobal(mesh.dm(), local.get(), INSERT_VALUES, global.get()));
  return global;
}

double product(Mat m, Vec a, Vec b) {
  PetscScalar value = 0.0;
  LINNET_CHECK(VecDot(a, linalg::weighted({m, nullptr}, b).get(), &value));
  return value;
}

class Products : public ::testing::TestWithParam<fem::CellShape> {
protected:
  /// A box of 2 x 3 x 1, of which every cell is a box.
  static fem::Mesh box(fem::CellShape shape) {
    fem::BoxMeshOptions options;
    options.shape = shape;
    options.cells = {3, 4, 2};
    options.lengths = {2.0, 3.0, 1.0};
    return fem::make_box_mesh(PETSC_COMM_WORLD, options);
  }
};

TEST_P(Products, IntegratesLinearFieldsExactly) {
  const fem::Mesh mesh = box(GetParam());
  const auto m = fem::displacement_product(mesh, fem::DisplacementProduct::l2);
  const auto u = sampled(mesh, [](const double* x) { return std::array{x[0], 0.0, 1.0}; });
  const auto v = sampled(mesh, [](const double* x) { return std::array{x[0] + x[1], x[2], 5.0}; });
  // int x^2 = 8, int x y = 9, int 5 = 30 over the box of volume 6
  EXPECT_NEAR(product(m.get(), u.get(), v.get()), 8.0 + 9.0 + 30.0, 1e-11);
  EXPECT_NEAR(product(m.get(), v.get(), u.get()), 47.0, 1e-11);
}

TEST_P(Products, AddsGradients) {
  const fem::Mesh mesh = box(GetParam());
  const auto m = fem::displacement_product(mesh, fem::DisplacementProduct::h1);
  const auto u = sampled(mesh, [](const double* x) {
    return std::array{x[0] + 2.0 * x[1], 3.0 * x[2], 0.0};
  });
  const auto v = sampled(mesh, [](const double* x) {
    return std::array{x[1], x[2] - x[0], 7.0 * x[1]};
  });
  // grad u : grad v = 2 + 3 over 6; u . v / L^2 = (x y + 2 y^2 + 3 z^2 - 3 x z) / L^2
  const double square = std::pow(6.0, 2.0 / 3.0);
  const double expected = 30.0 + (9.0 + 36.0 + 6.0 - 9.0) / square;
  EXPECT_NEAR(product(m.get(), u.get(), v.get()), expected, 1e-11 * expected);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Products,
                         ::testing::Values(fem::CellShape::hex8, fem::CellShape::tet10));

TEST(DenseSolve, SolvesAndSaysWhereItCannot) {
  std::vector<double> a{0, 2, 1, 1, 1, 0, 3, 0, 1}, b{11, 4, 6}; // rows (0,1,3), (2,1,0), (1,0,1)
  ASSERT_TRUE(linalg::solve_dense(3, a, b));
  EXPECT_NEAR(b[0], (4.0 - b[1]) / 2.0, 1e-14);
  EXPECT_NEAR(b[1] + 3.0 * b[2], 11.0, 1e-13);
  EXPECT_NEAR(b[0] + b[2], 6.0, 1e-14);
  std::vector<double> singular{1, 2, 2, 4}, right{1, 1};
  EXPECT_FALSE(linalg::solve_dense(2, singular, right));
}

} // namespace
} // namespace linnet
