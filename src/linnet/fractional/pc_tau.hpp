// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// PC type "tau" for Mat "riesz": the inverse of the tau matrix of its Toeplitz part, by sine
/// transforms on a padded grid, with the corners of its border corrected exactly (tau_inverse.hpp).
/// GMRES takes 4 to 9 iterations to 1e-8 for all degrees to 8, orders and sizes.
///
/// The vector is gathered on every rank. Option: `-pc_tau_correction corner|none` (corner).
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/fractional/tau_inverse.hpp>

#define PCTAU "tau"

namespace linnet::fractional {

/// Constructor for PCRegister.
PetscErrorCode PCCreate_Tau(PC pc);
/// The option of the same name. Logically collective.
PetscErrorCode PCTauSetCorrection(PC pc, TauCorrection correction);

} // namespace linnet::fractional
