// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The grid that a network is applied to where its model is saved, and how large it may be.
#pragma once

#include <linnet/nn/network/graph.hpp>

#include <optional>

namespace linnet::nn {

/// A grid that @p graph works on: the finest of those whose coarse grids are the ones that its
/// parameters are for, as those of `field_norm` are, and a small one where there are none. Nothing
/// where no grid has them all.
std::optional<core::Index3> check_points(const ResolvedGraph& graph);

/// True where the values of all nodes on a grid of @p points are at most 2^28, so that a model from
/// anybody takes no more than about 1 GiB. @throws core::Error (usage) for a grid too small.
bool is_light(const ResolvedGraph& graph, const core::Index3& points);

} // namespace linnet::nn
