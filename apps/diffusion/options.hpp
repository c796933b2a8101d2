// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Every option of the app.
#pragma once

#include <linnet/core/option_table.hpp>

namespace app {

/// The declared options `-diffusion_*`.
linnet::core::OptionTable diffusion_options();

} // namespace app
