// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The file formats behind read_surface_mesh(). Each reader takes the open file and its name for
/// messages and returns the triangles as they stand: points neither welded nor checked for holes.
/// @throws core::Error (data) with file, line and what is wrong.
#pragma once

#include <linnet/problems/geometry/surface_mesh.hpp>

#include <istream>

namespace linnet::problems {

/// Points and triangles of the largest surface: their numbers times three must fit into an int.
inline constexpr std::size_t most_mesh_points = 700'000'000;

/// gmsh 2.2 and 4.1, ASCII.
SurfaceMesh read_msh(std::istream& in, const std::string& name);

/// Stereolithography, ASCII and binary. The stream is open in binary mode.
SurfaceMesh read_stl(std::istream& in, const std::string& name);

} // namespace linnet::problems
