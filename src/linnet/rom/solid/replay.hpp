// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The state of all points of the mesh along a history of reduced displacements.
#pragma once

#include <linnet/fem/loading/loading.hpp>
#include <linnet/rom/solid/reduced_basis.hpp>

#include <span>

namespace linnet::rom {

/// One step of the law alone, without equilibrium: @p solid, whose committed state is that at the
/// end of step @p step - 1 of @p decomposed, gets and commits the one at the end of step @p step,
/// where the displacement is @p u and the temperature that of @p loading. A sequence of them gives
/// what a run on the mesh with these displacements would have left, without truncation to modes.
/// Cost: a pass of the law over the points. Collective; @throws core::Error (not_converged) on all
/// ranks where the law has no solution at a point: the committed state is as before then.
void replay_step(fem::SolidModel& solid, const fem::Loading& loading,
                 const DecomposedLoading& decomposed, int step, Vec u);

/// @p u = lift at times()[index] + Psi gamma, with zeros for the modes that @p gamma does not have.
/// Collective.
void combine_displacement(const SolidBasis& basis, const DecomposedLoading& decomposed,
                          const linalg::ColumnStore& lifts, std::span<const double> gamma,
                          std::size_t index, Vec u);

} // namespace linnet::rom
