// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Matrices of waves in a square cavity.
#pragma once

#include "operator.hpp"

namespace app {

/// Adds the options of this file.
void add_waves(linnet::core::OptionTable& table);

/// The Helmholtz equation in random draw @p geometry of the wave speed, on the nodes of -train_grid
/// (problems/operators/helmholtz_samples.hpp). Not collective. @throws core::Error (usage) naming
/// the option.
GridOperator make_wave_operator(const linnet::core::Options& options, int geometry);

} // namespace app
