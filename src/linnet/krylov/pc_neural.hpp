// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// PC type "neural": a network from a model file as the direction generator of a Krylov method
/// that takes any (deep conjugate direction method, Kaneda et al., ICML 2023, arXiv 2205.10763).
///
/// d = |r| f(r / |r|): positively homogeneous, but in general neither linear nor symmetric, so the
/// Krylov method must be one that allows that (dcdm, fcg, fgmres, gcr, fbcgs, fbcgsr, richardson,
/// preonly); others are refused when they start to solve, unless the user insists. richardson and
/// fcg stop by the true residual where no norm was chosen. Unknowns without couplings (solid cells,
/// held values) take no part. It works on a structured grid of one unknown per point, from the DMDA
/// of the PC or its matrix or from `-pc_neural_grid`, on any number of ranks, and needs a matrix
/// that gives its rows; see krylov/direction_network.hpp.
///
/// A network is one of directions (krylov/direction_network.hpp), or a DeepONet trained from a
/// right-hand side, or a coefficient and that, to a solution (krylov/operator_direction.hpp).
///
/// Under all methods but dcdm, which weighs directions itself, and preonly, a direction is replaced
/// by the step of a smoother where it is no better than that (krylov/hints_cycle.hpp); richardson,
/// which does not weigh them, gets the multiple that leaves the smallest residual. An application
/// without a solve is the direction as it is.
///
/// With sweeps it is the cycle of krylov/hints_cycle.hpp, a network between sweeps of a smoother,
/// and with `-ksp_type richardson` the solver HINTS. There is no transpose: PCApplyTranspose fails.
///
/// Options:
///  - `-pc_neural_model FILE.h5`: the network, as nn/network/model.hpp reads it. Needed.
///  - `-pc_neural_model_bytes n`: refuse models with more bytes of parameters (2^31).
///  - `-pc_neural_odd`: make the network odd, (f(r) - f(-r)) / 2, for twice the work (no).
///  - `-pc_neural_grid nx,ny[,nz]`: points of the grid of a naturally numbered matrix without a
///  DMDA.
///  - `-pc_neural_periodic x,y[,z]`: which directions of that grid wrap.
///  - `-pc_neural_points cell_centers|nodes|inner_nodes` (cell_centers): where the points of the
///  grid lie on the box of a DeepONet.
///  - `-pc_neural_sensors nx,ny[,nz]`: nodes that a DeepONet was trained on (as many in every
///  direction).
///  - `-pc_neural_sweeps m`: sweeps before and after the network (0: the network alone).
///  - `-neural_smoother_pc_type`, ...: the PC that sweeps (sor where the matrix has it, else
///  jacobi).
///  - `-pc_neural_smoother_damping omega`: of each sweep (0: jacobi by 1.4 over the largest sum of
///  |a_ij| / |a_ii| in a row, others not).
///  - `-pc_neural_any_ksp`: refuse no Krylov method (no).
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/grid/relative_points.hpp>

#include <petscpc.h>

#define PCNEURAL "neural"

namespace linnet::krylov {

/// Constructor for PCRegister.
PetscErrorCode PCCreate_Neural(PC pc);

/// Setters of the options above; they do nothing on a PC of another type. Logically collective. A
/// change takes effect at the next set-up, of `odd` at the next application.
PetscErrorCode PCNeuralSetModel(PC pc, const char path[]);
PetscErrorCode PCNeuralSetModelBytes(PC pc, PetscReal bytes);
PetscErrorCode PCNeuralSetOdd(PC pc, PetscBool odd);
/// @p dimension 2 or 3, @p points that many counts; @p periodic may be null.
PetscErrorCode PCNeuralSetGrid(PC pc, PetscInt dimension, const PetscInt points[],
                               const PetscBool periodic[]);
PetscErrorCode PCNeuralSetPoints(PC pc, grid::GridPoints points);
/// @p dimension 2 or 3, @p nodes that many counts.
PetscErrorCode PCNeuralSetSensors(PC pc, PetscInt dimension, const PetscInt nodes[]);
/// From 0 to 1000.
PetscErrorCode PCNeuralSetSweeps(PC pc, PetscInt sweeps);
/// From 0 to 100.
PetscErrorCode PCNeuralSetSmootherDamping(PC pc, PetscReal damping);
PetscErrorCode PCNeuralSetAnyKSP(PC pc, PetscBool any);

struct NeuralInfo {
  PetscInt applications = 0;
  PetscInt accepted = 0, rejected = 0; ///< steps of the network that were judged
  PetscInt left_at = 0; ///< application after which it was left out since the set-up; 0: in use
  double damping = 0.0; ///< of a sweep; 0: there are none
};
/// Counts of all applications. Not collective. Both fail on a PC of another type.
PetscErrorCode PCNeuralGetInfo(PC pc, NeuralInfo* info);
/// The PC that sweeps, not referenced. Collective.
PetscErrorCode PCNeuralGetSmoother(PC pc, PC* smoother);

} // namespace linnet::krylov
