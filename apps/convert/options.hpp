// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The options of the app.
#pragma once

#include <linnet/core/option_table.hpp>

namespace app {

linnet::core::OptionTable convert_options();

} // namespace app
