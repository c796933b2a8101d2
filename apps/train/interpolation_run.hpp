// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A training run for the interpolation of black-box multigrid (`-train_network interpolation`).
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Patches, optimiser, model, and the iterations for media it has not seen. Collective; patches and
/// media are dealt out to the ranks, and the result has the same bits on any number of them.
void run_interpolation_training(linnet::core::AppContext& context);

} // namespace app
