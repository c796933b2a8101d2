// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The samples of a training run.
#pragma once

#include "operator.hpp"

namespace app {

/// Makes the file of samples unless it holds those that the options ask for. Returns the seconds
/// it took. @p a: the operator on PETSC_COMM_SELF. The first rank does the work alone: rounding
/// decides which copies of a multiple eigenvalue Lanczos meets, and so samples would depend on how
/// sums are cut over ranks. Collective on the communicator of @p context.
double make_samples(const linnet::core::AppContext& context, const GridOperator& a);

} // namespace app
