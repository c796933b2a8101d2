// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A training run.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Samples, training, model. Collective.
void run_training(linnet::core::AppContext& context);

} // namespace app
