// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Proper orthogonal decomposition of snapshots, by the method of snapshots (Sirovich, Quart. Appl.
/// Math. 45 (1987) 561).
///
/// With snapshots S by columns, S^T S = V diag(lambda) V^T, and the modes are S V lambda^(-1/2): of
/// all bases of p vectors they leave the least sum of squares of what they cannot represent, which
/// is the sum of the other lambda. Memory beside the snapshots: three times the square of their
/// number on the first rank, once on the others.
#pragma once

#include <linnet/core/owned.hpp>

#include <vector>

namespace linnet::linalg {

struct Pod {
  core::Owned<Mat> modes;          ///< orthonormal columns, by falling eigenvalue
  std::vector<double> eigenvalues; ///< lambda of all snapshots, descending, at least 0
};

/// At most @p modes modes of the dense @p snapshots, fewer where the rest is rounding (lambda below
/// 1e-14 lambda_1). With @p tile above 0 the ranks hold their rows by whole tiles
/// (dense_columns.hpp), and the result has the same bits on any number of ranks. Collective.
/// @throws core::Error (data) on all ranks for values that are not finite.
Pod pod(Mat snapshots, PetscInt modes, PetscInt tile = 0);

} // namespace linnet::linalg
