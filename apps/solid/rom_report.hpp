// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What runs of a reduced model, with and without steps on the mesh, say at their end alike.
#pragma once

#include "problem.hpp"

#include <linnet/io/results.hpp>
#include <linnet/rom/solid/comparison.hpp>

#include <optional>
#include <string>
#include <vector>

namespace app {

/// A run over all steps.
struct OnlineRun {
  const linnet::rom::SolidReducedModel& model;
  const linnet::rom::OnlineHistory& history;
  const linnet::rom::SolidErrors* errors; ///< null where there is nothing to compare with
};

/// The snapshots of -rom_compare, opened before the first step, so that a wrong file costs nothing.
/// Collective; @throws core::Error (data) as SnapshotFile, and for steps at other times.
std::optional<linnet::rom::SnapshotFile> comparison_file(const AppContext& context,
                                                         const Problem& problem);

/// One line for each step and one for the largest errors, if there are any; and the indicator.
void print_online(const AppContext& context, const OnlineRun& run);

/// Model, steps, indicator and errors; the caller adds what it took. Collective.
linnet::io::Results online_results(const AppContext& context, const Problem& problem,
                                   const OnlineRun& run);

/// 0 and the ends of all steps.
std::vector<double> times_of(const Problem& problem);

} // namespace app
