// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A solid of few cells, solved on its mesh: what reduced models are learnt from and compared with.
#pragma once

#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/solid_solver.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/rom/solid/solid_products.hpp>
#include <linnet/rom/solid/training_set.hpp>

#include <cmath>
#include <span>
#include <string>
#include <vector>

namespace linnet::tests {

/// A solid with its law; parts refer to each other, so it stays where it is made.
struct SmallSolid {
  fem::Mesh mesh;
  fem::Materials materials;
  fem::SolidModel solid{mesh, materials};
  rom::SolidProducts products{solid, fem::DisplacementProduct::l2};
  std::vector<double> times;

  SmallSolid(fem::Mesh its_mesh, std::vector<fem::MaterialTable> tables, std::vector<double> steps)
      : mesh(std::move(its_mesh)), materials(std::move(tables)), times(std::move(steps)) {}
  SmallSolid(const SmallSolid&) = delete;
  SmallSolid& operator=(const SmallSolid&) = delete;

  /// All steps on the mesh, from the zero state.
  rom::TrainingLoading solve(const std::string& name, const fem::Loading& loading) {
    Kokkos::deep_copy(solid.old_state(), 0.0);
    rom::DecomposedLoading decomposed = rom::DecomposedLoading::of(loading, solid, times);
    linalg::ColumnStore lifts = rom::elastic_lifts(solid, decomposed);
    const MPI_Comm comm = mesh.comm();
    rom::TrainingLoading result{name,
                                std::move(decomposed),
                                std::move(lifts),
                                linalg::ColumnStore(comm, 3 * mesh.owned_nodes()),
                                linalg::ColumnStore(comm, solid.points()),
                                linalg::ColumnStore(comm, 6 * solid.points())};
    fem::SolidSolver solver(solid, loading);
    const auto u = fem::global_vector(mesh.dm());
    for (std::size_t k = 1; k < times.size(); ++k) {
      solver.step(loading, times[k - 1], times[k], u.get());
      result.displacement.append(u.get());
      result.plastic_strain.append(plastic_strain());
      const auto stress = fem::host_copy(solid.stress());
      result.stress.append(std::span<const double>(stress.data(), stress.extent(0)));
    }
    Kokkos::deep_copy(solid.old_state(), 0.0);
    return result;
  }

  /// p of the committed state.
  [[nodiscard]] std::vector<double> plastic_strain() const {
    const auto state = fem::host_copy(solid.old_state());
    const auto size = static_cast<std::size_t>(solid.state_size());
    std::vector<double> p;
    for (std::size_t i = 0; i < static_cast<std::size_t>(solid.points()); ++i)
      p.push_back(state(size * i + kernels::state_p));
    return p;
  }
};

/// |a - b| / |b| over all ranks.
inline double distance(std::span<const double> a, std::span<const double> b) {
  double sums[2] = {0.0, 0.0};
  for (std::size_t i = 0; i < a.size(); ++i) {
    sums[0] += (a[i] - b[i]) * (a[i] - b[i]);
    sums[1] += b[i] * b[i];
  }
  MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, PETSC_COMM_WORLD);
  return std::sqrt(sums[0] / sums[1]);
}

} // namespace linnet::tests
