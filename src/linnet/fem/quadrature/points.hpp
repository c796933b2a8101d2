// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The quadrature points of a mesh: their weights and positions, and nodal fields at them.
#pragma once

#include <linnet/fem/mesh/mesh.hpp>
#include <linnet/kernels/solid/cell_geometry.hpp>

#include <span>

namespace linnet::fem {

constexpr int points_per_cell(CellShape shape) {
  return shape == CellShape::hex8 ? kernels::Hex8::points : kernels::Tet10::points;
}

/// Weights and shape gradients at the points of this rank's cells. Not collective.
kernels::CellGeometry cell_geometry(const Mesh& mesh);

/// The @p field (local nodes x components, ghosts included) at the points of this rank's cells by
/// the shape functions: points x components. Not collective.
kernels::Array<double> interpolate_to_points(const Mesh& mesh, std::span<const double> field,
                                             int components);

/// points x 3, in the unit of the mesh. Not collective.
inline kernels::Array<double> point_coordinates(const Mesh& mesh) {
  return interpolate_to_points(mesh, mesh.coordinates(), 3);
}

} // namespace linnet::fem
