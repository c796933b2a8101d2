// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The norm in which a KSP judges its residual.
#pragma once

#include <linnet/core/petsc.hpp>

namespace app {

/// Lets @p ksp judge itself by the true residual, on whatever side of the operator its method
/// offers that with (right for GMRES, left for CG), unless -ksp_norm_type or -ksp_pc_side says
/// otherwise. Methods without that norm keep their own. Call it after KSPSetFromOptions.
/// @throws core::Error (usage) for a pair of options that the method does not offer.
void choose_norm(KSP ksp);

} // namespace app
