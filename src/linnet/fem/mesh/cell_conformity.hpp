// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Whether cells fit together as DMPlex and continuous displacements need it.
#pragma once

#include <linnet/fem/mesh/cell_list.hpp>

namespace linnet::fem {

/// Of a list that holds the whole mesh. @throws core::Error with the numbers of the cells when a
/// cell names a node twice, more than two cells share a face, two share more than one, two cells
/// see the corners of their face in different order, two tetrahedra have different middles of an
/// edge, or a node is a corner here and a middle there. Not collective.
void check_conformity(const CellList& list);

} // namespace linnet::fem
