// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The numbers of each step, as tables of the output file.
#pragma once

#include "problem.hpp"

#include <linnet/fem/output/step_summary.hpp>
#include <linnet/fem/solid_solver.hpp>
#include <linnet/io/step_writer.hpp>

#include <array>
#include <string>
#include <vector>

namespace app {

/// Tables /history/steps (what the state is and what the step took) and /history/forces (resultant
/// of the external forces, and the reactions of each held group), one row per step. Groups that
/// share nodes count these twice.
class History {
public:
  /// @throws core::Error for a -solid_history_group that is not there.
  History(const AppContext& context, const Problem& problem);

  /// After a step: @p u its displacements, @p reactions as the solver gives them. Collective.
  void add(double t, Vec u, Vec reactions, const linnet::fem::StepOutcome& outcome);
  /// Takes over the rows of an earlier run up to the time @p t. Collective.
  void read(const linnet::io::StepWriter& writer, double t);
  /// Collective.
  void write(linnet::io::StepWriter& writer) const;

  /// Of the last step.
  [[nodiscard]] const linnet::fem::StepSummary& last() const { return last_; }
  [[nodiscard]] const std::string& group() const { return group_; }
  [[nodiscard]] const std::array<double, 3>& group_mean() const { return group_mean_; }
  /// Largest max_von_mises over all steps, those that were taken over included.
  [[nodiscard]] double peak_von_mises() const { return peak_von_mises_; }

private:
  const Problem& problem_;
  std::string group_; ///< empty: none
  std::vector<std::string> columns_, force_columns_;
  std::vector<double> rows_, force_rows_;
  linnet::fem::StepSummary last_;
  std::array<double, 3> group_mean_{};
  double peak_von_mises_ = 0.0;
  linnet::core::Owned<Vec> force_;
};

} // namespace app
