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

/// Bytes per point of the finest grid that the cycle on stars (star_cycle.hpp) moves with values of
/// @p value_bytes.
double star_cycle_traffic(const std::vector<LevelPlan>& plans, int value_bytes);

/// The same for the cycle of black-box multigrid (cycle.hpp).
double cycle_traffic(const std::vector<LevelPlan>& plans, const BoxmgOptions& options,
                     int value_bytes);

} // namespace linnet::multigrid
