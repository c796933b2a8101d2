// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The mappings of a parameter box behind make_box_mesh().
#pragma once

#include <linnet/core/types.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>

namespace linnet::fem {

/// The options with every zero replaced by the map's own length. @throws core::Error for values the
/// map cannot take.
BoxMeshOptions checked_box_options(BoxMeshOptions options);

/// (xi, eta, zeta) as BoxMap defines their ranges, from fractions of the box in [0,1]^3.
core::Real3 box_parameters(BoxMap map, const core::Real3& fraction);

/// Where the parameters go; @p options are checked ones.
core::Real3 mapped_point(const BoxMeshOptions& options, const core::Real3& parameters);

} // namespace linnet::fem
