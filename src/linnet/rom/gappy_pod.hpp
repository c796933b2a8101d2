// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A field from its values at a few points (gappy POD: Everson and Sirovich, J. Opt. Soc. Am. A 12
/// (1995) 1657), and how badly they fit.
#pragma once

#include <linnet/core/petsc.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace linnet::rom {

/// Least squares with the modes at the points, Phi_Z (m x n). Local to the process: the same on
/// all ranks where its input is.
class GappyPod {
public:
  struct Fit {
    std::vector<double> coefficients; ///< z that makes |p - Phi_Z z| smallest
    double indicator = 0.0;           ///< |p - Phi_Z z| / |p|; 0 where |p| <= floor
  };

  /// @p modes_at_points: Phi_Z by columns, as values_at() (rom/point_values.hpp) gives it. @p
  /// floor: length of values below which they are rounding. @throws core::Error (usage) for m < 2
  /// n, where the residual says little (it is zero for m = n whatever the values are), and for
  /// modes that depend on each other at the points.
  GappyPod(std::size_t points, std::size_t modes, std::vector<double> modes_at_points,
           double floor = 0.0);

  [[nodiscard]] std::size_t points() const { return points_; }
  [[nodiscard]] std::size_t modes() const { return modes_; }
  /// Largest over smallest singular value of Phi_Z.
  [[nodiscard]] double condition() const { return condition_; }
  /// One value for each point.
  [[nodiscard]] Fit fit(std::span<const double> values) const;

private:
  std::size_t points_, modes_;
  double floor_, condition_ = 1.0;
  std::vector<double> phi_, inverse_; // m x n, and the pseudo-inverse n x m
};

/// values = Phi z at this rank's rows of the dense @p modes. Not collective.
void reconstruct(Mat modes, std::span<const double> coefficients, std::span<double> values);

} // namespace linnet::rom
