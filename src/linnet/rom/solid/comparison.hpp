// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Errors of a reduced run against the solution without reduction.
///
///   E_p(t) = |p - p_rec| / |p| (0 while the root mean square of p is below 1e-7),
///   E_u(t) = |u - u_rec|_M / max over t of |u|_M,   E_sigma(t) likewise,
/// in the L2 norms over the mesh. p is compared where it is, since it only grows; u and stress
/// nearly vanish at the end of a cycle, where an error relative to the moment would mean nothing.
#pragma once

#include <linnet/rom/error_budget.hpp>
#include <linnet/rom/solid/reduced_run.hpp>
#include <linnet/rom/solid/training_set.hpp>

#include <functional>
#include <vector>

namespace linnet::rom {

/// An entry for each step 1 .. K.
struct SolidErrors {
  std::vector<double> times;
  std::vector<double> displacement, plastic_strain, stress; ///< E_u, E_p, E_sigma
  std::vector<bool> flows; ///< the root mean square of p is at least 1e-7

  /// The largest over the steps that end after @p time.
  [[nodiscard]] static double largest(const std::vector<double>& times,
                                      const std::vector<double>& errors, double after = -1e300);
  [[nodiscard]] double largest_displacement(double after = -1e300) const;
  [[nodiscard]] double largest_plastic_strain(double after = -1e300) const;
  [[nodiscard]] double largest_stress(double after = -1e300) const;
};

/// E_p alone, of the steps 1, 2, ... of a history, which may end early.
struct PlasticStrainErrors {
  std::vector<double> errors;
  std::vector<bool> flows;
};
/// By the coefficients z of @p history, of a run over the loading of @p truth. Collective.
PlasticStrainErrors plastic_strain_errors(const SolidReducedModel& model,
                                          const OnlineHistory& history,
                                          const TrainingLoading& truth);

/// Gives the state at the end of a step, 1 .. K.
using StateSource = std::function<SolidState(int step)>;

/// The steps of a file, or of a loading in memory.
StateSource states_of(const SnapshotFile& file);
StateSource states_of(const TrainingLoading& loading, const fem::SolidModel& model);

/// @throws core::Error (data) unless @p times are the first of those of a recorded run.
void require_times(const std::vector<double>& times, const std::vector<double>& recorded);

/// @throws core::Error (data) on all ranks, with what differs first, unless @p loading is what was
/// recorded, to 1e-9 of its largest values, at all times of @p loading; these are as
/// require_times() says. Collective.
void require_loading(const DecomposedLoading& loading, const DecomposedLoading& recorded);

/// One pass over the states, one of which is in memory at a time; as many steps as @p history has.
/// Collective; @throws core::Error (data) as require_times().
SolidErrors compare(const Reconstruction& fields, const SolidReducedModel& model,
                    const OnlineHistory& history, const std::vector<double>& times,
                    const StateSource& truth);

/// Where the errors come from, over all steps: displacement by projection, quadrature and the rest;
/// plastic strain by projection, the fit at points, and the model's values. @p full: a run of the
/// same model with all points, or null. Collective.
struct SolidErrorBudget {
  ErrorBudget displacement;
  GappyBudget plastic_strain;
};
SolidErrorBudget solid_error_budget(const SolidReducedModel& model, const TrainingLoading& loading,
                                    const OnlineHistory& reduced, const OnlineHistory* full);

} // namespace linnet::rom
