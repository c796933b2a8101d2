// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/training_set.hpp>

#include <linnet/core/error.hpp>

#include <filesystem>

namespace linnet::rom {

namespace {

void add_terms(const DecomposedLoading& loading, const linalg::ColumnStore& lifts,
               std::size_t index, double sign, std::span<double> u) {
  const auto factors = loading.held().at(index);
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const auto lift = lifts.column(static_cast<PetscInt>(k));
    for (std::size_t i = 0; i < u.size(); ++i) u[i] += sign * factors[k] * lift[i];
  }
}

} // namespace

void remove_lift(const DecomposedLoading& loading, const linalg::ColumnStore& lifts,
                 std::size_t index, std::span<double> u) {
  add_terms(loading, lifts, index, -1.0, u);
}

void add_lift(const DecomposedLoading& loading, const linalg::ColumnStore& lifts, std::size_t index,
              std::span<double> u) {
  add_terms(loading, lifts, index, 1.0, u);
}

TrainingLoading read_training_loading(const std::string& path, fem::SolidModel& model,
                                      const std::string& materials) {
  const SnapshotFile file(path, model, materials);
  if (file.steps() == 0) core::throw_data(path + ": has no steps to learn from");
  const MPI_Comm comm = model.mesh().comm();
  DecomposedLoading loading = file.loading();
  linalg::ColumnStore lifts = elastic_lifts(model, loading);
  TrainingLoading training{std::filesystem::path(path).stem().string(),
                           std::move(loading),
                           std::move(lifts),
                           linalg::ColumnStore(comm, 3 * model.mesh().owned_nodes()),
                           linalg::ColumnStore(comm, model.points()),
                           linalg::ColumnStore(comm, 6 * model.points())};
  file.displacements(training.displacement);
  file.plastic_strains(training.plastic_strain);
  file.stresses(training.stress);
  return training;
}

} // namespace linnet::rom
