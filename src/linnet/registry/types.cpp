// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/registry/types.hpp>

namespace linnet::registry {

namespace {

PetscErrorCode register_mat(MatType name, PetscErrorCode (*create)(Mat)) {
  PetscFunctionBegin;
  PetscErrorCode (*present)(Mat) = nullptr;
  PetscCall(MatInitializePackage());
  PetscCall(PetscFunctionListFind(MatList, name, &present));
  if (!present) PetscCall(MatRegister(name, create));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode register_types() {
  PetscFunctionBegin;
  PetscCall(register_mat(MATSTENCIL, grid::MatCreate_Stencil));
  PetscCall(grid::register_stencil_factorisations());
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::registry
