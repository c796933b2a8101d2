// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/enrichment.hpp>

#include <linnet/core/error.hpp>
#include <linnet/fem/support/stopwatch.hpp>
#include <linnet/fem/support/vec_views.hpp>

namespace linnet::rom {

namespace {

std::vector<double> plastic_strain_of(const fem::SolidModel& solid) {
  const kernels::HostArray<double> state = fem::host_copy(solid.old_state());
  const auto size = static_cast<std::size_t>(solid.state_size());
  std::vector<double> p(static_cast<std::size_t>(solid.points()));
  for (std::size_t i = 0; i < p.size(); ++i) p[i] = state(size * i + kernels::state_p);
  return p;
}

Enrichment append_and_choose(SolidReducedModel& model, const fem::SolidModel& solid, Vec u,
                             const BasisOptions& options) {
  Enrichment result;
  {
    const fem::Stopwatch watch(result.append_seconds);
    SolidBasis& basis = model.basis();
    result.displacement = basis.append_displacement(u, options.displacement_tolerance);
    result.plastic_strain =
        basis.append_plastic_strain(plastic_strain_of(solid), options.plastic_strain_tolerance);
    const kernels::HostArray<double> stress = fem::host_copy(solid.stress());
    basis.append_stress({stress.data(), stress.extent(0)}, options.stress_tolerance);
  }
  const double begin = MPI_Wtime();
  model.update();
  result.points_seconds = MPI_Wtime() - begin;
  return result;
}

} // namespace

Enrichment enrich(SolidReducedModel& model, const fem::SolidModel& solid, Vec u,
                  const BasisOptions& options) {
  const BasisSizes sizes = model.basis().sizes();
  const ReducedPoints points = model.points();
  try {
    return append_and_choose(model, solid, u, options);
  } catch (const core::Error&) {
    model.take_back(sizes, points);
    throw;
  }
}

} // namespace linnet::rom
