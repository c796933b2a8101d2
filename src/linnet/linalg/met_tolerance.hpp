// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where solvers stop whose residuals networks learn from.
#pragma once

namespace linnet::linalg {

/// Largest |r| / |b| of a solve that has come to its end: residuals below are those of another
/// solve. The same where residuals are drawn for a file of samples
/// (problems/samples/met_residuals.hpp) and where a network meets its own
/// (nn/directions/direction_solver.hpp), so that both ways of training learn from residuals of one
/// range.
inline constexpr double met_tolerance = 1e-6;

} // namespace linnet::linalg
