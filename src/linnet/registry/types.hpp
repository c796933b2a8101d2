// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The one list of all PETSc types that Linnet brings.
#pragma once

#include <linnet/core/petsc.hpp>

namespace linnet::registry {

/// Adds our KSP, PC, Mat and KSPGuess types to PETSc's lists; a name that is already there stays.
PetscErrorCode register_types();

} // namespace linnet::registry
