// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A few steps of conjugate gradients, to see how good a preconditioner is.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscmat.h>

#include <functional>

namespace linnet::multigrid {

/// The mean factor by which @p steps steps of CG from zero reduce the residual of A x = A @p start,
/// preconditioned by y = B x; 0 if it vanishes. @p a symmetric, positive definite or semidefinite.
/// Collective; throws core::Error.
double trial_rate(Mat a, const std::function<void(Vec, Vec)>& b, Vec start, int steps);

} // namespace linnet::multigrid
