// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The kinds of runs.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Solves the steady equation. Collective, as are all.
void run_steady(linnet::core::AppContext& context);

/// Steps through time with PETSc's TS.
void run_steps(linnet::core::AppContext& context);

/// Solves the steady equation for n, 2 n, 4 n, .. and prints and stores errors and orders.
void run_study(linnet::core::AppContext& context);

/// Eigenvalues of the matrix and of its pencil with the mass matrix, beside the symbol.
void run_spectrum(linnet::core::AppContext& context);

} // namespace app
