// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Orthonormal basis of the span of a few long vectors, by their Gram matrix.
///
/// Columns are scaled to norm 1, G = X^T X = V diag(lambda) V^T is decomposed, directions with
/// lambda < drop lambda_1 are left out, Q = X V lambda^(-1/2); and once more with Q in place of X,
/// after which Q^T Q = I to rounding, as in CholeskyQR2 (Fukaya et al., ScalA 2014; with
/// eigenvectors in place of Cholesky's factor, which breaks down for dependent columns:
/// Stathopoulos and Wu, SIAM J. Sci. Comput. 23 (2002) 2165). A last rotation, by the Householder
/// factor of Q^T X, gives back the order: the first k columns of X lie in the span of the first k
/// of the result. Two reductions over the ranks in place of one per column.
#pragma once

#include <linnet/core/owned.hpp>

namespace linnet::linalg {

/// Directions whose part of the largest eigenvalue of the Gram matrix is smaller are dependent.
constexpr double dependent_part = 1e-12;

/// A new dense matrix with the same rows as the dense @p x and orthonormal columns, no more than x
/// has: the rank. Columns of zeros are left out; none may be left. Collective. @throws core::Error
/// (data) on all ranks for values that are not finite.
core::Owned<Mat> orthonormalise(Mat x, double drop = dependent_part);

} // namespace linnet::linalg
