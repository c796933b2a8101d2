// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The end of a run: report on the screen and results file.
#pragma once

#include "problem.hpp"

#include <linnet/fem/output/step_summary.hpp>
#include <linnet/fem/solid_solver.hpp>

#include <array>
#include <string>
#include <vector>

namespace app {

/// All that the end of a run reports.
struct RunSummary {
  std::vector<linnet::fem::StepOutcome> steps_done; ///< of this run, not of one before a restart
  std::int64_t steps = 0, newton = 0, linear = 0, halvings = 0; ///< with those before a restart
  double time = 0.0;                                            ///< of the last step
  linnet::fem::StepSummary state;                               ///< at the end
  double peak_von_mises = 0.0;                                  ///< over all steps
  std::string group;                                            ///< of the history; empty: none
  std::array<double, 3> group_mean{};
  std::int64_t held = 0; ///< held unknowns
  std::vector<std::string> files;
  double setup_seconds = 0.0, output_seconds = 0.0;
};

/// Collective.
void report(const AppContext& context, const Problem& problem, const RunSummary& summary);

} // namespace app
