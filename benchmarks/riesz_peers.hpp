// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Preconditioners that others use for Riesz equations, to measure `tau` against.
#pragma once

#include <linnet/fractional/fourier.hpp>
#include <linnet/fractional/mat_riesz.hpp>

#include <vector>

namespace linnet::benchmark {

/// The matrix of -kappa u'' .. + reaction u on the same splines: sparse. Collective.
PetscErrorCode make_sparse(Mat riesz, Mat* sparse);

/// Strang's circulant matrix of the Toeplitz part, in one direction, as a shell. Collective.
PetscErrorCode set_circulant(Mat riesz, PC pc);

} // namespace linnet::benchmark
