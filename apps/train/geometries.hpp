// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the options say about geometries.
#pragma once

#include <linnet/core/options.hpp>
#include <linnet/problems/samples/tank.hpp>

namespace app {

/// Tanks with obstacles in a unit box. @throws core::Error (usage) naming the option.
linnet::problems::TankOptions tank_options(const linnet::core::Options& options);

/// Geometries that networks and cycles are trained on; 1 for a network of one matrix.
int geometry_count(const linnet::core::Options& options);

/// Samples of each geometry. @throws core::Error (usage) for options of networks that do not fit
/// together.
std::int64_t samples_per_geometry(const linnet::core::Options& options);

} // namespace app
