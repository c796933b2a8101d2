// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Whether the directions of strong coupling change within the domain.
#pragma once

#include <linnet/multigrid/anisotropy.hpp>

#include <vector>

namespace linnet::multigrid {

/// Extremes of the anisotropy of @p a, two or three, if its regions differ so much that no one
/// order of coarsening suits all of them: a strong direction that turns, or mesh widths that grow
/// from a wall; else none. A region is one of up to 16 x 16 (8 x 8 x 8) blocks of points, and
/// counts by its medians: contrast that goes up and down from point to point, however high, is no
/// anisotropy.
/// @p a is cut like @p cut; its ghosts are not needed. The same on any number of ranks. Collective
/// on @p comm, whose rank r owns box r.
std::vector<Anisotropy> find_varying_anisotropy(MPI_Comm comm, const grid::Partition& cut,
                                                const kernels::StencilOperator<double>& a);

} // namespace linnet::multigrid
