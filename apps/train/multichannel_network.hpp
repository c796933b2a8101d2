// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Options of the cycle of several channels as a network.
#pragma once

#include <linnet/core/options.hpp>
#include <linnet/nn/network/graph.hpp>

namespace app {

/// Adds the options of this file.
void add_multichannel(linnet::core::OptionTable& table);

/// The graph that the options ask for. @throws core::Error (usage) naming the option.
linnet::nn::Graph make_multichannel(const linnet::core::Options& options);

} // namespace app
