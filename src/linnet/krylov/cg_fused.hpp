// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// KSP type "cgfused": conjugate gradients (Hestenes and Stiefel 1952) in few passes over memory.
///
/// The iterates are those of PETSc's `cg`, up to rounding. With Mat `stencil` in symmetric mode and
/// PC `boxmg` in single precision, direction and product share one march through the grid,
/// solution, residual, its norm and its cast to fp32 one pass, and the preconditioned residual is
/// never stored in double precision. Any other matrix or preconditioner, and matrices with an
/// attached null space that has more than the constants, take PETSc's operations one by one.
///
/// Options: `-ksp_cgfused_flexible`: beta by Polak and Ribiere, z.(r - r_old) / z_old.r_old, which
/// bears preconditioners that vary from step to step (no).
#pragma once

#include <linnet/core/petsc.hpp>

#define KSPCGFUSED "cgfused"

namespace linnet::krylov {

/// Constructor for KSPRegister.
PetscErrorCode KSPCreate_CGFused(KSP ksp);
/// The option of the same name. Logically collective.
PetscErrorCode KSPCGFusedSetFlexible(KSP ksp, PetscBool flexible);

} // namespace linnet::krylov
