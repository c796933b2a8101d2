// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/decomposed_loading.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/gemm.hpp>

#include <algorithm>
#include <string>

namespace linnet::rom {

namespace {

std::size_t count(int n) { return static_cast<std::size_t>(n); }

PetscInt unknowns_of(const fem::SolidModel& model) { return 3 * model.mesh().owned_nodes(); }

/// A field of the owned unknowns with @p values at the held ones, zero elsewhere.
core::Owned<Vec> held_field(const fem::SolidModel& model, const fem::Loading& loading,
                            const std::vector<double>& values) {
  const fem::Mesh& mesh = model.mesh();
  const core::Owned<Vec> local = fem::local_vector(mesh.dm());
  core::Owned<Vec> global = fem::global_vector(mesh.dm());
  {
    const fem::HostValues to(local.get());
    for (std::size_t i = 0; i < values.size(); ++i) to[loading.held_dofs()[i]] = values[i];
  }
  LINNET_CHECK(DMLocalToGlobal(mesh.dm(), local.get(), INSERT_VALUES, global.get()));
  return global;
}

std::vector<double> values_of(Vec v) {
  PetscInt rows = 0;
  LINNET_CHECK(VecGetLocalSize(v, &rows));
  const io::VecReadArray values(v);
  return {values.data(), values.data() + rows};
}

void append(std::vector<double>& to, const std::vector<double>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

} // namespace

std::span<const double> LoadTerms::at(std::size_t index) const {
  return std::span(factors).subspan(index * count(terms()), count(terms()));
}

DecomposedLoading DecomposedLoading::of(const fem::Loading& loading, const fem::SolidModel& model,
                                        std::span<const double> times) {
  const MPI_Comm comm = model.mesh().comm();
  LoadTerms temperature{linalg::ColumnStore(comm, model.points()), {}},
      force{linalg::ColumnStore(comm, unknowns_of(model)), {}},
      held{linalg::ColumnStore(comm, unknowns_of(model)), {}};
  for (int k = 0; k < loading.temperature_terms(); ++k) {
    const kernels::HostArray<double> field = fem::host_copy(loading.temperature_field(k));
    temperature.fields.append(std::span<const double>(field.data(), field.extent(0)));
  }
  for (int k = 0; k < loading.force_terms(); ++k) force.fields.append(loading.force_reference(k));
  for (int k = 0; k < loading.held_terms(); ++k)
    held.fields.append(held_field(model, loading, loading.held_reference(k)).get());
  for (const double t : times) {
    append(temperature.factors, loading.temperature_factors(t));
    append(force.factors, loading.force_factors(t));
    append(held.factors, loading.held_factors(t));
  }
  return {
      std::vector<double>(times.begin(), times.end()), std::move(temperature), std::move(force),
      std::move(held),
      values_of(
          held_field(model, loading, std::vector<double>(loading.held_dofs().size(), 1.0)).get())};
}

DecomposedLoading::DecomposedLoading(std::vector<double> times, LoadTerms temperature,
                                     LoadTerms force, LoadTerms held,
                                     std::vector<double> held_unknowns)
    : times_(std::move(times)), temperature_(std::move(temperature)), force_(std::move(force)),
      held_(std::move(held)), held_unknowns_(std::move(held_unknowns)) {
  if (times_.empty()) core::throw_data("loading: needs at least one time");
  for (std::size_t k = 1; k < times_.size(); ++k)
    if (!(times_[k] > times_[k - 1]))
      core::throw_data("loading: time " + std::to_string(k) + " is " + std::to_string(times_[k]) +
                       ", not above the one before it");
  for (const LoadTerms* part : {&temperature_, &force_, &held_})
    if (part->factors.size() != times_.size() * count(part->terms()))
      core::throw_data("loading: has " + std::to_string(part->factors.size()) + " factors for " +
                       std::to_string(times_.size()) + " times and " +
                       std::to_string(part->terms()) + " terms");
}

void DecomposedLoading::temperature_at(std::size_t index, std::span<double> values) const {
  std::fill(values.begin(), values.end(), 0.0);
  const auto factors = temperature_.at(index);
  for (int k = 0; k < temperature_.terms(); ++k) {
    const auto field = temperature_.fields.column(k);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += factors[count(k)] * field[i];
  }
}

} // namespace linnet::rom
