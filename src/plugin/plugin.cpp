// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The entry point that PETSc looks up when liblinnet.so is named in -dll_append.
#include <linnet/registry/register.hpp>

PETSC_EXTERN PetscErrorCode PetscDLLibraryRegister_linnet(void) {
  PetscFunctionBegin;
  PetscCall(LinnetInitialize());
  PetscFunctionReturn(0);
}
