// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Reads the symmetric stencil operator of a matrix: from the coefficients of a `stencil` Mat, or
/// from the rows of any other.
#pragma once

#include <linnet/kernels/stencil/stencil.hpp>
#include <linnet/multigrid/one_way_couplings.hpp>

#include <cmath>

namespace linnet::multigrid {

/// The operator on the cut of a GridMap, as the cycle wants it.
struct ReadOperator {
  /// One ghost layer, which the couplings fill and the row sums do not. Of a `stencil` Mat these
  /// are its own values: not to be changed.
  kernels::StencilOperator<double> a;
  int exponent = 0;                    ///< 2^-exponent brings the largest coefficient near 1
  std::int64_t decoupled_rows = 0;     ///< rows with a diagonal entry only
  std::int64_t zero_rows = 0;          ///< rows without entries, which become identity rows
  std::vector<OneWayCoupling> one_way; ///< couplings of this rank's rows to decoupled ones

  /// What the cycle multiplies a by: a power of two keeps every digit, and brings all coefficients
  /// into the range of fp32.
  [[nodiscard]] double factor() const { return std::ldexp(1.0, -exponent); }
};

/// Reads @p matrix. Rows with a diagonal entry only (Dirichlet rows) are decoupled: entries of
/// other rows in their columns are dropped, and stay in the diagonals of those rows. A row without
/// entries becomes one of the identity, so that a residual there is not taken for zero. Collective.
/// Throws core::Error on all ranks, naming the first offending row: entries that are not finite, a
/// diagonal that is not positive, couplings outside of the 5-, 9-, 7- or 27-point pattern, no
/// symmetry.
ReadOperator read_operator(Mat matrix, grid::GridMap& map);

} // namespace linnet::multigrid
