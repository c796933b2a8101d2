// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a solution of the steady equation is reported with.
#pragma once

#include "output.hpp"

namespace app {

/// Pieces of fluid, fluxes, their balance, and the error against a manufactured solution. What the
/// fluxes miss must be what the solver left over and what balancing took out of the data; only the
/// first of these is an error of the solution. Collective.
void integrate_steady(const Problem& problem, const linnet::problems::DiffusionSystem& system,
                      const LinearSolver& solver, const linnet::problems::FloatingPieces& pieces,
                      Vec u, Summary& summary);

} // namespace app
