// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/declared_grid.hpp>

#include <petscdmda.h>

#include <petsc/private/pcimpl.h>

namespace linnet::grid {

PetscErrorCode declare_grid(const std::string& type, PetscInt dimension, const PetscInt points[],
                            const PetscBool periodic[], DeclaredGrid* grid) {
  PetscFunctionBegin;
  PetscCheck(dimension == 2 || dimension == 3, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "a %s grid has 2 or 3 dimensions, not %" PetscInt_FMT, type.c_str(), dimension);
  *grid = {};
  grid->dimension = static_cast<int>(dimension);
  grid->points = {1, 1, 1};
  for (PetscInt d = 0; d < dimension; ++d) {
    PetscCheck(points[d] >= 1, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
               "-pc_%s_grid: counts must be positive, got %" PetscInt_FMT, type.c_str(), points[d]);
    grid->points[static_cast<std::size_t>(d)] = static_cast<int>(points[d]);
    grid->periodic[static_cast<std::size_t>(d)] = periodic && periodic[d];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode get_declared_grid(core::OptionItems PetscOptionsObject, const std::string& type,
                                 const char* setter, DeclaredGrid* grid) {
  const std::string grid_option = "-pc_" + type + "_grid";
  const std::string periodic_option = "-pc_" + type + "_periodic";
  PetscInt points[3] = {grid->points[0], grid->points[1], grid->points[2]};
  PetscBool periodic[3];
  PetscFunctionBegin;
  for (std::size_t d = 0; d < 3; ++d) periodic[d] = grid->periodic[d] ? PETSC_TRUE : PETSC_FALSE;
  PetscInt count = 3, flags = 3;
  PetscBool set, set_periodic;
  PetscCall(PetscOptionsIntArray(
      grid_option.c_str(),
      "Points nx,ny[,nz] of the grid of a naturally numbered matrix without a DMDA", setter, points,
      &count, &set));
  PetscCall(PetscOptionsBoolArray(periodic_option.c_str(),
                                  "Directions x,y[,z] of that grid that wrap", setter, periodic,
                                  &flags, &set_periodic));
  PetscCheck(!set_periodic || set || grid->dimension, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "%s needs %s; a DMDA knows by itself where it wraps", periodic_option.c_str(),
             grid_option.c_str());
  if (!set && !set_periodic) PetscFunctionReturn(PETSC_SUCCESS);
  const PetscInt dimension = set ? count : grid->dimension;
  PetscCheck(dimension >= 2, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "%s needs two or three counts nx,ny[,nz], got %" PetscInt_FMT, grid_option.c_str(),
             dimension);
  PetscCheck(!set_periodic || flags == dimension, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "%s needs one flag per direction: %" PetscInt_FMT ", got %" PetscInt_FMT,
             periodic_option.c_str(), dimension, flags);
  PetscCall(declare_grid(type, dimension, points, periodic, grid));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode find_da(PC pc, DM* da) {
  PetscFunctionBegin;
  *da = nullptr;
  for (PetscObject holder :
       {reinterpret_cast<PetscObject>(pc), reinterpret_cast<PetscObject>(pc->pmat)}) {
    DM dm = nullptr;
    if (holder == reinterpret_cast<PetscObject>(pc))
      dm = pc->dm; // PCGetDM would create a shell DM
    else
      PetscCall(MatGetDM(pc->pmat, &dm));
    if (!dm) continue;
    PetscBool is_da;
    PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(dm), DMDA, &is_da));
    if (!is_da) continue;
    *da = dm;
    break;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::grid
