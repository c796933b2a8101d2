// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which cells of a grid have their centre inside a closed surface.
#pragma once

#include <linnet/grid/index_box.hpp>
#include <linnet/problems/cells/domain.hpp>
#include <linnet/problems/geometry/surface_mesh.hpp>

#include <vector>

namespace linnet::problems {

/// For each cell of @p box (x fastest) 1 if its centre lies inside @p mesh, else 0. @p cells is the
/// number of cells of the whole grid over @p domain. Parity of the crossings of rays along x, with
/// edges judged the same way from both sides, so that any closed surface gives a filled body
/// whatever its orientation and wherever a ray meets edges and corners; where closed bodies
/// overlap, the overlap counts as outside. Not collective: every rank does its own box.
std::vector<unsigned char> voxelise(const SurfaceMesh& mesh, const Domain& domain,
                                    const core::Index3& cells, const grid::IndexBox& box);

} // namespace linnet::problems
