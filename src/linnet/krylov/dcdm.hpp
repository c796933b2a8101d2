// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// KSP type "dcdm": conjugate directions for symmetric positive (semi)definite systems whose
/// preconditioner is any map from residuals to directions, also a nonlinear one such as a network
/// (deep conjugate direction method, Kaneda et al., ICML 2023, arXiv 2205.10763).
///
/// Each step asks the PC for a direction d = f(r / |r|), makes it A-conjugate to the last mmax
/// directions, and goes along it to the least energy error: that never grows, whatever f is. Two
/// sums over the ranks per iteration. With f linear, symmetric and positive definite and mmax >= 1
/// the iterates are those of conjugate gradients.
///
/// A direction that is not finite, zero, orthogonal to the residual or of no positive energy is
/// replaced by D^-1 r, D the diagonal of A; where that has none either, the reason is
/// KSP_DIVERGED_BREAKDOWN, or KSP_DIVERGED_INDEFINITE_MAT. Where the residual has not fallen by a
/// tenth for 20 steps and D^-1 r gains more than they did on average, the next steps are conjugate
/// gradients with Jacobi: 20 of them, then twice as many each time. Convergence by the recursion of
/// the residual is confirmed by b - A x computed anew, and the solve goes on where the recursion
/// was wrong. A null space attached to the matrix is removed from residuals and directions.
///
/// Norms: of the residual, or none. Options: `-ksp_dcdm_mmax` (2), `-ksp_dcdm_gs cgs|mgs` (cgs: one
/// sum for all of the window; mgs: one for each), `-ksp_dcdm_true_residual_every` (0: at the end
/// alone; 1: in each step, as in the paper's program), `-ksp_dcdm_normalise` (yes),
/// `-ksp_dcdm_monitor_conjugacy`.
#pragma once

#include <linnet/core/petsc.hpp>

#define KSPDCDM "dcdm"

namespace linnet::krylov {

/// How a direction is made conjugate to the window.
enum class GramSchmidt { classical, modified };

struct DcdmOptions {
  PetscInt mmax = 2; ///< directions that are kept; 0: steepest descent along f
  GramSchmidt gram_schmidt = GramSchmidt::classical;
  PetscInt true_residual_every = 0;
  PetscBool normalise = PETSC_TRUE; ///< hand the PC a residual of norm 1
  PetscBool monitor_conjugacy = PETSC_FALSE;
};

/// What the last solve met.
struct DcdmStatistics {
  PetscInt rejected = 0;  ///< directions of the PC that were replaced
  PetscInt abandoned = 0; ///< times that the PC was left alone for some steps
  PetscInt corrected = 0; ///< times that the recursion claimed convergence and was wrong
  /// Largest |p_i.A p_j| / (|p_i|_A |p_j|_A) within the windows; with monitor_conjugacy.
  PetscReal conjugacy = 0.0;
};

/// Constructor for KSPRegister.
PetscErrorCode KSPCreate_DCDM(KSP ksp);
/// The options of the same names. Logically collective.
PetscErrorCode KSPDCDMSetOptions(KSP ksp, const DcdmOptions& options);
PetscErrorCode KSPDCDMGetOptions(KSP ksp, DcdmOptions* options);
PetscErrorCode KSPDCDMGetStatistics(KSP ksp, DcdmStatistics* statistics);

} // namespace linnet::krylov
