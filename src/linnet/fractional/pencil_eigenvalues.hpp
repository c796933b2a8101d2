// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The eigenvalues of the pencil (A, M) of one direction: M^-1 A = V diag(lambda) V^-1. They were
/// real and positive, and V well conditioned, in all cases ever computed; that they are is not
/// proved, and checked.
#pragma once

#include <linnet/fractional/folded_matrix.hpp>
#include <linnet/fractional/riesz_terms.hpp>

#include <optional>
#include <vector>

namespace linnet::fractional {

struct PencilEigenvalues {
  /// Of the even block, then of the odd one.
  std::vector<double> lambda;
  FoldedMatrix vectors; ///< V: from eigenvector coefficients to spline coefficients
  FoldedMatrix inverse; ///< V^-1 M^-1: from values at collocation points to coefficients
};

/// The blocks of all directions are computed on different ranks; all get the results. Equal
/// directions share the work. Empty where an eigenvalue is not real and positive. A factor of zero
/// gives V = M^-1, lambda = 0. Collective.
std::optional<std::vector<PencilEigenvalues>> pencil_eigenvalues(MPI_Comm comm,
                                                                 const RieszTerms& terms);

} // namespace linnet::fractional
