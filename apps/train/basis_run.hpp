// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Vectors of the coarse space of -pc_type basis (-train_network basis): the leading modes, by
/// proper orthogonal decomposition, of the solutions of many problems of a family.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Makes the samples that -train_data describes, unless their file is there, and of their solutions
/// the modes; writes the model file. The same bits on any number of ranks. Collective.
void run_basis_training(linnet::core::AppContext& context);

} // namespace app
