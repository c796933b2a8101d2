// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Right-hand sides for the training of solvers: residuals that a solver meets on its way.
#pragma once

#include <petscksp.h>

#include <cstdint>

namespace linnet::problems {

/// What sample number @p sample of those with @p seed starts from, by these two numbers alone.
struct MetDraw {
  std::uint64_t velocity = 0; ///< seed of the random velocity
  PetscInt steps = 0;         ///< from 0 to @p most_steps
};
MetDraw draw_met(std::uint64_t seed, std::uint64_t sample, PetscInt most_steps);

/// @p r = (b - A x) / |b - A x| for the x that @p solver, a Krylov method with its matrix A and
/// preconditioner, has after @p steps steps from zero, or before if |b - A x| <=
/// linalg::met_tolerance |b| by then. @p steps 0: b / |b|. Sets the tolerances of
/// @p solver. Collective; @throws core::Error (not_converged) where the residual is zero or not
/// finite.
void met_residual(KSP solver, Vec b, PetscInt steps, Vec r);

/// @p e with A e = @p r by @p solver, to 1e-10. Collective; @throws core::Error (not_converged)
/// where it does not come so far.
void solve_tightly(KSP solver, Vec r, Vec e);

} // namespace linnet::problems
