// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A run of the app.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Predicts all samples that the options name. Collective.
void run_prediction(linnet::core::AppContext& context);

} // namespace app
