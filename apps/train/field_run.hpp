// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A training run of a network from field to field: the multigrid neural operator, or a graph of
/// the user's own.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Samples, training, model, and the errors on samples that training has not seen. Collective.
void run_field_training(linnet::core::AppContext& context);

} // namespace app
