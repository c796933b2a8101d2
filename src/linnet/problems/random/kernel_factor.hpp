// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Low-rank factors of covariance matrices of smooth kernels.
#pragma once

#include <functional>
#include <vector>

namespace linnet::problems {

/// K = L L^T up to an error that is positive semidefinite and at most @p tolerance on the diagonal,
/// K_ij = covariance(i, j) of @p n points: L is n x rank by columns, so that L xi with independent
/// standard normal xi has the covariance K. Cholesky's method with the largest remaining diagonal
/// entry as pivot, ended when it is below the tolerance (Harbrecht, Peters and Schneider, Appl.
/// Numer. Math. 62 (2012) 428): n rank^2 operations and n rank numbers, where LAPACK's dpstrf and
/// dsyevr need the n x n matrix.
std::vector<double> kernel_factor(int n, const std::function<double(int, int)>& covariance,
                                  double tolerance);

} // namespace linnet::problems
