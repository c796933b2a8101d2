// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Structured meshes of mapped boxes.
#pragma once

#include <linnet/core/types.hpp>
#include <linnet/fem/mesh/mesh.hpp>

#include <array>
#include <string_view>

namespace linnet::fem {

/// Where a box with the parameters xi, eta, zeta goes. xi and zeta run over [0,1]; eta over [0,1],
/// for `blade` and `twisted_box` over [-1/2,1/2].
enum class BoxMap {
  box,             ///< (xi, eta, zeta) times the lengths
  twisted_box,     ///< box about the z axis, turned by the twist angle times zeta
  blade,           ///< cambered, tapered and twisted blade of 20 x 4 x 40 mm
  cylinder_sector, ///< radius by xi, angle by eta, z by zeta
  plate_with_hole, ///< quarter of a plate with a hole in the origin: hole to rim by xi, angle by
                   ///< eta
};

/// The map with this name. @throws core::Error that lists the names.
BoxMap box_map(std::string_view name);

/// Original numbers are lexicographic, x fastest: cells (i,j,k) with i < nx, nodes i <= nx. A tet10
/// mesh splits every box into six tetrahedra (Kuhn) and numbers the nodes of the twice finer grid.
struct BoxMeshOptions {
  BoxMap map = BoxMap::box;
  CellShape shape = CellShape::hex8;
  std::array<PetscInt, 3> cells{10, 3, 20}; ///< boxes per direction
  /// box: {1,1,1}, twisted_box: {20,12,40}, plate_with_hole: half width, half height, thickness
  /// {10,10,1}; zeros take these. Unused by the others.
  core::Real3 lengths{};
  double twist = 15.0;                           ///< degrees; twisted_box and blade
  double inner_radius = 1.0, outer_radius = 2.0; ///< cylinder_sector; plate_with_hole: its hole
  double angle = 90.0;                           ///< degrees; cylinder_sector
  double height = 1.0;                           ///< cylinder_sector
  /// Moves the inner vertices by random vectors, each component below this fraction of a box in
  /// parameters; the same for every number of ranks. Middles of edges follow.
  double distortion = 0.0;
};

/// Groups of all meshes: surfaces x0 x1 y0 y1 z0 z1 (xi = 0, xi = 1, ...), edges x0y0 x0y1 ...
/// y1z1, points x0y0z0 ... x1y1z1. Region "solid". Besides,
/// - blade: surfaces root (z0), tip (z1), pressure (y0), suction (y1); points leading_pin and
///   trailing_pin, the nodes (0, ny/2, 0) and (nx, ny/2, 0), ny/2 rounded down: hold x and y at the
///   first, y at the second and z at the root, and the blade is fixed without constraint of its
///   thermal growth;
/// - cylinder_sector: surfaces inner (x0), outer (x1);
/// - plate_with_hole (even number of cells around the hole): surfaces hole (x0), right (x = half
///   width), top (y = half height), bottom (y = 0), left (x = 0).
/// @throws core::Error for counts below 1 and lengths that are not positive. Collective.
Mesh make_box_mesh(MPI_Comm comm, const BoxMeshOptions& options);

} // namespace linnet::fem
