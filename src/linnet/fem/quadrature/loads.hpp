// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Nodal forces of dead loads, on the mesh as it was made: integrals of the shape functions times
/// surface tractions or body forces.
///
/// All return a global Vec of mesh.dm() and are collective. Units are consistent with the mesh:
/// with mm, N and t a pressure is in MPa, a density in t/mm^3, an acceleration in mm/s^2.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/core/types.hpp>
#include <linnet/fem/mesh/mesh.hpp>

#include <functional>
#include <span>
#include <string_view>

namespace linnet::fem {

/// A vector at a place.
using PointVector = std::function<core::Real3(const core::Real3& position)>;
/// Force per area at a place of a surface with this outward unit normal.
using Traction = std::function<core::Real3(const core::Real3& position, const core::Real3& normal)>;

/// @p traction on the surface @p group. Hexahedra: 2x2 points per face; tetrahedra: 6 (degree 4).
/// A face between two cells counts for both of them. @throws core::Error: unknown group.
core::Owned<Vec> traction_load(const Mesh& mesh, std::string_view group, const Traction& traction);

/// @p pressure pushing on the surface @p group, against its outward normal.
core::Owned<Vec> pressure_load(const Mesh& mesh, std::string_view group, double pressure);

/// Density times @p acceleration on the volume. @p densities: one per mesh.regions().
core::Owned<Vec> body_load(const Mesh& mesh, std::span<const double> densities,
                           const PointVector& acceleration);

/// Rotation with the angular speed @p omega (1/s) about the axis through @p point along
/// @p direction, of any length but 0: omega^2 times density times the distance vector from the
/// axis.
core::Owned<Vec> centrifugal_load(const Mesh& mesh, std::span<const double> densities, double omega,
                                  const core::Real3& point, const core::Real3& direction);

} // namespace linnet::fem
