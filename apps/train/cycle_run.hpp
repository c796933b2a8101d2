// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A training run for the weights of the cycle around obstacles (`-train_network cycle`).
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Geometries, evolution strategy, model, and the iterations on geometries it has not seen.
/// Collective; the geometries are dealt out to the ranks, and the result has the same bits on any
/// number of them.
void run_cycle_training(linnet::core::AppContext& context);

} // namespace app
