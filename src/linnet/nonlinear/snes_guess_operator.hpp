// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Initial guess of a SNES from a trained network, for any PETSc program by an option.
///
/// `-snes_guess_operator_model FILE.h5`: every SNESSolve of that SNES begins with what the network
/// makes (nonlinear/state_network.hpp, where the grid and fields are found, too): the solution, or
/// the correction of the plain start, which is what the program passes to SNESSolve, or what its
/// own SNESSetComputeInitialGuess makes of that. The guess is taken only if it lowers |F|: else
/// three points on the line from it to the plain start, at 1/2, 1/4 and 1/8 of the way from the
/// latter, are tried, and else the plain start stays, in every bit. So a guess costs six
/// evaluations of F at most, and is never worse than the plain start.
///
/// Options, with the prefix of the SNES, read by SNESSetFromOptions:
///  - `-snes_guess_operator_model FILE.h5`
///  - `-snes_guess_operator_model_bytes n`: refuse models with more bytes of parameters (2^31).
///  - `-snes_guess_operator_inputs LIST`: what its channels are, in place of what the file says.
///  - `-snes_guess_operator_view`: a line about each guess.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscsnes.h>

namespace linnet::nonlinear {

/// Makes SNESSetFromOptions look for the options above. Once per process.
PetscErrorCode register_guess_options();

/// Starts @p snes from the network of @p path, read when the next solve begins; an empty one takes
/// it away. Replaces an earlier SNESSetComputeInitialGuess, which is called first. Logically
/// collective.
PetscErrorCode SNESGuessOperatorSetModel(SNES snes, const char path[]);
/// These two need a model. Logically collective.
PetscErrorCode SNESGuessOperatorSetModelBytes(SNES snes, PetscReal bytes);
PetscErrorCode SNESGuessOperatorSetInputs(SNES snes, const char list[]);

struct SnesGuessInfo {
  PetscInt guesses = 0;
  PetscInt taken = 0;    ///< as the network made them
  PetscInt on_line = 0;  ///< points on the line to the plain start
  double plain = 0.0;    ///< |F| of the plain start of the last solve
  double residual = 0.0; ///< |F| of what it started from
};
/// All is 0 in @p info where there is no network, and @p exists false. Not collective.
PetscErrorCode SNESGuessOperatorGetInfo(SNES snes, PetscBool* exists, SnesGuessInfo* info);

} // namespace linnet::nonlinear
