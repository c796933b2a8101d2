// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// SNES type "neural": steps of a network, u <- u + lambda N(F(u)), meant as the nonlinear
/// preconditioner of a method that minimises the residual, above all NGMRES (Oosterlee and Washio,
/// SIAM J. Sci. Comput. 21 (2000) 1670; Brune, Knepley, Smith and Tu, SIAM Rev. 57 (2015) 535):
/// `-snes_type ngmres -npc_snes_type neural -npc_snes_neural_model FILE.h5`.
///
/// lambda is that of PETSc's line search, by default "l2", which minimises |F(u + lambda d)|. A
/// step is taken if it leaves at most `accept` of |F|; nothing that is not finite, zero or noise
/// does that. Where it is refused u stays, the refusal is counted, and the fallback is tried, a
/// step of Richardson's method, u <- u - lambda F(u), taken if it lowers |F| at all. After three
/// refusals in a row the network is left out for 8 steps, then tried once, left out for 16, and so
/// on, until one of its steps is taken. So a hybrid with a bad network is NGMRES with Richardson's
/// method, and no fixed point of the network ends a solve: convergence is judged by |F|, as ever.
///
/// The network needs the residual among its inputs (nonlinear/state_network.hpp, where the grid and
/// fields are found, too). No derivative of F is used. Results differ between numbers of ranks by
/// the rounding of norms alone.
///
/// Options, with the prefix of the SNES:
///  - `-snes_neural_model FILE.h5`: needed.
///  - `-snes_neural_model_bytes n`: refuse models with more bytes of parameters (2^31).
///  - `-snes_neural_inputs LIST`: what its channels are, in place of what the file says.
///  - `-snes_neural_accept a`: part of |F| that a step may leave, in (0, 1] (0.95).
///  - `-snes_linesearch_type`, ...: PETSc's.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscsnes.h>

#define SNESNEURAL "neural"

namespace linnet::nonlinear {

/// Constructor for SNESRegister.
PetscErrorCode SNESCreate_Neural(SNES snes);

/// Setters of the options above; they do nothing on a SNES of another type. Logically collective. A
/// model is read at the next set-up.
PetscErrorCode SNESNeuralSetModel(SNES snes, const char path[]);
PetscErrorCode SNESNeuralSetModelBytes(SNES snes, PetscReal bytes);
PetscErrorCode SNESNeuralSetInputs(SNES snes, const char list[]);
PetscErrorCode SNESNeuralSetAccept(SNES snes, PetscReal accept);

/// Counts since the SNES was created or reset.
struct SnesNeuralInfo {
  PetscInt steps = 0;                  ///< in all
  PetscInt accepted = 0, rejected = 0; ///< steps of the network
  PetscInt left_out = 0;               ///< steps without the network
  PetscInt fallback = 0;               ///< steps of the fallback that were taken
};
/// Not collective. Fails on a SNES of another type.
PetscErrorCode SNESNeuralGetInfo(SNES snes, SnesNeuralInfo* info);

} // namespace linnet::nonlinear
