// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A reduced model over all steps of a loading.
#pragma once

#include <linnet/rom/solid/indicator.hpp>
#include <linnet/rom/solid/reduced_newton.hpp>

#include <functional>
#include <string>
#include <vector>

namespace linnet::rom {

/// One step of a run of a reduced model, on all ranks alike; entry 0 of a history is the begin.
struct OnlineStep {
  double time = 0.0;
  std::vector<double> displacement;   ///< gamma; shorter than the basis where it grew later
  std::vector<double> plastic_strain; ///< z
  std::vector<double> stress;         ///< coefficients of the stress modes
  double indicator = 0.0, estimate = 0.0;
  bool high_fidelity = false; ///< solved on the mesh
  int iterations = 0;
};

/// What a run of a reduced model leaves: enough for the fields of every step.
struct OnlineHistory {
  std::string name;
  std::vector<OnlineStep> steps; ///< steps of the loading + 1
  double seconds = 0.0;          ///< of the steps

  [[nodiscard]] double largest_indicator() const;
  [[nodiscard]] double largest_estimate() const;
};

/// Fields of a step on the mesh: u = lift + Psi gamma, p = Phi z, stress by its modes.
class Reconstruction {
public:
  Reconstruction(const SolidReducedModel& model, const DecomposedLoading& loading,
                 const linalg::ColumnStore& lifts);
  /// @p index: of the history and of the loading's times. Collective for the Vec.
  void displacement(const OnlineStep& step, std::size_t index, Vec u) const;
  void plastic_strain(const OnlineStep& step, std::span<double> p) const;
  void stress(const OnlineStep& step, std::span<double> stress) const;

private:
  const SolidReducedModel* model_;
  const DecomposedLoading* loading_;
  const linalg::ColumnStore* lifts_;
};

/// What a step ended with, at the time @p time: p and stress at the points of the model, by their
/// fits, and the indicator. Not collective.
OnlineStep online_step(const SolidReducedModel& model, double time,
                       std::vector<double> coefficients, std::span<const double> plastic_strain,
                       std::span<const double> stress);

/// Is told of each step 1, 2, ... and its end.
using StepObserver = std::function<void(int step, const OnlineStep& end)>;

/// All steps from the zero state, without any on the mesh. Collective; @throws core::Error
/// (not_converged) as ReducedSolid::step(), after the steps before were told to @p after.
OnlineHistory run_reduced(const SolidReducedModel& model, QuadratureKind quadrature,
                          const DecomposedLoading& loading, const linalg::ColumnStore& lifts,
                          const ReducedNewtonOptions& options, const StepObserver& after = {});

} // namespace linnet::rom
