// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The options of the app.
#pragma once

#include <linnet/core/options.hpp>

namespace app {

linnet::core::OptionTable riesz_options();

/// What one option cannot know of the others. Throws.
void check_options(const linnet::core::Options& options);

} // namespace app
