// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Whether supports keep a body in its place.
#pragma once

#include <linnet/fem/mesh/mesh.hpp>

#include <span>
#include <string>

namespace linnet::fem {

/// The infinitesimal motion of the whole body that the held unknowns (3 * local node + component)
/// leave free, in words: "it can turn about the axis (0, 0, 1)"; empty when there is none. The mesh
/// is taken for one piece. Collective.
std::string free_rigid_motion(const Mesh& mesh, std::span<const PetscInt> held_dofs);

} // namespace linnet::fem
