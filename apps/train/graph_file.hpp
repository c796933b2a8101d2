// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Networks of the user's own.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/nn/network/graph.hpp>

namespace app {

/// True where -train_network names a file.
bool is_graph_file(const linnet::core::Options& options);

/// The graph in the file that -train_network names. Collective. @throws core::Error (data).
linnet::nn::Graph read_graph_file(const linnet::core::AppContext& context);

} // namespace app
