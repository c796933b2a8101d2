// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From the elements of a surface to sides of cells.
#pragma once

#include <linnet/fem/mesh/mesh.hpp>

#include <span>
#include <string>
#include <vector>

namespace linnet::fem {

/// The sides of this rank's cells that are elements of the surface @p group, by cell and side.
/// @p cell_nodes are local numbers, @p original_nodes per local node; @p source is the mesh's name
/// in messages. @throws core::Error on all ranks when an element is no side of any cell.
/// Collective.
std::vector<CellFace> faces_of_group(MPI_Comm comm, CellShape shape,
                                     std::span<const PetscInt> cell_nodes,
                                     std::span<const PetscInt> original_nodes,
                                     const GroupList& group, const std::string& source);

} // namespace linnet::fem
