// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Gaussian random fields on the unit square with the covariance exp(-|x - y|^2 / (2 l^2)), mean 0
/// and deviation 1.
///
/// The covariance is a product of one factor per direction, K = U diag(lambda) U^T on the n nodes
/// of a line, so that g = R Z R^T with R = U lambda^(1/2) and Z standard normal. Eigenvalues below
/// 1e-14 lambda_1 are left out: K has far fewer than n that are not rounding. z_ij depends on the
/// stream, i and j alone.
#pragma once

#include <linnet/core/random.hpp>

#include <vector>

namespace linnet::problems {

class SmoothRandomField {
public:
  /// @p nodes per direction, boundary included, at least 2; @p length is l, positive. @throws
  /// core::Error (usage).
  SmoothRandomField(int nodes, double length);
  /// nodes x nodes values, x fastest.
  [[nodiscard]] std::vector<double> draw(const core::RandomStream& stream) const;
  [[nodiscard]] int nodes() const { return nodes_; }

private:
  int nodes_, rank_ = 0;
  std::vector<double> root_; ///< R by columns
};

/// The bilinear interpolant of the @p from x @p from values, nodes on the boundary included, at
/// @p to x @p to nodes.
std::vector<double> on_other_nodes(const std::vector<double>& values, int from, int to);

} // namespace linnet::problems
