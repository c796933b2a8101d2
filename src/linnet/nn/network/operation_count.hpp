// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How much work a network is.
#pragma once

#include <linnet/nn/network/graph.hpp>

#include <vector>

namespace linnet::nn {

/// Floating-point operations of one forward pass on a grid of @p points, node by node: two for each
/// weight and value that meet, nothing for what has no weights. @throws core::Error (usage) for a
/// grid too small.
std::vector<double> forward_flops(const ResolvedGraph& graph, const core::Index3& points);

/// Of a forward pass and the gradients by weights and, where a layer follows another, by its input.
double training_flops(const ResolvedGraph& graph, const core::Index3& points);

} // namespace linnet::nn
