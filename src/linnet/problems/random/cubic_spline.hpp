// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The cubic spline through values at equispaced points, with its integral.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace linnet::problems {

/// On [0, length], with the third derivative continuous at the second and the last but one point
/// ("not-a-knot"): cubic polynomials are reproduced, the error falls with the fourth power of the
/// spacing. Beyond the interval the outermost pieces go on.
class CubicSpline {
public:
  /// @p points at least 4, the first one at 0, the last one at @p length.
  CubicSpline(int points, double length);

  /// Goes through @p values, one per point. Allocates nothing.
  void fit(std::span<const double> values);

  [[nodiscard]] int points() const { return static_cast<int>(integral_.size()); }
  [[nodiscard]] double value(double x) const {
    const auto [p, s] = piece_of(x);
    const auto& c = pieces_[p];
    return c[0] + s * (c[1] + s * (c[2] + s * c[3]));
  }
  /// Of the spline from 0 to @p x, exact.
  [[nodiscard]] double integral(double x) const {
    const auto [p, s] = piece_of(x);
    const auto& c = pieces_[p];
    return integral_[p] + s * spacing_ * (c[0] + s * (c[1] / 2 + s * (c[2] / 3 + s * c[3] / 4)));
  }
  /// Of integral() from 0 to @p x, exact.
  [[nodiscard]] double second_integral(double x) const {
    const auto [p, s] = piece_of(x);
    const auto& c = pieces_[p];
    const double h = s * spacing_;
    return second_integral_[p] + h * integral_[p] +
           h * h * (c[0] / 2 + s * (c[1] / 6 + s * (c[2] / 12 + s * c[3] / 20)));
  }

private:
  struct Place {
    std::size_t piece;
    double share; ///< of the spacing, within [0,1] inside the interval
  };
  [[nodiscard]] Place piece_of(double x) const {
    const double q = x / spacing_;
    const int p = std::clamp(static_cast<int>(q), 0, static_cast<int>(pieces_.size()) - 1);
    return {static_cast<std::size_t>(p), q - p};
  }

  double spacing_;
  std::vector<std::array<double, 4>> pieces_; ///< coefficients of powers of the share
  std::vector<double> integral_, second_integral_, curvature_, pivot_;
};

} // namespace linnet::problems
