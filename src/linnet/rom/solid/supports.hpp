// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which unknowns a loading holds. Modes are zero where the training was held, and nowhere else, so
/// a model serves loadings with the same supports only.
#pragma once

#include <linnet/rom/solid/decomposed_loading.hpp>
#include <linnet/rom/solid/solid_numbering.hpp>

#include <cstdint>

namespace linnet::rom {

class SolidReducedModel;

/// A number for the set of held unknowns, the same on any number of ranks. Collective.
std::int64_t support_hash(const SolidNumbering& numbering, const DecomposedLoading& loading);

/// @throws core::Error (data) on all ranks unless @p loading holds what the training of @p model
/// held. Collective.
void require_supports(const SolidReducedModel& model, const DecomposedLoading& loading);

} // namespace linnet::rom
