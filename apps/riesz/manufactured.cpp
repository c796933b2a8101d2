// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "manufactured.hpp"

#include <cmath>
#include <numbers>

namespace app {

namespace {

// The left Riemann-Liouville derivative of y^q (1-y)^q, power by power:
// D y^m = Gamma(m+1) / Gamma(m+1-alpha) y^(m-alpha).
double left_derivative(int q, double alpha, double y) {
  double sum = 0.0, binomial = 1.0;
  for (int m = 0; m <= q; ++m) {
    const double power = q + m - alpha;
    sum += binomial * std::tgamma(q + m + 1.0) / std::tgamma(power + 1.0) * std::pow(y, power);
    binomial *= -static_cast<double>(q - m) / (m + 1);
  }
  return sum;
}

} // namespace

double bump(int q, double length, double x) {
  const double y = x / length;
  return std::pow(y * (1.0 - y), q);
}

double riesz_of_bump(int q, double alpha, double length, double x) {
  const double y = x / length, c = 2.0 * std::cos(0.5 * std::numbers::pi * alpha);
  const double both = left_derivative(q, alpha, y) + left_derivative(q, alpha, 1.0 - y);
  return both / (c * std::pow(length, alpha));
}

} // namespace app
