// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The options of the app.
#pragma once

#include <linnet/core/options.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace app {

linnet::core::OptionTable predict_options();

/// The numbers of -predict_samples, its ranges written out. Of a file, the end of a range may be
/// left out: @p available samples are there. @throws core::Error (usage).
std::vector<std::int64_t> wanted_samples(const linnet::core::Options& options,
                                         std::optional<std::int64_t> available);

/// Where -predict_data takes functions from: one of the problems of operators.
bool is_operator_data(const linnet::core::Options& options);

} // namespace app
