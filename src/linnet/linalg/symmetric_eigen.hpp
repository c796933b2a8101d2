// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Eigenvalues and eigenvectors of a small dense symmetric matrix, by LAPACK.
#pragma once

#include <linnet/core/petsc.hpp>

#include <vector>

namespace linnet::linalg {

/// A = V diag(values) V^T.
struct SymmetricEigen {
  std::vector<double> values;  ///< descending
  std::vector<double> vectors; ///< V by columns; the entry of largest size of each is positive
};

/// Of the symmetric @p a of @p n rows by columns, of which the upper triangle is read; rank 0
/// computes, and all ranks of @p comm get its bits. @p n = 0 is allowed. Collective. @throws
/// core::Error (data) on all ranks for values that are not finite, (internal) where LAPACK fails.
SymmetricEigen symmetric_eigen(MPI_Comm comm, PetscInt n, std::vector<double> a);

} // namespace linnet::linalg
