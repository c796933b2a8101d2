// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Every option of the app.
#pragma once

#include <linnet/core/option_table.hpp>

namespace app {

/// The declared options `-solid_*`.
linnet::core::OptionTable solid_options();

} // namespace app
