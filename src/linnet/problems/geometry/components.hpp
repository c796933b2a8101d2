// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Connected components of the fluid (cells joined through faces), for null spaces and pockets.
#pragma once

#include <linnet/core/petsc.hpp>

#include <array>
#include <vector>

namespace linnet::problems {

/// One flag per face of the domain: x low, x high, y low, y high, z low, z high.
using FaceFlags = std::array<bool, 6>;

/// Numbers the components of the cells with mask < 1/2. @p labels gets the number of the component,
/// -1 on solid cells; components are numbered 0..count-1 in the order of their smallest natural
/// cell index, so that the result does not depend on the ranks. Periodic directions of @p cells
/// (DMDA, dof 1, stencil width at least 1) join. @p mask may be NULL (no solid), labels may be mask
/// itself. Collective.
PetscErrorCode label_components(DM cells, Vec mask, Vec labels, PetscInt* count);

/// Number of cells of each component, on all ranks. Collective.
PetscErrorCode component_sizes(Vec labels, PetscInt count, std::vector<PetscInt>* sizes);

/// For each component whether one of its cells lies at one of the domain faces in @p faces. With
/// the faces of Dirichlet and Robin conditions: components that are false are singular. Collective.
PetscErrorCode components_at_faces(DM cells, Vec labels, PetscInt count, const FaceFlags& faces,
                                   std::vector<bool>* touches);

/// @p indicator = 1 on the component @p number, 0 elsewhere. Not collective.
PetscErrorCode component_indicator(Vec labels, PetscInt number, Vec indicator);

/// Makes solid every fluid cell without a face neighbour that is fluid or held (mask 2) that does
/// not lie at a domain face in @p open (there a boundary condition holds its value). @p closed gets
/// their number. Collective.
PetscErrorCode close_isolated_cells(DM cells, const FaceFlags& open, Vec mask, PetscInt* closed);

} // namespace linnet::problems
