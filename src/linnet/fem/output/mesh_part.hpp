// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A mesh as output files want it.
#pragma once

#include <linnet/fem/mesh/mesh.hpp>
#include <linnet/io/mesh_geometry.hpp>

namespace linnet::fem {

/// This rank's cells, in the order of the mesh, and the nodes that it owns, the first ones of the
/// mesh; numbers are the original ones. Regions are given when there are several. Not collective.
io::MeshPart output_part(const Mesh& mesh);

} // namespace linnet::fem
