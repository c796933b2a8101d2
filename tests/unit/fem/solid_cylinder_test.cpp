// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Thick cylinder under inner pressure in plane strain: a quarter of it.
#include "solid_cases.hpp"

#include <linnet/fem/quadrature/loads.hpp>
#include <linnet/fem/quadrature/points.hpp>
#include <linnet/fem/solid_solver.hpp>

#include <gtest/gtest.h>

namespace {

using namespace linnet;
using namespace linnet::tests;
using fem::Amplitude;

fem::Mesh quarter(PetscInt radial, PetscInt around) {
  fem::BoxMeshOptions options;
  options.map = fem::BoxMap::cylinder_sector;
  options.cells = {radial, around, 1};
  options.height = 0.1;
  return fem::make_box_mesh(PETSC_COMM_WORLD, options);
}

fem::Loading loaded(const fem::Mesh& mesh, double pressure) {
  fem::Loading loading(mesh);
  loading.hold("y0", {false, true, false});
  loading.hold("y1", {true, false, false});
  loading.hold("z0", {false, false, true});
  loading.hold("z1", {false, false, true});
  loading.add_force(Amplitude(), fem::pressure_load(mesh, "inner", pressure));
  return loading;
}

/// Mean radial displacement of the inner face's nodes.
double inner_displacement(const fem::Mesh& mesh, Vec u) {
  const fem::HostValues values(u);
  double sum = 0, count = 0;
  for (const PetscInt i : mesh.nodes_of("inner")) {
    if (i >= mesh.owned_nodes()) continue;
    const double* x = mesh.coordinates().data() + 3 * i;
    sum += (values[3 * i] * x[0] + values[3 * i + 1] * x[1]) / std::hypot(x[0], x[1]);
    count += 1;
  }
  return sum_over_ranks(sum) / sum_over_ranks(count);
}

/// Lame: u(r) = p ri^2 (1 + nu) / (E (ro^2 - ri^2)) ((1 - 2 nu) r + ro^2 / r), ri = 1, ro = 2.
double lame(double pressure, double young, double poisson) {
  return pressure * (1 + poisson) / (3 * young) * ((1 - 2 * poisson) + 4);
}

/// The trilinear hexahedron with all of its strain at the points.
struct FullHex8 : kernels::Hex8 {
  static constexpr bool bbar = false;
};

TEST(SolidCylinder, NearlyIncompressibleItMovesAsInClosedForm) {
  constexpr double young = 1e3, poisson = 0.4999;
  const fem::Mesh mesh = quarter(8, 12);
  fem::SolidModel model(mesh, fem::Materials({elastic(young, poisson)}));
  const fem::Loading loading = loaded(mesh, 1.0);
  fem::SolidSolver solver(model, loading);
  const auto u = fem::global_vector(mesh.dm());
  solver.step(loading, 0.0, 1.0, u.get());
  const double exact = lame(1.0, young, poisson);
  EXPECT_NEAR(inner_displacement(mesh, u.get()), exact, 0.01 * exact);

  // With the volume kept at every point the same cells are far too stiff.
  fem::StiffnessAssembly assembly(mesh);
  kernels::CellGeometry geometry;
  kernels::make_cell_geometry<FullHex8>(
      static_cast<int>(mesh.cells()),
      fem::device_copy<int>("linnet::test::nodes", mesh.cell_nodes()),
      fem::device_copy<double>("linnet::test::coordinates", mesh.coordinates()), geometry);
  const auto zero =
      kernels::zeros<double>("linnet::test::zero", static_cast<std::size_t>(3 * mesh.nodes()));
  kernels::sweep_cells<FullHex8, kernels::CellTask::tangent>(
      geometry, model.at_points(), zero.data(), 1.0, true, assembly.blocks().data());
  const auto matrix = assembly.create_matrix(model.held());
  assembly.assemble(matrix.get());
  const auto force = fem::global_vector(mesh.dm());
  loading.external_force(0.0, force.get());
  model.held().zero(force.get());
  KSP ksp = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  const core::Owned<KSP> owned(ksp);
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetOperators(ksp, matrix.get(), matrix.get()));
  PC pc = nullptr;
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCGAMG));
  LINNET_CHECK(KSPSolve(ksp, force.get(), u.get()));
  EXPECT_LT(inner_displacement(mesh, u.get()), 0.5 * exact);
}

/// Norton alone: sigma_r = -P ((ro/r)^(2/n) - 1) / D0, sigma_t = P (1 - (1 - 2/n) (ro/r)^(2/n)) /
/// D0, D0 = (ro/ri)^(2/n) - 1, sigma_z their mean.
TEST(SolidCylinder, SteadyCreepHasTheStressOfNorton) {
  constexpr double n = 5, pressure = 100;
  fem::MaterialTable norton = elastic(150e3, 0.3);
  norton.yield = {0};
  norton.voce = {0};
  norton.voce_rate = {0};
  norton.hardening = {0};
  norton.drag = {1000};
  norton.exponent = {n};
  const fem::Mesh mesh = quarter(20, 12);
  fem::SolidModel model(mesh, fem::Materials({norton}));
  const fem::Loading loading = loaded(mesh, pressure);
  // Nearly without volume change, these systems are for a direct solver.
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-ksp_type", "preonly"));
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-pc_type", "redundant"));
  fem::SolidSolver solver(model, loading);
  LINNET_CHECK(PetscOptionsClearValue(nullptr, "-ksp_type"));
  LINNET_CHECK(PetscOptionsClearValue(nullptr, "-pc_type"));
  const auto u = fem::global_vector(mesh.dm());
  double t = 0;
  for (double dt = 1.0; dt < 5000; dt *= 2) {
    solver.step(loading, t, t + dt, u.get());
    t += dt;
  }
  const auto x = fem::host_copy(fem::point_coordinates(mesh));
  const auto stress = fem::host_copy(model.stress());
  const double d0 = std::pow(2.0, 2 / n) - 1;
  double worst[3] = {};
  // Means of the cells, as the strain of one is linear at best.
  for (std::size_t cell = 0; cell < x.extent(0) / 24; ++cell) {
    Real3 found{}, exact{};
    for (std::size_t i = 8 * cell; i < 8 * cell + 8; ++i) {
      const double r = std::hypot(x(3 * i), x(3 * i + 1));
      const double c = x(3 * i) / r, s = x(3 * i + 1) / r;
      const double xx = stress(6 * i), yy = stress(6 * i + 1), xy = stress(6 * i + 3);
      found[0] += (c * c * xx + s * s * yy + 2 * c * s * xy) / 8;
      found[1] += (s * s * xx + c * c * yy - 2 * c * s * xy) / 8;
      found[2] += stress(6 * i + 2) / 8;
      const double power = std::pow(2.0 / r, 2 / n);
      const double radial = -pressure * (power - 1) / d0;
      const double hoop = pressure * (1 - (1 - 2 / n) * power) / d0;
      exact[0] += radial / 8;
      exact[1] += hoop / 8;
      exact[2] += 0.5 * (radial + hoop) / 8;
    }
    for (std::size_t k = 0; k < 3; ++k)
      worst[k] = std::max(worst[k], std::fabs(found[k] - exact[k]));
  }
  for (double& error : worst) error = most_over_ranks(error);
  EXPECT_LT(worst[0], 0.02 * pressure);
  EXPECT_LT(worst[1], 0.02 * pressure);
  EXPECT_LT(worst[2], 0.02 * pressure);
}

} // namespace
