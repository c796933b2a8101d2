// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// PC type "tau" for Mat "riesz". In 1-D, the inverse of the tau matrix of its Toeplitz part, by
/// sine transforms on a padded grid, with the corners of its border corrected exactly
/// (tau_inverse.hpp): GMRES takes 4 to 9 iterations to 1e-8 for all degrees to 8, orders and sizes.
/// In 2-D and 3-D, the exact inverse by fast diagonalisation (fast_diagonalisation.hpp), or, for
/// lines of more than 2048 values, by sine transforms along all directions (sine_product.hpp).
///
/// A variable coefficient D is divided out, and the reaction takes the mean of 1/D:
///   P^-1 = (operator + mean(1/D) reaction mass)^-1 D^-1.
///
/// In 1-D transforms are replicated or distributed as in the matrix. Options: `-pc_tau_correction
/// corner|none` (corner),
/// `-pc_tau_tensor auto|diagonalise|sine` (auto).
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/fractional/tau_inverse.hpp>

#define PCTAU "tau"

namespace linnet::fractional {

/// How several directions are inverted.
enum class TauTensor { automatic, diagonalise, sine };

/// Constructor for PCRegister.
PetscErrorCode PCCreate_Tau(PC pc);
/// The options of the same names. Logically collective.
PetscErrorCode PCTauSetCorrection(PC pc, TauCorrection correction);
PetscErrorCode PCTauSetTensor(PC pc, TauTensor tensor);
/// How a PC that is set up inverts, in a few words; belongs to it. Not collective.
PetscErrorCode PCTauGetDescription(PC pc, const char** description);

} // namespace linnet::fractional
