// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/pre_enrichment.hpp>

#include <linnet/fem/solid_solver.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/rom/solid/lift.hpp>
#include <linnet/rom/solid/peak_steps.hpp>
#include <linnet/rom/solid/training_set.hpp>

#include <string>

namespace linnet::rom {

namespace {

/// Of a mode; the default of displacements of steps would cost a second solve for nothing.
constexpr double elastic_tolerance = 1e-6;

/// The same elasticity, without flow.
fem::Materials elastic_materials(const fem::Materials& materials) {
  std::vector<fem::MaterialTable> tables;
  for (int i = 0; i < materials.count(); ++i) {
    const fem::MaterialTable& from = materials.table(i);
    fem::MaterialTable& table = tables.emplace_back();
    table.name = from.name;
    table.everywhere = from.everywhere;
    table.temperature = from.temperature;
    table.isothermal = from.isothermal;
    table.young = from.young;
    table.poisson = from.poisson;
    table.expansion = from.expansion;
    table.reference_temperature = from.reference_temperature;
    table.density = from.density;
  }
  return fem::Materials(std::move(tables), materials.source());
}

/// Appends the answer to the end of step @p step; true if it was new.
bool append_answer(SolidBasis& basis, fem::SolidSolver& solver, const fem::Loading& loading,
                   const DecomposedLoading& decomposed, const linalg::ColumnStore& lifts, int step,
                   double tolerance) {
  const fem::SolidModel& elastic = solver.model();
  const core::Owned<Vec> u = fem::global_vector(elastic.mesh().dm());
  const auto index = static_cast<std::size_t>(step);
  try {
    solver.step(loading, decomposed.times()[index - 1], decomposed.times()[index], u.get());
  } catch (const core::Error& error) {
    if (error.code() != core::ExitCode::not_converged) throw;
    throw core::Error(error.code(), std::string("the elastic answer that the run begins with: ") +
                                        error.what() + "; try -rom_preenrich no");
  }
  {
    const fem::HostValues values(u.get());
    const auto rows = static_cast<std::size_t>(3 * elastic.mesh().owned_nodes());
    remove_lift(decomposed, lifts, index, {&values[0], rows});
  }
  if (!basis.append_displacement(u.get(), tolerance)) return false;
  const kernels::HostArray<double> stress = fem::host_copy(elastic.stress());
  basis.append_stress({stress.data(), stress.extent(0)}, tolerance);
  return true;
}

} // namespace

PreEnrichment pre_enrich(SolidReducedModel& model, const fem::Loading& loading,
                         const DecomposedLoading& decomposed, const linalg::ColumnStore& lifts,
                         double tolerance) {
  PreEnrichment result;
  const double begin = MPI_Wtime();
  const fem::SolidModel& solid = model.basis().model();
  fem::SolidModel elastic(solid.mesh(), elastic_materials(solid.materials()), solid.options());
  result.steps = peak_steps(decomposed, elastic);
  if (result.steps.empty()) return result;
  fem::SolidSolver solver(elastic, loading, {elastic_tolerance, 1.0});
  for (const int step : result.steps)
    if (append_answer(model.basis(), solver, loading, decomposed, lifts, step, tolerance))
      ++result.modes;
  if (result.modes > 0) model.update();
  result.seconds = MPI_Wtime() - begin;
  return result;
}

} // namespace linnet::rom
