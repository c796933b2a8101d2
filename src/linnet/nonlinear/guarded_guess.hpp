// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Initial guesses of nonlinear solves that anything may have made: never worse than zero.
#pragma once

#include <petscsnes.h>

namespace linnet::nonlinear {

/// |F(u)| of the function of @p snes; infinite where u is not finite or outside of the domain of F,
/// which the function tells by SNESSetFunctionDomainError. Collective.
double residual_norm(SNES snes, Vec u);

/// What became of a guess.
struct GuardedGuess {
  double at_zero = 0.0;  ///< |F(0)|; infinite where 0 is outside of the domain of F
  double residual = 0.0; ///< |F(u)| of the guess that is left
  double factor = 1.0;   ///< what @p u was multiplied by: 1, 1/2, 1/4 or 0
};

/// Keeps the guess @p u for @p snes if |F(u)| < |F(0)|, else the first of u / 2 and u / 4 that has
/// this, else u = 0. Where F(0) is infinite, the first of the three whose residual is finite is
/// kept. At most four evaluations. Collective.
GuardedGuess guard_guess(SNES snes, Vec u);

} // namespace linnet::nonlinear
