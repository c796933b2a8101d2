// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From the content of a gmsh file to cells, nodes and groups.
#pragma once

#include <linnet/fem/mesh/cell_list.hpp>
#include <linnet/fem/mesh/gmsh/msh_content.hpp>

#include <string>

namespace linnet::fem {

/// The whole mesh: cells in the order of the file, nodes likewise, without those that no cell has.
/// @p name is the file's in messages. @throws core::Error for cells that are not 8-node hexahedra
/// or 10-node tetrahedra, mixed ones, cells of no or of two regions, unknown nodes and whatever
/// check_conformity() refuses. Not collective.
CellList cells_of_msh(const MshContent& content, const std::string& name);

} // namespace linnet::fem
