// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The C entry point that makes every Linnet type known to PETSc.
#pragma once

#include <petscsys.h>

/// Registers all types, events and finalisers; further calls do nothing. Call it after
/// PetscInitialize, or load the plug-in. Collective on PETSC_COMM_WORLD. Errors: PETSC_ERR_SUP when
/// the PETSc of the process is not the one (version, scalar, index size) that Linnet was built for.
PETSC_EXTERN PetscErrorCode LinnetInitialize(void);
