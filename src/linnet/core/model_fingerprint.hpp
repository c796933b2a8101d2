// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a checkpoint remembers of the options that define the problem, so that a run cannot go on
/// with another one.
#pragma once

#include <linnet/core/options.hpp>

#include <string>

namespace linnet::core {

/// One line "name value" for every option of the table whose name begins with @p prefix and that is
/// not OptionSpec::free_on_restart, given or by default, in a form that does not depend on how
/// numbers are written. Families: their given members. Not collective.
std::string model_fingerprint(const Options& options, std::string_view prefix);

/// The differences of two fingerprints in words: "-heat_step was 0.1 and is 0.2, ..."; empty when
/// there are none.
std::string model_changes(const std::string& before, const std::string& now);

} // namespace linnet::core
