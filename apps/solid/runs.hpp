// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The kinds of runs.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Solves all steps of all cycles with the full model. Collective.
void run_full(linnet::core::AppContext& context);

/// Learns a reduced model from files of snapshots and writes its archive. Collective.
void run_train(linnet::core::AppContext& context);

/// Solves all steps of all cycles with the reduced model of an archive alone. Collective.
void run_reduced(linnet::core::AppContext& context);

/// The same, but steps that the model is not trusted with are solved on the mesh and learnt.
/// Collective.
void run_adaptive(linnet::core::AppContext& context);

} // namespace app
