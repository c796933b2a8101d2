// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Order of convergence of solids: free thermal bending by a temperature that is linear in space.
//
// T = g z gives u = alpha g (x z, y z, (z^2 - x^2 - y^2) / 2) without stress. On a box of 20 x 12 x
// 40 twisted by 15 degrees, with that u on its boundary, the errors of B-bar hexahedra are also
// known from an independent program.
#include "unit/fem/solid_cases.hpp"

#include <linnet/fem/quadrature/points.hpp>
#include <linnet/fem/solid_solver.hpp>

#include <gtest/gtest.h>

namespace {

using namespace linnet;
using namespace linnet::tests;

constexpr double expansion = 1.5e-5, slope = 5.0;

Real3 bending(const Real3& x) {
  const double k = expansion * slope;
  return {k * x[0] * x[2], k * x[1] * x[2], 0.5 * k * (x[2] * x[2] - x[0] * x[0] - x[1] * x[1])};
}

struct Errors {
  double displacement; ///< relative L2 norm
  double stress;       ///< root of the volume mean of the sum of the six squared components
};

/// The local values of u, ghosts included.
std::vector<double> local_values(const fem::Mesh& mesh, Vec u) {
  const auto local = fem::local_vector(mesh.dm());
  LINNET_CHECK(DMGlobalToLocal(mesh.dm(), u, INSERT_VALUES, local.get()));
  const fem::HostValues values(local.get());
  return {&values[0], &values[0] + 3 * mesh.nodes()};
}

Errors errors_on(fem::CellShape shape, PetscInt n) {
  fem::BoxMeshOptions options;
  options.map = fem::BoxMap::twisted_box;
  options.shape = shape;
  options.cells = {n, n, 2 * n};
  const fem::Mesh mesh = fem::make_box_mesh(PETSC_COMM_WORLD, options);
  fem::SolidModel model(mesh, fem::Materials({elastic(150e3, 0.3, expansion)}));
  const auto x = fem::host_copy(fem::point_coordinates(mesh));
  std::vector<double> field;
  for (std::size_t i = 0; i < x.extent(0); i += 3) field.push_back(slope * x(i + 2));
  fem::Loading loading(mesh);
  loading.add_temperature(fem::Amplitude(), fem::device_copy<double>("linnet::test::field", field));
  for (const char* side : box_sides)
    loading.hold(side, {true, true, true}, fem::Amplitude(1.0), bending);
  fem::SolidSolver solver(model, loading);
  const auto u = fem::global_vector(mesh.dm());
  solver.step(loading, 0.0, 1.0, u.get());

  const auto at = fem::host_copy(fem::interpolate_to_points(mesh, local_values(mesh, u.get()), 3));
  const auto stress = fem::host_copy(model.stress());
  const double error = integral(model, [&](std::size_t i) {
    const Real3 exact = bending({x(3 * i), x(3 * i + 1), x(3 * i + 2)});
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c) sum += std::pow(at(3 * i + c) - exact[c], 2);
    return sum;
  });
  const double size = integral(model, [&](std::size_t i) {
    const Real3 exact = bending({x(3 * i), x(3 * i + 1), x(3 * i + 2)});
    return exact[0] * exact[0] + exact[1] * exact[1] + exact[2] * exact[2];
  });
  const double squares = integral(model, [&](std::size_t i) {
    double sum = 0;
    for (std::size_t k = 0; k < 6; ++k) sum += stress(6 * i + k) * stress(6 * i + k);
    return sum;
  });
  const double volume = integral(model, [](std::size_t) { return 1.0; });
  return {std::sqrt(error / size), std::sqrt(squares / volume)};
}

TEST(SolidOrder, HexahedraHaveTheErrorsOfAnIndependentProgram) {
  const PetscInt n[3] = {3, 6, 12};
  const double displacement[3] = {3.679e-3, 9.198e-4, 2.300e-4};
  const double stress[3] = {95.23, 47.61, 23.81};
  for (int i = 0; i < 3; ++i) {
    const Errors found = errors_on(fem::CellShape::hex8, n[i]);
    EXPECT_NEAR(found.displacement, displacement[i], 2e-3 * displacement[i]);
    EXPECT_NEAR(found.stress, stress[i], 1e-3 * stress[i]);
  }
}

/// The exact u is quadratic: straight cells would have no error, the twist gives them one.
TEST(SolidOrder, TetrahedraAreOfThirdOrder) {
  const Errors coarse = errors_on(fem::CellShape::tet10, 2);
  const Errors fine = errors_on(fem::CellShape::tet10, 4);
  EXPECT_GT(std::log2(coarse.displacement / fine.displacement), 2.7);
  EXPECT_GT(std::log2(coarse.stress / fine.stress), 1.7);
  EXPECT_LT(fine.displacement, 2e-4);
}

} // namespace
