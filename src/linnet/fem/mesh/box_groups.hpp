// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The named groups of a structured mesh.
#pragma once

#include <linnet/fem/mesh/box_lattice.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>
#include <linnet/fem/mesh/cell_list.hpp>

#include <vector>

namespace linnet::fem {

/// Faces, edges and corners of the box and those of the shape, as box_mesh.hpp lists them.
std::vector<GroupList> box_groups(const BoxLattice& lattice, BoxMap map);

} // namespace linnet::fem
