// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Proper orthogonal decomposition of snapshots.
///
/// With snapshots S by columns and an inner product M, S^T M S = V diag(lambda) V^T, and the modes
/// are S V lambda^(-1/2): of all bases of p vectors they leave the least sum of squares, in the
/// norm of M, of what they cannot represent, which is the sum of the other lambda. Three ways lead
/// there:
///
/// - gram: the matrix S^T M S and its eigenvectors, the method of snapshots (Sirovich, Quart. Appl.
///   Math. 45 (1987) 561). One reduction. It squares singular values: what is below 1e-7 of the
///   largest is rounding. Memory beside the snapshots: three times the square of their number on
///   the first rank, once on the others.
/// - tsqr: S = Q R by a tree over the ranks (linalg/tall_skinny_qr.hpp) and the singular values of
/// R,
///   known to rounding of the largest: resolves 1e-13. With a matrix M, Q^T M Q = C^T C and the
///   singular values of C R. Memory: one copy of the snapshots, two with a matrix M.
/// - slepc: the leading singular values by SLEPc's SVD (trlanczos, or -pod_svd_type ...), where
///   Linnet was built with it; for thousands of snapshots and few modes. Not with a matrix M.
///
/// The number of modes kept is the larger of the number of lambda_i > eps^2 lambda_0 and the
/// smallest number with (1 - eps^2) of the energy, the sum of lambda; never more than there are
/// above the rounding of the method.
///
/// Signs: of the entries within 1e-6 of the largest of a mode, the one of the smallest row number
/// is positive. So modes of distinct lambda are the same on any number of ranks, up to rounding.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/linalg/inner_product.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace linnet::linalg {

/// In the order of the choices of an option `-pod_method gram|tsqr|slepc`.
enum class PodMethod { gram, tsqr, slepc };

struct PodOptions {
  PodMethod method = PodMethod::gram;
  /// eps above; 0: all modes that are not rounding.
  double tolerance = 0.0;
  PetscInt most = std::numeric_limits<PetscInt>::max(); ///< modes at most
  InnerProduct inner_product = {};
  /// Numbers of this rank's rows that do not depend on the number of ranks, for the signs; empty:
  /// the rows as PETSc numbers them.
  std::span<const std::int64_t> row_numbers = {};
  /// Above 0: the ranks hold their rows by whole tiles (dense_columns.hpp), and the result has the
  /// same bits on any number of ranks. For gram without an inner product.
  PetscInt tile = 0;
};

struct Pod {
  core::Owned<Mat> modes;          ///< orthonormal columns, by falling eigenvalue
  std::vector<double> eigenvalues; ///< lambda, descending, at least 0: as many as the smaller one
                                   ///< of snapshots and rows, or fewer (slepc); gram: snapshots
  double rest = 0.0;               ///< sum of the lambda that were not found (slepc)

  /// The sum of all lambda: of the squared norms of the snapshots.
  [[nodiscard]] double energy() const;
  /// Roots of the first eigenvalues, one for each mode.
  [[nodiscard]] std::vector<double> singular_values() const;
  /// Relative error of the snapshots' projections in the root mean square: the root of the sum of
  /// the lambda without a mode over that of all.
  [[nodiscard]] double projection_error() const;
};

/// The modes of the dense @p snapshots, which may have any number of columns, fewer or more than
/// rows. Collective. @throws core::Error on all ranks: (data) for values that are not finite,
/// (usage) for options that do not go together or a method that was not built in.
Pod pod(Mat snapshots, const PodOptions& options = {});

/// How many modes the rule above keeps of the descending @p eigenvalues with the sum @p energy;
/// counting ends at the first that is below 0 or at most @p rounding times the largest.
PetscInt modes_kept(std::span<const double> eigenvalues, double energy, double tolerance,
                    double rounding = 0.0);

/// True where this Linnet was built with SLEPc.
bool has_slepc();

} // namespace linnet::linalg
