// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/reduced_basis.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/log.hpp>
#include <linnet/fem/support/log_event.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/rom/solid/supports.hpp>

#include <algorithm>
#include <optional>

namespace linnet::rom {

namespace {

using Loadings = std::span<const TrainingPart>;

PetscInt steps_of(Loadings loadings) {
  PetscInt steps = 0;
  for (const TrainingPart& part : loadings) steps += part.steps;
  return steps;
}

/// One quantity of all steps side by side.
linalg::ColumnStore side_by_side(MPI_Comm comm, PetscInt rows, Loadings loadings,
                                 const linalg::ColumnStore TrainingLoading::*quantity) {
  linalg::ColumnStore all(comm, rows);
  all.reserve(steps_of(loadings));
  for (const TrainingPart& part : loadings)
    for (PetscInt k = 0; k < part.steps; ++k) all.append((part.loading->*quantity).column(k));
  return all;
}

void remove_lifts(Loadings loadings, linalg::ColumnStore& displacements) {
  PetscInt column = 0;
  for (const TrainingPart& part : loadings)
    for (int step = 1; step <= part.steps; ++step)
      remove_lift(part.loading->loading, part.loading->lifts, static_cast<std::size_t>(step),
                  displacements.column(column++));
}

std::int64_t common_supports(const SolidNumbering& numbering, Loadings loadings) {
  std::optional<std::int64_t> supports;
  for (const TrainingPart& part : loadings) {
    const std::int64_t own = support_hash(numbering, part.loading->loading);
    if (supports.value_or(own) != own)
      core::throw_data("the loading '" + part.loading->name + "' holds other unknowns than '" +
                       loadings.front().loading->name +
                       "': a reduced model has one set of supports; train one model for each");
    supports = own;
  }
  return supports.value_or(0);
}

struct Decomposition {
  const BasisOptions& options;
  linalg::Pod operator()(const linalg::ColumnStore& snapshots, double tolerance,
                         const linalg::InnerProduct& product,
                         std::span<const std::int64_t> rows) const {
    linalg::PodOptions pod;
    pod.method = options.method;
    pod.tolerance = tolerance;
    pod.inner_product = product;
    pod.row_numbers = rows;
    return linalg::pod(snapshots.matrix().get(), pod);
  }
};

/// Where all snapshots are zero, QR factors leave rounding.
void clear_held(const std::vector<double>& held, Mat modes) {
  const linalg::LocalColumns columns(modes, linalg::LocalColumns::Access::write);
  for (PetscInt k = 0; k < columns.columns(); ++k)
    for (std::size_t i = 0; i < held.size(); ++i)
      if (held[i] != 0.0) columns.column(k)[i] = 0.0;
}

/// Modes times their singular values.
core::Owned<Mat> scaled(Mat modes, const std::vector<double>& values) {
  const std::size_t n = values.size();
  std::vector<double> diagonal(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) diagonal[i + n * i] = values[i];
  return linalg::times(modes, static_cast<PetscInt>(n), diagonal.data());
}

} // namespace

SolidBasis SolidBasis::train(const fem::SolidModel& model, const SolidProducts& products,
                             const SolidNumbering& numbering, Loadings loadings,
                             const BasisOptions& options) {
  const fem::LogEvent event(core::events().rom_modes);
  const MPI_Comm comm = model.mesh().comm();
  const Decomposition decompose{options};
  BasisModes modes;
  modes.supports = common_supports(numbering, loadings);
  {
    auto u = side_by_side(comm, 3 * model.mesh().owned_nodes(), loadings,
                          &TrainingLoading::displacement);
    remove_lifts(loadings, u);
    linalg::Pod pod =
        decompose(u, options.displacement_tolerance, products.displacement(), numbering.unknowns);
    modes.displacement_values = pod.singular_values();
    modes.displacement = std::move(pod.modes);
    clear_held(loadings.front().loading->loading.held_unknowns(), modes.displacement.get());
  }
  if (modes.displacement_values.empty())
    core::throw_data("the snapshots hold no displacement besides the prescribed one: nothing can "
                     "be learnt from them; record loadings that move the solid");
  {
    const auto p = side_by_side(comm, model.points(), loadings, &TrainingLoading::plastic_strain);
    linalg::Pod pod =
        decompose(p, options.plastic_strain_tolerance, products.points(), numbering.points);
    modes.plastic_strain_values = pod.singular_values();
    modes.plastic_strain = std::move(pod.modes);
  }
  const auto stress = side_by_side(comm, 6 * model.points(), loadings, &TrainingLoading::stress);
  linalg::Pod pod =
      decompose(stress, options.stress_tolerance, products.tensors(), numbering.components);
  modes.stress_values = pod.singular_values();
  modes.stress_rows = scaled(pod.modes.get(), modes.stress_values);
  modes.stress = std::move(pod.modes);
  return {model, products, std::move(modes)};
}

} // namespace linnet::rom
