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
  double at_start =
      0.0; ///< |F| of the plain start; infinite where it is outside of the domain of F
  double residual = 0.0; ///< |F| of the guess that is left
  double factor = 1.0;   ///< how far it is on the way from the plain start to the guess: 1 or less,
                         ///< 0 is the plain start
};

/// Keeps the guess @p u for @p snes if |F(u)| < |F(0)|, else the first of u / 2 and u / 4 that has
/// this, else u = 0. Where F(0) is infinite, the first of the three whose residual is finite is
/// kept. At most four evaluations. Collective.
GuardedGuess guard_guess(SNES snes, Vec u);

/// The same against any other plain @p start: u, else the first point at 1/2, 1/4 and 1/8 of the
/// way from @p start to u, else @p start itself. At most five evaluations. Collective.
GuardedGuess guard_guess(SNES snes, Vec start, Vec u);

} // namespace linnet::nonlinear
