// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where the points of a grid lie on its box.
#pragma once

#include <linnet/core/types.hpp>
#include <linnet/grid/grid_map.hpp>

#include <vector>

namespace linnet::grid {

/// Where on its box the points of the grid of the matrix lie along a direction of n points:
/// (i + 1/2) / n, i / (n - 1), (i + 1) / (n + 1). In a direction that wraps, nodes lie at i / n.
enum class GridPoints { cell_centers, nodes, inner_nodes };

/// Their names in options, as PetscOptionsEnum() takes them.
extern const char* const grid_points_names[];

/// Place of point @p i of @p n along a direction, from 0 to 1.
double relative_place(int i, int n, bool wraps, GridPoints points);

/// The points of all rows of this rank, from 0 to 1 in every direction. Not collective.
std::vector<core::Real3> relative_points(Mat matrix, const GridMap& map, GridPoints points);

} // namespace linnet::grid
