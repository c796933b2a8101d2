// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which options of training a DeepONet go together.
#pragma once

#include "operator_source.hpp"

#include <linnet/core/options.hpp>

#include <cstdint>
#include <string>

namespace app {

/// Modes of a POD that takes the place of the trunk; 0: a trunk.
int pod_modes(const linnet::core::Options& options);
/// Whether the model gets an orthonormal trunk.
bool is_orthonormal(const linnet::core::Options& options);
/// Whether least squares find the last layer at the "start" or the "end", or ever.
bool fits_last_layer(const linnet::core::Options& options, const std::string& when);
bool has_least_squares(const linnet::core::Options& options);

/// Refuses what needs operators with numbers of their own where @p source has none, and numbers of
/// samples that do not suit them. @throws core::Error (usage) naming the option.
void require_operators(const linnet::core::Options& options, const OperatorSource& source);
/// Refuses what does not go together, before any sample is made; @p samples of them are for
/// training. @throws core::Error (usage) naming the option.
void require_compatible(const linnet::core::Options& options, const OperatorSource& source,
                        std::int64_t samples);

} // namespace app
