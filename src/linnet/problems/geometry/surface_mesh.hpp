// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Closed triangulated surfaces from mesh files.
#pragma once

#include <linnet/core/types.hpp>

#include <mpi.h>

#include <array>
#include <string>
#include <vector>

namespace linnet::problems {

struct SurfaceMesh {
  std::vector<core::Real3> points;
  std::vector<core::Index3> triangles; ///< of points, any orientation
};

/// Reads gmsh .msh 2.2 or 4.1 (ASCII; triangles and quadrangles, second-order ones by their
/// corners) or .stl (ASCII or binary, points welded). Only points that triangles use are kept.
/// @throws core::Error (data) with file, line, and what is wrong; also when the surface has holes.
SurfaceMesh read_surface_mesh(const std::string& path);

/// The same on all ranks of @p comm: rank 0 reads. Collective; throws the same error on all ranks.
SurfaceMesh read_surface_mesh(MPI_Comm comm, const std::string& path);

/// @throws core::Error (data) if an edge belongs to an odd number of triangles: the surface has a
/// hole there. @p name is the file in the message.
void require_watertight(const SurfaceMesh& mesh, const std::string& name);

/// Lower and upper corner of the points.
std::array<core::Real3, 2> bounding_box(const SurfaceMesh& mesh);

/// Scales and moves @p mesh into the box [lower, upper]: same scale in all directions, as large as
/// fits, centred. @throws core::Error (usage) when a point would not be finite.
void fit_into(SurfaceMesh& mesh, const core::Real3& lower, const core::Real3& upper);

/// x -> scale x + shift. @throws core::Error (usage) when a point would not be finite.
void transform(SurfaceMesh& mesh, double scale, const core::Real3& shift);

/// Volume inside a closed surface with consistent orientation (its absolute value).
double enclosed_volume(const SurfaceMesh& mesh);

} // namespace linnet::problems
