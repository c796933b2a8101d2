// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The kinds of runs.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Solves -div(K grad u) + reaction u = f once. Collective.
void run_steady(linnet::core::AppContext& context);

/// Solves -div(K k grad u) + reaction u + r = f with k or r of u once. Collective.
void run_nonlinear(linnet::core::AppContext& context);

/// Steps capacity u_t = div(K grad u) - reaction u + f through time, or solves the steady equation
/// at each of the times, with K, f, boundary data and moving obstacles at the time of the step.
/// Collective.
void run_steps(linnet::core::AppContext& context);

} // namespace app
