// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The options of the problems of operator_sampler.hpp, which apps declare under prefixes of their
/// own.
#pragma once

#include <linnet/core/options.hpp>
#include <linnet/problems/operators/operator_sampler.hpp>

namespace linnet::problems {

/// Adds `<prefix>sensors`, `<prefix>point_grid`, ..., all in effect where @p needs are met.
/// @p prefix: "-train_", say.
void add_operator_options(core::OptionTable& table, const std::string& prefix,
                          const std::vector<core::OptionNeed>& needs);

/// What these options and `<prefix>seed` say.
OperatorSamplerOptions operator_options(const core::Options& options, const std::string& prefix);

} // namespace linnet::problems
