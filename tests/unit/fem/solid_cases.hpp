// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Meshes, materials and sums that the tests of solids share.
#pragma once

#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>
#include <linnet/fem/quadrature/points.hpp>
#include <linnet/fem/solid_model.hpp>
#include <linnet/fem/support/vec_views.hpp>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

namespace linnet::tests {

using core::Real3;

inline fem::Mesh box(fem::CellShape shape, PetscInt n, double distortion, const Real3& lengths) {
  fem::BoxMeshOptions options;
  options.shape = shape;
  options.cells = {n, n, n};
  options.lengths = lengths;
  options.distortion = distortion;
  return fem::make_box_mesh(PETSC_COMM_WORLD, options);
}

inline fem::MaterialTable elastic(double young, double poisson, double expansion = 0.0) {
  fem::MaterialTable table;
  table.name = "elastic";
  table.everywhere = true;
  table.temperature = {0.0};
  table.young = {young};
  table.poisson = {poisson};
  table.expansion = {expansion};
  return table;
}

/// A fictitious superalloy: mm, N, s, t, degC.
inline fem::MaterialTable superalloy() {
  fem::MaterialTable table;
  table.name = "superalloy";
  table.everywhere = true;
  table.temperature = {20, 600, 850, 1000, 1150};
  table.young = {210e3, 180e3, 160e3, 140e3, 110e3};
  table.poisson = {0.3, 0.3, 0.3, 0.3, 0.3};
  table.expansion = {1.2e-5, 1.4e-5, 1.5e-5, 1.6e-5, 1.7e-5};
  table.yield = {300, 250, 150, 80, 40};
  table.voce = {40, 40, 30, 20, 10};
  table.voce_rate = {10, 10, 8, 6, 5};
  table.hardening = {0, 0, 0, 0, 0};
  table.drag = {400, 450, 500, 400, 250};
  table.exponent = {15, 12, 9, 7, 5};
  table.kinematic = {{200e3, 150e3, 100e3, 60e3, 30e3}};
  table.recovery = {{500, 500, 450, 400, 350}};
  table.reference_temperature = 20;
  table.density = 8.2e-9;
  return table;
}

/// All three components of every node on the boundary of a box, as the groups x0, x1, ...
inline const std::array<const char*, 6> box_sides{"x0", "x1", "y0", "y1", "z0", "z1"};

/// A global Vec of the mesh with @p value at the nodes.
inline core::Owned<Vec> nodal(const fem::Mesh& mesh,
                              const std::function<Real3(const Real3&)>& value) {
  core::Owned<Vec> vec = fem::global_vector(mesh.dm());
  const fem::HostValues to(vec.get());
  for (PetscInt i = 0; i < mesh.owned_nodes(); ++i) {
    const double* x = mesh.coordinates().data() + 3 * i;
    const Real3 at = value({x[0], x[1], x[2]});
    for (PetscInt c = 0; c < 3; ++c) to[3 * i + c] = at[static_cast<std::size_t>(c)];
  }
  return vec;
}

inline double sum_over_ranks(double mine) {
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_SUM, PETSC_COMM_WORLD);
  return mine;
}
inline double most_over_ranks(double mine) {
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_MAX, PETSC_COMM_WORLD);
  return mine;
}

/// Sum of the nodal vectors of a global Vec.
inline Real3 resultant(Vec vec) {
  PetscInt size = 0;
  LINNET_CHECK(VecGetLocalSize(vec, &size));
  const fem::HostValues values(vec);
  Real3 sum{};
  for (PetscInt i = 0; i < size; ++i) sum[static_cast<std::size_t>(i % 3)] += values[i];
  for (double& component : sum) component = sum_over_ranks(component);
  return sum;
}

inline double norm(Vec vec) {
  PetscReal value = 0;
  LINNET_CHECK(VecNorm(vec, NORM_2, &value));
  return value;
}

/// Sum over the points of all ranks of weight times value(point).
inline double integral(const fem::SolidModel& model,
                       const std::function<double(std::size_t)>& value) {
  const auto weights = fem::host_copy(model.weights());
  double sum = 0;
  for (std::size_t i = 0; i < weights.extent(0); ++i) sum += weights(i) * value(i);
  return sum_over_ranks(sum);
}

inline double von_mises(const double* s) {
  const double mean = (s[0] + s[1] + s[2]) / 3;
  double square = 0;
  for (int i = 0; i < 3; ++i) square += (s[i] - mean) * (s[i] - mean) + 2 * s[3 + i] * s[3 + i];
  return std::sqrt(1.5 * square);
}

} // namespace linnet::tests
