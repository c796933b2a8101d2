// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How many ranks the grid of a network can employ.
#pragma once

#include <linnet/nn/network/graph.hpp>

#include <functional>
#include <vector>

namespace linnet::nn {

/// Of the cuts @p cut(n) of the finest grid over n ranks that of most ranks, at most @p most, whose
/// parts are wide enough on the coarsest grid that no kernel looks beyond a neighbour.
grid::Partition widest_cut(const ResolvedGraph& graph, int most,
                           const std::function<grid::Partition(int)>& cut);

/// The same for a network from field to field, which works on exactly @p points. @throws
/// core::Error (usage) where these are too few for its grids.
grid::Partition widest_field_cut(const ResolvedGraph& graph, const core::Index3& points, int most);

/// One box per rank of @p size, those behind the cut empty.
std::vector<grid::IndexBox> boxes_of(const grid::Partition& cut, int size);

} // namespace linnet::nn
