// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The numbers of the cycle around obstacles (obstacle_cycle.hpp): derived ones, or trained ones
/// from a model file.
///
/// With A of the finest level and D its diagonal the smoother is
///   S = E (cell E^-1 + faces (E^-1 - A)) E,   E = centre D^-1,
/// for E = D^-1 on an open 3-D grid a kernel with `cell` on a cell and `faces`/6 on each of its six
/// neighbours, scaled by D^-1/2 from both sides. On all geometries the spectrum of EA lies in (0,
/// 2m] (Gershgorin, m the largest centre), so that S is symmetric positive definite and converges
/// if K(t) = cell + faces (1 - t) is positive and t K(t) < 2 there. That is what the guard checks:
/// it covers every frequency, and every arrangement of solid cells, too. Kernels with weights on
/// edges and corners have no such bound: around some voxel shapes the spectrum of SA exceeds 2
/// though no frequency of the open grid does.
#pragma once

#include <linnet/kernels/star/star_smoother.hpp>
#include <linnet/kernels/stencil/factored_inverse_bound.hpp>

#include <string>
#include <vector>

namespace linnet::multigrid {

struct ObstacleWeights {
  /// Finest level. By default the Chebyshev polynomial of [1/3, 2]
  /// (kernels/star/star_smoother.hpp).
  double cell = kernels::detail::smoother_polynomial<double>.sum -
                kernels::detail::smoother_polynomial<double>.product;
  double faces = kernels::detail::smoother_polynomial<double>.product;
  /// Corrections of the centre for all faces closed, and for a diagonal that is leak alone (fixed
  /// values beside the cell); in between in proportion. By default none.
  double closed = 0.0, leak = 0.0;
  /// Fine cells by which a wall with a fixed value is further from the centre of an aggregate than
  /// from that of the cell beside it (kernels/star/star_aggregation.hpp). By default from the
  /// geometry.
  double wall = 0.5;
  /// Coarser levels: weight of the rows of the factored approximate inverse.
  double coarse_rows = kernels::m_matrix_weight<double>;
  /// Scale of the correction by the second level, and of those by all coarser ones.
  double scale = 1.0, deeper_scale = 1.0;

  /// What the smoother multiplies the inverse diagonal by; arguments in [0,1].
  [[nodiscard]] double centre(double closed_share, double leak_share) const {
    return 1.0 + closed * closed_share + leak * leak_share;
  }
  bool operator==(const ObstacleWeights&) const = default;
};

/// Why @p weights must not be used, in words; empty if the cycle is symmetric positive definite
/// with them, whatever the obstacles. In a cycle of single precision a margin of 1 % stays.
std::string reason_to_refuse(const ObstacleWeights& weights);

/// One block of weights: its path in a model file.
struct WeightBlock {
  std::string path;
  std::vector<double ObstacleWeights::*> members;
};
/// All weights, in the order of weight_values().
const std::vector<WeightBlock>& weight_blocks();
/// As one vector, for training; and back. @p values has as many entries as there are weights.
std::vector<double> weight_values(const ObstacleWeights& weights);
ObstacleWeights weights_from(const std::vector<double>& values);

} // namespace linnet::multigrid
