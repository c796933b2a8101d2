// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The verdict on solves that missed their tolerance.
#pragma once

#include "solver.hpp"

namespace app {

/// PETSc's name of the reason, or "not converged" where the KSP was content and the true residual
/// is not.
std::string outcome(const Solve& solve);

/// Throws (not converged) when a solve missed its tolerance, with the remedy that fits the cause;
/// call it after all output. Not collective: the same on all ranks.
void require_convergence(const std::vector<Solve>& solves);

} // namespace app
