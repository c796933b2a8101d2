// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A run of the app.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Reads the weights, puts them in their places and writes the model. The first rank does it all.
/// Collective.
void run_conversion(linnet::core::AppContext& context);

} // namespace app
