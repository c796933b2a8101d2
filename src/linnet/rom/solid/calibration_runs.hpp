// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Runs that teach what the indicator of a reduced model means for its error.
///
/// A model on its own data has small errors only, and one that has never seen a loading is useless
/// on it: both say nothing of the errors in between, which an adaptive run has to tell apart. So
/// pairs of indicator and error are collected from
///   - the model of all loadings, on each of them,
///   - models that leave one loading out, on that one,
///   - models that leave one out but for its first steps, from a fifth to seven tenths of them, on
///     all steps of it: what an adaptive run is like after some steps on the mesh,
/// at every step with plastic flow. All of them have the tolerances of the model itself, so that
/// its quadrature and modes are as good as those the estimate is for.
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
