// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Declared options that the user gave and that cannot do anything in this run.
#pragma once

#include <linnet/core/options.hpp>

#include <string>
#include <vector>

namespace linnet::core {

/// One line per given option none of whose OptionSpec::needs is met: place, and what it needs.
/// A flag that is switched off is left out. Not collective.
std::vector<std::string> ineffective_options(const Options& options);

} // namespace linnet::core
