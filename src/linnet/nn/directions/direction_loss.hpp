// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How good a search direction d is for A x = b, from which a network that makes directions learns.
/// All losses but `residual` do not change when d is scaled, as the solver's step does not.
#pragma once

#include <linnet/core/owned.hpp>

#include <petscmat.h>

namespace linnet::nn {

enum class DirectionLossType {
  line_search,      ///< |b - a A d|^2 / |b|^2, a = (d.b)/(d.A d) (Kaneda et al., arXiv 2205.10763)
  energy,           ///< 1 - (d.b)^2 / ((d.A d)(b.e)), A e = b: the step's contraction of the energy
                    ///< error, squared (Notay, SIAM J. Sci. Comput. 22 (2000) 1444)
  residual,         ///< |b - A d| / |b| (Lan et al., arXiv 2310.00177)
  minimal_residual, ///< 1 - (b.A d)^2 / (|b|^2 |A d|^2): the contraction of the residual by the
                    ///< best step along d, squared (as of GCR: Eisenstat, Elman and Schultz, SIAM
                    ///< J. Numer. Anal. 20 (1983) 345); takes indefinite matrices
};

/// For one symmetric matrix at a time. Not collective beyond the communicator of the matrix.
class DirectionLoss {
public:
  /// Keeps a reference to @p A.
  DirectionLoss(DirectionLossType type, Mat A);
  /// Goes on with another matrix of the same size; keeps a reference.
  void set_matrix(Mat A);

  /// True if the energy error e is needed.
  [[nodiscard]] bool needs_error() const { return type_ == DirectionLossType::energy; }
  /// The loss of the direction @p d for the right-hand side @p b; @p e: solution of A e = b, or
  /// null where it is not needed. @p gradient gets the derivative by d; null where it is not
  /// wanted. A direction without energy (d.A d = 0, or A d = 0 for minimal_residual) costs 1, has
  /// no gradient and teaches nothing.
  double evaluate(Vec b, Vec e, Vec d, Vec gradient);

private:
  double line_search(Vec b, Vec d, Vec gradient);
  double energy(Vec b, Vec e, Vec d, Vec gradient);
  double residual(Vec b, Vec gradient);
  double minimal_residual(Vec b, Vec gradient);

  DirectionLossType type_;
  core::Owned<Mat> a_;
  core::Owned<Vec> image_, work_;
};

} // namespace linnet::nn
