// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How a Krylov method that knows the norm of its residual spares a preconditioner to sum it anew.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscpc.h>

namespace linnet::krylov {

/// A PC that scales by the 2-norm of what it is applied to composes a function of this name and
/// type. It takes the norm of the vector of the next application.
inline constexpr const char* set_next_norm = "PCSetNextNorm_C";
using SetNextNorm = PetscErrorCode (*)(PC, PetscReal);

/// Tells @p pc the 2-norm of the vector that it will be applied to next, where it wants to know.
/// Logically collective.
inline PetscErrorCode tell_norm(PC pc, PetscReal norm) {
  PetscFunctionBegin;
  SetNextNorm set = nullptr;
  PetscCall(PetscObjectQueryFunction(reinterpret_cast<PetscObject>(pc), set_next_norm, &set));
  if (set) PetscCall(set(pc, norm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::krylov
