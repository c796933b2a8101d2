// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What one application of a cycle reads and writes, counted from its passes: the same on every
/// machine.
///
/// A pass moves every value of a field once, however many neighbours use it, and a line that is
/// written without having been read is fetched first: read one value, written two, updated two.
/// What a march keeps in the cache between its passes does not count. Nor do the direct solve, the
/// exchange between ranks and the corrections of decoupled rows and inclusions, whose values are
/// few.
#pragma once

#include <linnet/multigrid/level_plan.hpp>

namespace linnet::multigrid {

/// Bytes per point of the finest grid that the cycle with stars on all levels (mild_cycle.hpp)
/// moves with values of @p value_bytes.
double mild_cycle_traffic(const std::vector<LevelPlan>& plans, int value_bytes);

/// The same for the cycle around obstacles (obstacle_cycle.hpp): one byte per point in place of the
/// finest operator, then black-box multigrid.
double obstacle_cycle_traffic(const std::vector<LevelPlan>& plans, const BoxmgOptions& options,
                              int value_bytes);

/// The same for the cycle of black-box multigrid (cycle.hpp). @p adapted: levels with an adapted
/// smoother (adapted_smoother.hpp); may be shorter than @p plans.
double cycle_traffic(const std::vector<LevelPlan>& plans, const BoxmgOptions& options,
                     const std::vector<bool>& adapted, int value_bytes);

/// The same for cycles in a row (regional_cycles.hpp) that move @p cycles by themselves.
double regional_traffic(const std::vector<double>& cycles, kernels::StencilPattern finest,
                        int value_bytes);

} // namespace linnet::multigrid
