// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "manufactured.hpp"

#include <cmath>
#include <numbers>

namespace app {

namespace {

/// 2F1(-q, b; c; y), a polynomial.
long double hypergeometric(int q, long double b, long double c, long double y) {
  long double term = 1.0L, sum = 1.0L;
  for (int k = 0; k < q; ++k) {
    term *= (k - q) * (b + k) / ((c + k) * (k + 1)) * y;
    sum += term;
  }
  return sum;
}

// The left Riemann-Liouville derivative of (y(1-y))^q,
//   Gamma(q+1) / Gamma(q+1-alpha) y^(q-alpha) 2F1(-q, q+1; q+1-alpha; y),
// beyond the middle with the polynomial about 1, whose terms do not cancel there (DLMF 15.8.7).
double left_derivative(int q, double alpha, double y) {
  const long double b = q + 1.0L, c = b - alpha;
  long double polynomial = 0.0L;
  if (y <= 0.5) {
    polynomial = hypergeometric(q, b, c, y);
  } else {
    long double factor = 1.0L; // (c-b)_q / (c)_q
    for (int k = 0; k < q; ++k) factor *= (c - b + k) / (c + k);
    polynomial = factor * hypergeometric(q, b, b - c - q + 1.0L, 1.0L - y);
  }
  const long double front =
      std::tgamma(b) / std::tgamma(c) *
      std::pow(static_cast<long double>(y), static_cast<long double>(q) - alpha);
  return static_cast<double>(front * polynomial);
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
