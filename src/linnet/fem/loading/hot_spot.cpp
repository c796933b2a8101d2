// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/hot_spot.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linnet::fem {

double HotSpot::operator()(double xi, double zeta) const {
  const double arch = std::sin(std::numbers::pi * std::clamp(0.9 * zeta + 0.05, 0.0, 1.0));
  const double a = (xi - chord) / 0.18, b = (zeta - span) / 0.16;
  return base + bow * std::max(0.0, arch) + rise * std::exp(-0.5 * (a * a + b * b));
}

std::array<double, 2> TwistedBlade::coordinates(const std::array<double, 3>& x) const {
  const double zeta = x[2] / span;
  const double angle = twist * std::numbers::pi / 180.0 * zeta;
  return {(std::cos(angle) * x[0] + std::sin(angle) * x[1]) / chord + 0.5, zeta};
}

} // namespace linnet::fem
