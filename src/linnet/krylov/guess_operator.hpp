// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// KSPGuess type "operator": an operator network makes the initial guess, a field network from the
/// coefficient of a PDE to its solution (nn/network/field_network.hpp), or a DeepONet from the
/// right-hand side, or coefficient and that, to the solution (krylov/operator_direction.hpp).
///
/// With u what the network makes of them, the guess is a u, with the a that is best for the
/// right-hand side b: a = (b,u)/(u,Au), of least energy error, for a matrix that is known to be
/// symmetric positive definite, else a = (b,Au)/(Au,Au), of least residual. So it is never worse
/// than a guess of zero in that norm, whatever the network makes; where u is not finite or has no
/// energy, the guess is zero. What is made of a coefficient alone is made once for its values.
///
/// The coefficient is a Vec with the layout of the matrix, composed on the matrix under the name
/// "coefficient" (PetscObjectCompose), of a structured grid whose DMDA the PC or the matrix has.
///
/// Options, with `-ksp_guess_type operator`:
///  - `-ksp_guess_operator_model FILE.h5`, which is needed;
///  - for a DeepONet `-ksp_guess_operator_points cell_centers|nodes|inner_nodes`, where the points
///    of the grid lie on their box, and `-ksp_guess_operator_sensors nx,ny[,nz]`, the nodes that it
///    was trained on, where they are not as many in every direction.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/grid/relative_points.hpp>

#define KSPGUESSOPERATOR "operator"

namespace linnet::krylov {

/// Name under which a matrix carries its coefficient.
inline constexpr const char* coefficient_key = "coefficient";

/// Constructor for KSPGuessRegister.
PetscErrorCode KSPGuessCreate_Operator(KSPGuess guess);

/// The file is read when the next guess is made. Does nothing on a guess of another type. Logically
/// collective.
PetscErrorCode KSPGuessOperatorSetModel(KSPGuess guess, const char path[]);
/// For a DeepONet: where the points of the grid lie, and the nodes of training along @p count
/// directions; 0: as they are, at first as many in every direction. Logically collective.
PetscErrorCode KSPGuessOperatorSetGrid(KSPGuess guess, grid::GridPoints points, PetscInt count,
                                       const PetscInt nodes[]);

} // namespace linnet::krylov
