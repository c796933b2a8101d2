// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Runs that teach what the indicator of a reduced model means for its error.
///
/// A model on its own data has small errors only and says nothing of those that matter. So pairs of
/// indicator and error are collected from
///   - models that leave one loading out, run on it and on their own data,
///   - the model of all loadings on its own data,
///   - all of these truncated on purpose: tolerances of u from 1e-3 to 1e-5, of p from 1e-2 to
///   1e-3,
///     cubature 1e-4,
/// at every step with plastic flow. With a single loading the models that leave one out learn from
/// its first half of steps instead. Truncated models run on the loading left out and on one of
/// their own, so that the number of runs grows as that of loadings.
#pragma once

#include <linnet/rom/solid/comparison.hpp>
#include <linnet/rom/solid/reduced_model.hpp>

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace linnet::rom {

struct CalibrationRunOptions {
  TrainingOptions training;
  ReducedNewtonOptions newton;
  CalibrationOptions calibration;
  std::size_t least_pairs = 200; ///< below it a warning is due
};

struct CalibrationRuns {
  std::vector<IndicatorPair> pairs;
  int models = 0, runs = 0;
  int failed = 0; ///< runs that ended early because Newton's method failed; their steps count
};

/// Collective. @p note is told of each run, on all ranks.
CalibrationRuns calibration_runs(const fem::SolidModel& model, const SolidProducts& products,
                                 std::span<const TrainingLoading> loadings,
                                 const CalibrationRunOptions& options,
                                 const std::function<void(const std::string&)>& note = {});

} // namespace linnet::rom
