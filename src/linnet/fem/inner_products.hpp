// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Inner products of displacement fields as matrices.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/fem/mesh/mesh.hpp>

namespace linnet::fem {

/// In the order of the choices of `-rom_inner_product l2|h1`.
enum class DisplacementProduct {
  l2, ///< integral of u . v
  h1, ///< integral of u . v / L^2 + grad u : grad v, with L^3 the volume of the mesh
};

/// The consistent matrix M of the product, v^T M u, with the rows of global Vecs of mesh.dm().
/// Symmetric and positive definite. One scalar matrix serves the three components (PETSc's type
/// maij). Integrated by the rule of the load integrals: 2x2x2 points for hex8, exact on
/// parallelepipeds; degree 5 for tet10. Collective.
core::Owned<Mat> displacement_product(const Mesh& mesh, DisplacementProduct product);

} // namespace linnet::fem
