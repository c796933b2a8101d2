// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// KSPGuess type "operator": an operator network, trained from the coefficient of a PDE to its
/// solution (nn/network/field_network.hpp), makes the initial guess.
///
/// With u what the network makes of the coefficient, the guess is a u, with the a that is best for
/// the right-hand side b: a = (b,u)/(u,Au), of least energy error, for a matrix that is known to be
/// symmetric positive definite, else a = (b,Au)/(Au,Au), of least residual. So it is never worse
/// than a guess of zero in that norm, whatever the network makes; where u is not finite or has no
/// energy, the guess is zero. The prediction is made once for the values of a coefficient.
///
/// The coefficient is a Vec with the layout of the matrix, composed on the matrix under the name
/// "coefficient" (PetscObjectCompose), of a structured grid whose DMDA the PC or the matrix has.
///
/// Option: `-ksp_guess_operator_model FILE.h5`, with `-ksp_guess_type operator`. Needed.
#pragma once

#include <linnet/core/petsc.hpp>

#define KSPGUESSOPERATOR "operator"

namespace linnet::krylov {

/// Name under which a matrix carries its coefficient.
inline constexpr const char* coefficient_key = "coefficient";

/// Constructor for KSPGuessRegister.
PetscErrorCode KSPGuessCreate_Operator(KSPGuess guess);

/// The file is read when the next guess is made. Does nothing on a guess of another type. Logically
/// collective.
PetscErrorCode KSPGuessOperatorSetModel(KSPGuess guess, const char path[]);

} // namespace linnet::krylov
