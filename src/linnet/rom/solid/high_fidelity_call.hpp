// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the steps on the mesh of an adaptive run cost, and what the model grew to.
#pragma once

#include <string>
#include <vector>

namespace linnet::rom {

/// Why a step is solved on the mesh.
enum class CallReason {
  none,     ///< it is not
  estimate, ///< of the error, above the target
  newton,   ///< the reduced Newton's method failed
  growth,   ///< of the plastic strain since the last step on the mesh
};

/// One step on the mesh. Seconds are wall-clock, of this rank.
struct HighFidelityCall {
  int step = 0;
  CallReason reason = CallReason::none;
  double indicator = 0.0, estimate = 0.0;   ///< of the reduced step that was thrown away
  int replayed = 0;                         ///< steps whose history was rebuilt at all points
  int newton = 0, linear = 0, substeps = 0; ///< as fem::StepOutcome
  int modes_u = 0, modes_p = 0, modes_sigma = 0, stress_rows = 0, points = 0; ///< afterwards
  double replay_seconds = 0.0;
  double solve_seconds = 0.0;
  double append_seconds = 0.0; ///< modes, their strains, stress rows
  double points_seconds = 0.0; ///< reduced quadrature, modes and loading at the new points

  [[nodiscard]] double update_seconds() const { return append_seconds + points_seconds; }
};

/// All that a run spent.
struct AdaptiveCosts {
  std::vector<HighFidelityCall> calls;
  int reduced_failures = 0; ///< steps whose reduced Newton's method failed
  double reduced_seconds = 0.0, pre_enrichment_seconds = 0.0;
  std::vector<int> pre_enrichment_steps;
  int pre_enrichment_modes = 0;

  /// Sums over the calls.
  [[nodiscard]] double replay_seconds() const;
  [[nodiscard]] double solve_seconds() const;
  [[nodiscard]] double update_seconds() const;
  /// All parts together.
  [[nodiscard]] double seconds() const;
  [[nodiscard]] std::vector<int> steps() const;
};

/// Lines of a table: one for each call, with a heading and sums.
std::vector<std::string> cost_table(const AdaptiveCosts& costs);

} // namespace linnet::rom
