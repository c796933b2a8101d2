// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Norms in which the errors of predicted fields are measured: square roots of e.M e with a
/// symmetric M, so that gradients are M e.
#pragma once

#include <linnet/core/types.hpp>

#include <memory>
#include <span>

namespace linnet::nn {

enum class ErrorNormType {
  /// Sum of squares.
  l2,
  /// Sum over the wavenumbers k of the unitary Fourier transform of (1 + sum over d of k_d^2)
  /// |e_k|^2; k is whole (there is no 2 pi), and a k_d of 20 or more counts as 0. What programs of
  /// neural operators, that of MgNO among them, train with and report as H1.
  h1_spectral,
  /// Sum over all points of 10 e^2 + sum over d of (difference of e)^2, differences central with
  /// spacing 1 / points, one-sided at a border. What MgNO is trained with for the Helmholtz
  /// equation.
  h1_difference,
  /// The semi-norm of H1, up to a factor: sum over all neighbours of (points_d (e_i - e_j))^2, d
  /// the
  /// direction in which they are neighbours.
  h1_semi,
};

/// A norm of fields on one whole grid. Not collective.
class ErrorNorm {
public:
  ErrorNorm() = default;
  virtual ~ErrorNorm() = default;
  ErrorNorm(const ErrorNorm&) = delete;
  ErrorNorm& operator=(const ErrorNorm&) = delete;
  ErrorNorm(ErrorNorm&&) = delete;
  ErrorNorm& operator=(ErrorNorm&&) = delete;

  /// e.M e for the channels of @p e behind each other, x fastest in each; @p image gets M e unless
  /// it is empty.
  virtual double square(std::span<const double> e, std::span<double> image) = 0;
};

/// @p periodic: the grid wraps, and the points of its ends are neighbours.
std::unique_ptr<ErrorNorm> make_error_norm(ErrorNormType type, const core::Index3& points,
                                           bool periodic);

} // namespace linnet::nn
