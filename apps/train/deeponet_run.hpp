// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Training of a DeepONet.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Samples, training, model. Collective.
void run_deeponet_training(linnet::core::AppContext& context);

} // namespace app
