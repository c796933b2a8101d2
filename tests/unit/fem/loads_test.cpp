// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Nodal forces against the integrals that they stand for.
#include "solid_cases.hpp"

#include <linnet/core/error.hpp>
#include <linnet/fem/quadrature/loads.hpp>

#include <gtest/gtest.h>

#include <numbers>

namespace {

using namespace linnet;
using namespace linnet::tests;
using fem::CellShape;

/// sum over nodes of force . field(x): the work on a nodal field.
double work(const fem::Mesh& mesh, Vec force, const std::function<Real3(const Real3&)>& field) {
  const auto v = nodal(mesh, field);
  PetscScalar value = 0;
  LINNET_CHECK(VecDot(force, v.get(), &value));
  return value;
}

class LoadsOn : public ::testing::TestWithParam<CellShape> {};
INSTANTIATE_TEST_SUITE_P(Shapes, LoadsOn, ::testing::Values(CellShape::hex8, CellShape::tet10));

TEST_P(LoadsOn, PressurePushesAgainstEveryOutwardNormal) {
  const fem::Mesh mesh = box(GetParam(), 2, 0.15, {2, 3, 5});
  const double area[3] = {15, 10, 6};
  for (std::size_t side = 0; side < 6; ++side) {
    const auto force = fem::pressure_load(mesh, box_sides[side], 0.7);
    const Real3 sum = resultant(force.get());
    for (std::size_t c = 0; c < 3; ++c) {
      const double exact = c != side / 2 ? 0.0 : (side % 2 ? -0.7 : 0.7) * area[c];
      EXPECT_NEAR(sum[c], exact, 1e-12) << box_sides[side] << " component " << c;
    }
  }
}

TEST_P(LoadsOn, TractionsThatVaryDoTheirWork) {
  const fem::Mesh mesh = box(GetParam(), 3, 0.0, {1, 1, 1});
  // int over z = 1 of (x) (1 + y) and of y x; both within the degree of the faces.
  const auto force = fem::traction_load(mesh, "z1", [](const Real3& x, const Real3& normal) {
    return Real3{x[0], 0.0, x[1] * normal[2]};
  });
  EXPECT_NEAR(work(mesh, force.get(),
                   [](const Real3& x) {
                     return Real3{1 + x[1], 0, 0};
                   }),
              0.75, 1e-12);
  EXPECT_NEAR(work(mesh, force.get(),
                   [](const Real3& x) {
                     return Real3{0, 0, x[0]};
                   }),
              0.25, 1e-12);
  EXPECT_NEAR(work(mesh, force.get(), [](const Real3&) { return Real3{0, 1, 0}; }), 0.0, 1e-14);
}

TEST_P(LoadsOn, CentrifugalForceOfABoxAboutASlantedAxis) {
  const fem::Mesh mesh = box(GetParam(), 3, 0.15, {2, 1, 3});
  const double density[1] = {2.5};
  const Real3 point{0.3, -2.0, 1.0}, direction{0, 3, 4};
  const auto force = fem::centrifugal_load(mesh, density, 10.0, point, direction);
  // The mean distance vector is that of the centre (1, 0.5, 1.5).
  const Real3 arm{0.7, 2.5, 0.5};
  const double along = (arm[1] * 0.6 + arm[2] * 0.8);
  const Real3 sum = resultant(force.get());
  const double mass = 2.5 * 6.0;
  EXPECT_NEAR(sum[0], mass * 100 * arm[0], 1e-9);
  EXPECT_NEAR(sum[1], mass * 100 * (arm[1] - 0.6 * along), 1e-9);
  EXPECT_NEAR(sum[2], mass * 100 * (arm[2] - 0.8 * along), 1e-9);
}

/// For a linear test field the integrand has degree 2: inside the rule of straight cells.
TEST_P(LoadsOn, BodyForceDoesItsWorkOnLinearFields) {
  const fem::Mesh mesh = box(GetParam(), 3, 0.0, {1, 1, 1});
  const double density[1] = {3.0};
  const auto force = fem::body_load(mesh, density, [](const Real3& x) {
    return Real3{x[0], x[1] - 1, 2.0};
  });
  EXPECT_NEAR(work(mesh, force.get(),
                   [](const Real3& x) {
                     return Real3{x[0], x[0], x[2]};
                   }),
              3.0 * (1.0 / 3 - 0.25 + 1.0), 1e-12);
}

TEST(Loads, RulesOfTetrahedraAreExactToTheirDegree) {
  // int over the unit simplex of x^a y^b z^c = a! b! c! / (a + b + c + 3)!
  const auto factorial = [](int n) { return std::tgamma(n + 1.0); };
  for (int a = 0; a <= 5; ++a)
    for (int b = 0; a + b <= 5; ++b)
      for (int c = 0; a + b + c <= 5; ++c) {
        double fine = 0, coarse = 0, x[3], w;
        for (int q = 0; q < kernels::Tet10::load_points; ++q) {
          kernels::Tet10::load_point(q, x, w);
          fine += w * std::pow(x[0], a) * std::pow(x[1], b) * std::pow(x[2], c);
        }
        for (int q = 0; q < kernels::Tet10::points; ++q) {
          kernels::Tet10::point(q, x, w);
          coarse += w * std::pow(x[0], a) * std::pow(x[1], b) * std::pow(x[2], c);
        }
        const double exact = factorial(a) * factorial(b) * factorial(c) / factorial(a + b + c + 3);
        EXPECT_NEAR(fine, exact, 1e-14) << a << b << c;
        if (a + b + c <= 2) {
          EXPECT_NEAR(coarse, exact, 1e-14) << a << b << c;
        }
      }
  for (int a = 0; a <= 4; ++a)
    for (int b = 0; a + b <= 4; ++b) {
      double sum = 0, s[2], w;
      for (int q = 0; q < kernels::Tet10::face_points; ++q) {
        kernels::Tet10::face_point(q, s, w);
        sum += w * std::pow(s[0], a) * std::pow(s[1], b);
      }
      EXPECT_NEAR(sum, factorial(a) * factorial(b) / factorial(a + b + 2), 1e-14) << a << b;
    }
}

/// Figures of an independent program for the blade of 10 x 3 x 20 cells, given to 9 digits.
TEST(Loads, ResultantsOnTheBlade) {
  fem::BoxMeshOptions options;
  options.map = fem::BoxMap::blade;
  const fem::Mesh mesh = fem::make_box_mesh(PETSC_COMM_WORLD, options);
  const double density[1] = {8.2e-9};
  const auto centrifugal = fem::centrifugal_load(mesh, density, 1650.0, {0, 0, -300}, {0, 1, 0});
  const auto pressure = fem::pressure_load(mesh, "pressure", 0.3);
  const Real3 a = resultant(centrifugal.get()), b = resultant(pressure.get());
  EXPECT_NEAR(a[0], -6.36170269, 1e-8);
  EXPECT_NEAR(a[1], 0.0, 1e-8);
  EXPECT_NEAR(a[2], 15594.2759, 1e-4);
  EXPECT_NEAR(b[0], -28.1125046, 1e-7);
  EXPECT_NEAR(b[1], 219.572452, 1e-6);
  EXPECT_NEAR(b[2], -2.2270459, 1e-7);
  const fem::SolidModel model(mesh, fem::Materials({superalloy()}));
  EXPECT_NEAR(integral(model, [](std::size_t) { return 1.0; }), 2193.0905017, 1e-7);
}

TEST(Loads, ARefusedAxisAndWrongNumbersOfDensitiesAreErrors) {
  const fem::Mesh mesh = box(CellShape::hex8, 1, 0.0, {1, 1, 1});
  const double density[2] = {1.0, 1.0};
  EXPECT_THROW(fem::centrifugal_load(mesh, {density, 1}, 1.0, {0, 0, 0}, {0, 0, 0}), core::Error);
  EXPECT_THROW(fem::centrifugal_load(mesh, {density, 2}, 1.0, {0, 0, 0}, {0, 0, 1}), core::Error);
  EXPECT_THROW(fem::pressure_load(mesh, "nowhere", 1.0), core::Error);
}

} // namespace
