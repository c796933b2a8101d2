// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where a preconditioner finds its structured grid: in a DMDA, or in options of its user.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/core/types.hpp>

#include <petscdm.h>

#include <array>
#include <string>

namespace linnet::grid {

/// A grid declared by its user, for a matrix without a DMDA: natural (lexicographic) numbering.
struct DeclaredGrid {
  core::Index3 points{0, 0, 0}; ///< 0 points along x: nothing declared
  int dimension = 0;
  std::array<bool, 3> periodic{};

  bool operator==(const DeclaredGrid&) const = default;
};

/// @p grid of @p dimension 2 or 3 with that many @p points and flags; @p periodic may be null.
/// @p type is the PC type, for messages. Not collective. Errors: PETSC_ERR_USER_INPUT.
PetscErrorCode declare_grid(const std::string& type, PetscInt dimension, const PetscInt points[],
                            const PetscBool periodic[], DeclaredGrid* grid);

/// Reads `-pc_TYPE_grid nx,ny[,nz]` and `-pc_TYPE_periodic x,y[,z]` into @p grid; @p setter is the
/// name of the function that does the same, for the help. Logically collective.
PetscErrorCode get_declared_grid(core::OptionItems PetscOptionsObject, const std::string& type,
                                 const char* setter, DeclaredGrid* grid);

/// The DMDA of @p pc or else of its matrix, not referenced; null when there is none.
PetscErrorCode find_da(PC pc, DM* da);

} // namespace linnet::grid
