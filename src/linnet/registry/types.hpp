// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The one list of all PETSc types that Linnet brings.
#pragma once

#include <linnet/core/petsc.hpp>

namespace linnet::registry {

/// Adds our KSP, PC, Mat, KSPGuess and SNES types to PETSc's lists, where a name that is already
/// there stays, and the options of initial guesses to those of every SNES.
PetscErrorCode register_types();

} // namespace linnet::registry
