// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// When a loading is at its worst.
#pragma once

#include <linnet/rom/solid/decomposed_loading.hpp>

#include <vector>

namespace linnet::rom {

/// Steps (1 .. K, ascending, each once) at whose ends
///   - the thermal strain alpha(T) (T - Tref) is largest, in the L2 norm over @p solid,
///   - the Euclidean norm of the external force is largest,
///   - that of the held displacements is largest;
/// the first step of those that are within 1e-9 of the largest, so that of repeated cycles the
/// first counts, and none for what is zero at all times. Overwrites @p solid's temperature. Cost: a
/// pass over the points for each step whose temperature differs from all before. Collective; the
/// same on all ranks.
std::vector<int> peak_steps(const DecomposedLoading& loading, fem::SolidModel& solid);

} // namespace linnet::rom
