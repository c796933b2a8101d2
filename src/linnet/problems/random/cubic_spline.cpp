// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/random/cubic_spline.hpp>

#include <linnet/core/error.hpp>

#include <string>

namespace linnet::problems {

namespace {

int checked(int points) {
  if (points < 4)
    core::throw_usage("a cubic spline through " + std::to_string(points) +
                      " points; at least 4 are needed");
  return points;
}

} // namespace

CubicSpline::CubicSpline(int points, double length)
    : spacing_(length / (checked(points) - 1)), pieces_(static_cast<std::size_t>(points - 1)),
      integral_(static_cast<std::size_t>(points)), second_integral_(integral_),
      curvature_(integral_), pivot_(integral_) {
  // Elimination of the rows m[i-1] + 4 m[i] + m[i+1]; that of point 1 stands alone.
  pivot_[1] = 0.0;
  for (std::size_t i = 2; i + 2 < pivot_.size(); ++i) pivot_[i] = 1.0 / (4.0 - pivot_[i - 1]);
}

void CubicSpline::fit(std::span<const double> f) {
  const std::size_t last = curvature_.size() - 1;
  // Half of h^2 times the second derivatives, m: m[i-1] + 4 m[i] + m[i+1] = 3 (f[i-1] - 2 f[i] +
  // f[i+1]); with m[0] = 2 m[1] - m[2] the row of point 1 is 6 m[1], and so at the other end.
  auto& m = curvature_;
  const auto row = [&](std::size_t i) { return 3.0 * ((f[i - 1] - f[i]) + (f[i + 1] - f[i])); };
  m[1] = row(1) / 6.0;
  m[last - 1] = row(last - 1) / 6.0;
  if (last > 3) {
    m[2] = (row(2) - m[1]) * pivot_[2];
    for (std::size_t i = 3; i + 1 < last; ++i) m[i] = (row(i) - m[i - 1]) * pivot_[i];
    for (std::size_t i = last - 2; i > 1; --i) m[i] -= pivot_[i] * m[i + 1];
  }
  m[0] = 2.0 * m[1] - m[2];
  m[last] = 2.0 * m[last - 1] - m[last - 2];
  for (std::size_t i = 0; i < last; ++i) {
    auto& c = pieces_[i];
    c = {f[i], f[i + 1] - f[i] - (2.0 * m[i] + m[i + 1]) / 3.0, m[i], (m[i + 1] - m[i]) / 3.0};
    const double h = spacing_;
    integral_[i + 1] = integral_[i] + h * (c[0] + c[1] / 2 + c[2] / 3 + c[3] / 4);
    second_integral_[i + 1] = second_integral_[i] + h * integral_[i] +
                              h * h * (c[0] / 2 + c[1] / 6 + c[2] / 12 + c[3] / 20);
  }
}

} // namespace linnet::problems
