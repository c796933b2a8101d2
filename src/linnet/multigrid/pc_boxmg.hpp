// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// PC type "boxmg": black-box multigrid for symmetric positive (semi)definite matrices with a 5-,
/// 9-, 7- or 27-point stencil on a structured grid, of any size and on any number of ranks.
///
/// The preconditioner is linear and symmetric positive definite for any coefficients (semidefinite
/// along the null space of a singular matrix), so it serves KSPCG. It takes the grid from the DMDA
/// of the PC, or from `-pc_boxmg_grid`.
///
/// Options:
///  - `-pc_boxmg_precision fp32|fp64`: of the cycle (fp32); the Krylov method keeps fp64.
///  - `-pc_boxmg_grid nx,ny[,nz]`: points of the grid of a naturally numbered matrix without a
///  DMDA.
///  - `-pc_boxmg_periodic x,y[,z]`: which directions of that grid wrap.
///  - `-pc_boxmg_levels n`: most levels.
///  - `-pc_boxmg_smoother factored|jacobi`: G^T G with a sparse triangular G, or a weighted
///  diagonal.
///  - `-pc_boxmg_coarse auto|galerkin`: stars and linear interpolation where the coefficients vary
///  mildly (auto), or black-box multigrid always.
///  - `-pc_boxmg_reuse never|auto`: keep the hierarchy of older matrix values while that pays
///  (never).
///  - `-pc_boxmg_skip_empty`: the cycle around obstacles leaves out rows of points without unknowns
///  (yes); the result has the same bits without.
///  - `-pc_boxmg_smooth n`: smoothing steps before and after the coarse correction (1).
///  - `-pc_boxmg_coarse_limit n`: unknowns that are solved directly (400; at most 20000).
///  - `-pc_boxmg_agglomerate_limit n`: fewer points per rank move to fewer ranks (24^3, in 2-D
///  64^2).
///
/// Sources: Dendy, J. Comput. Phys. 48 (1982) 366 (interpolation, Galerkin operators); Kolotilina
/// and Yeremin, SIAM J. Matrix Anal. Appl. 14 (1993) 45 (factored approximate inverse).
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/multigrid/boxmg_options.hpp>
#include <linnet/multigrid/interpolation_weights.hpp>
#include <linnet/multigrid/obstacle_weights.hpp>

#define PCBOXMG "boxmg"

namespace linnet::multigrid {

/// Constructor for PCRegister.
PetscErrorCode PCCreate_BoxMG(PC pc);

/// Setters of the options above; they do nothing on a PC of another type. Logically collective. A
/// change takes effect at the next set-up.
PetscErrorCode PCBoxMGSetPrecision(PC pc, Precision precision);
/// @p dimension 2 or 3, @p points that many counts; @p periodic may be null.
PetscErrorCode PCBoxMGSetGrid(PC pc, PetscInt dimension, const PetscInt points[],
                              const PetscBool periodic[]);
PetscErrorCode PCBoxMGSetLevels(PC pc, PetscInt levels);
PetscErrorCode PCBoxMGSetSmoother(PC pc, Smoother smoother);
PetscErrorCode PCBoxMGSetCoarse(PC pc, CoarseOperators coarse);
PetscErrorCode PCBoxMGSetReuse(PC pc, Reuse reuse);
PetscErrorCode PCBoxMGSetSkipEmpty(PC pc, PetscBool skip);
/// Other numbers than the derived ones for the cycle around obstacles; the same on all ranks.
/// Weights that might spoil its definiteness are refused.
PetscErrorCode PCBoxMGSetObstacleWeights(PC pc, const ObstacleWeights& weights);
/// A network that shifts the interpolation where black-box multigrid is taken; the same on all
/// ranks. Values that are not finite, or not as many as it has, are refused.
PetscErrorCode PCBoxMGSetInterpolation(PC pc, const LearnedInterpolation& learned);
/// How many set-ups met new values so far, and how many of them kept the hierarchy of older ones.
PetscErrorCode PCBoxMGGetReuse(PC pc, PetscInt* setups, PetscInt* reuses);
PetscErrorCode PCBoxMGSetSmooth(PC pc, PetscInt steps);
PetscErrorCode PCBoxMGSetCoarseLimit(PC pc, PetscInt unknowns);
PetscErrorCode PCBoxMGSetAgglomerateLimit(PC pc, PetscInt points);

} // namespace linnet::multigrid
