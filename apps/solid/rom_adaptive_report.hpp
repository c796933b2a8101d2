// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The end of an adaptive run: what it cost, how good it was, results file.
#pragma once

#include "problem.hpp"

#include <linnet/rom/solid/adaptive_run.hpp>
#include <linnet/rom/solid/comparison.hpp>

#include <optional>
#include <string>
#include <vector>

namespace app {

struct AdaptiveSummary {
  double setup_seconds = 0.0; ///< all before the run: mesh, loading, archive or checkpoint
  double output_seconds = 0.0, comparison_seconds = 0.0;
  std::optional<linnet::rom::SolidErrors> errors;
  std::vector<std::string> files;
};

/// Collective.
void report_adaptive(const AppContext& context, const Problem& problem,
                     const linnet::rom::AdaptiveRun& run, const AdaptiveSummary& summary);

} // namespace app
