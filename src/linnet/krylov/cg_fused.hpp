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
/// in double precision, before its drift can pass a few thousandths of it, and before it may end a
/// solve as converged
/// ("reliable updates", Sleijpen and van der Vorst, Computing 56 (1996) 141; Clark et al., Comput.
/// Phys. Commun. 181 (2010) 1517, sections 4 and 5). Where the drift keeps it above a thousandth of
/// what it was, or an inner product has the wrong sign, the rest of the solve is that of double
/// precision. A convergence test is asked twice where it would end a solve: of the updated and of
/// the true residual.
///
/// Options:
///  - `-ksp_cgfused_flexible`: beta by Polak and Ribiere, z.(r - r_old) / z_old.r_old, which bears
///    preconditioners that vary from step to step (no).
///  - `-ksp_cgfused_precision fp64|mixed` (fp64): mixed takes effect where the few passes do and
///    `boxmg` keeps the couplings of this matrix in single precision or in one byte per cell: not
///    with several hierarchies, where the finest grid moves to fewer ranks, gets a point more over
///    a periodic seam or is solved directly, nor with a hierarchy of older values or another
///    matrix.
#pragma once

#include <linnet/core/petsc.hpp>

#define KSPCGFUSED "cgfused"

namespace linnet::krylov {

/// Precision of residual, direction and product of A and direction; the solution and all sums are
/// in double precision.
enum class CGFusedPrecision { fp64, mixed };

/// What solves have done, for the view and for tests.
struct CGFusedWork {
  PetscInt renewals = 0;          ///< of the residual, in all solves so far
  bool is_mixed = false;          ///< the last solve began in mixed precision ...
  bool went_on_in_double = false; ///< ... and did not end in it
  int bytes = 0;         ///< per point and iteration where it began; 0 by PETSc's operations
  int renewal_bytes = 0; ///< per point and renewal
};

/// Constructor for KSPRegister.
PetscErrorCode KSPCreate_CGFused(KSP ksp);
/// The option of the same name. Logically collective.
PetscErrorCode KSPCGFusedSetFlexible(KSP ksp, PetscBool flexible);
/// Not collective. Errors: PETSC_ERR_SUP for a KSP of another type.
PetscErrorCode KSPCGFusedGetWork(KSP ksp, CGFusedWork* work);
/// `-ksp_cgfused_precision`. Logically collective.
PetscErrorCode KSPCGFusedSetPrecision(KSP ksp, CGFusedPrecision precision);

} // namespace linnet::krylov
