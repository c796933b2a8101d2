// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From a vector on the grid of a matrix to values at sensors: the nodes of another grid of the
/// same box, that an operator network was trained on.
#pragma once

#include <linnet/grid/relative_points.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace linnet::krylov {

/// What a sensor sees of the points around it. Beyond the outermost points functions are constant.
enum class SensorKind {
  value, ///< multilinear between them: of a function as it is, such as a coefficient
  /// The mean weighted by the sensor's hat, which is the transpose of the multilinear interpolation
  /// over its sum: of a residual, whose rough part is to be left out. Along directions in which the
  /// sensors lie closer than the points: as `value`.
  mean
};

class SensorTransfer {
public:
  /// @p sensors: nodes per direction, boundary included, 2 at least where the grid has more than
  /// one point; x fastest. The grid must wrap nowhere. Not collective.
  SensorTransfer(Mat matrix, const grid::GridMap& map, grid::GridPoints points,
                 const core::Index3& sensors, SensorKind kind);

  [[nodiscard]] int sensors() const { return static_cast<int>(sums_.size()); }
  /// @p values at the sensors, on every rank, with the same bits on any number of ranks: terms are
  /// rounded to multiples of 2^-60 of the largest |x| and summed as integers. NaN, all of them,
  /// where an x is not finite. Allocates nothing. Collective on @p x.
  void apply(Vec x, std::span<double> values);

private:
  struct Term {
    std::int32_t sensor;
    double weight;
  };
  std::vector<std::size_t> first_term_; ///< of each row of this rank, and the end
  std::vector<Term> terms_;
  std::vector<std::int64_t> sums_;
};

} // namespace linnet::krylov
