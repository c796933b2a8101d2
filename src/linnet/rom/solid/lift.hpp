// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Displacements that carry prescribed values into the body, so that what is left vanishes where
/// the solid is held and modes can stand for it.
#pragma once

#include <linnet/rom/solid/decomposed_loading.hpp>

namespace linnet::rom {

/// u = sum_k c_k(t) U_k + Psi gamma: the elastic answer U_k of the solid to each term of the held
/// displacements without any other load, from the tangent stiffness at the state zero (which
/// @p model is left with, holding those unknowns) and its present temperature. One linear solve for
/// each term, conjugate gradients with GAMG by default, options `-rom_lift_*`. No terms: nothing is
/// done. Collective.
/// @throws core::Error (not_converged) on all ranks.
linalg::ColumnStore elastic_lifts(fem::SolidModel& model, const DecomposedLoading& loading);

} // namespace linnet::rom
