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
/// Mixed precision keeps residual, direction and product of matrix and direction in single
/// precision, solution and inner products in double precision. The residual is formed anew, b - A x
/// in double precision, whenever it has fallen by 1e-4 and before it may end a solve ("reliable
/// updates", Sleijpen and van der Vorst, Computing 56 (1996) 141; Clark et al., Comput. Phys.
/// Commun. 181 (2010) 1517, sections 4 and 5); where it turns out to be twice what it was taken for
/// or more, the rest of the solve is done in double precision. Norms along the way agree with those
/// of `cg` to about a hundredth, the last one is that of b - A x.
///
/// Options:
///  - `-ksp_cgfused_flexible`: beta by Polak and Ribiere, z.(r - r_old) / z_old.r_old, which bears
///    preconditioners that vary from step to step (no).
///  - `-ksp_cgfused_precision fp64|mixed` (fp64): mixed takes effect where the few passes do and
///    `boxmg` keeps couplings in single precision: not with its obstacle cycle or several
///    hierarchies, nor with the hierarchy of older values.
#pragma once

#include <linnet/core/petsc.hpp>

#define KSPCGFUSED "cgfused"

namespace linnet::krylov {

/// Precision of residual, direction and product of A and direction; the solution and all sums are
/// in double precision.
enum class CGFusedPrecision { fp64, mixed };

/// Constructor for KSPRegister.
PetscErrorCode KSPCreate_CGFused(KSP ksp);
/// The option of the same name. Logically collective.
PetscErrorCode KSPCGFusedSetFlexible(KSP ksp, PetscBool flexible);
/// `-ksp_cgfused_precision`. Logically collective.
PetscErrorCode KSPCGFusedSetPrecision(KSP ksp, CGFusedPrecision precision);

} // namespace linnet::krylov
