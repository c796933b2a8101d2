// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/riesz_symbol.hpp>

#include <cmath>
#include <numbers>

namespace linnet::fractional {

double hurwitz_zeta(double s, double q) {
  constexpr int direct = 12;
  // B_2m / (2m)!
  constexpr double bernoulli[] = {1.0 / 12,
                                  -1.0 / 720,
                                  1.0 / 30240,
                                  -1.0 / 1209600,
                                  1.0 / 47900160,
                                  -691.0 / 1307674368000.0,
                                  1.0 / 74724249600.0,
                                  -3617.0 / 10670622842880000.0};
  double sum = 0.0;
  for (int k = 0; k < direct; ++k) sum += std::pow(k + q, -s);
  const double x = direct + q;
  sum += std::pow(x, 1.0 - s) / (s - 1.0) + 0.5 * std::pow(x, -s);
  double rising = s, power = std::pow(x, -s - 1.0); // (s)_{2m-1} x^(-s-2m+1)
  for (int m = 0; m < 8; ++m) {
    sum += bernoulli[m] * rising * power;
    rising *= (s + 2 * m + 1) * (s + 2 * m + 2);
    power /= x * x;
  }
  return sum;
}

namespace {

/// sum over k >= 0 of (-1)^k (k + q)^-s.
double alternating_zeta(double s, double q) {
  return std::pow(2.0, -s) * (hurwitz_zeta(s, 0.5 * q) - hurwitz_zeta(s, 0.5 * (q + 1.0)));
}

// The sine of theta_l / 2 changes its sign from l to l + 1: to an even power that does not show.
// The terms with l < 0 are those with l >= 0 for 2 pi - theta.
double symbol(int degree, double alpha, double theta) {
  const double t = std::abs(std::remainder(theta, 2.0 * std::numbers::pi));
  if (t == 0.0) return alpha == 0.0 ? 1.0 : 0.0;
  const double s = degree + 1 - alpha, q = t / (2.0 * std::numbers::pi);
  const double sines = std::pow(2.0 * std::sin(0.5 * t), degree + 1);
  const double scale = sines * std::pow(2.0 * std::numbers::pi, -s);
  const bool alternates = degree % 2 == 0;
  return alternates ? scale * (alternating_zeta(s, q) + alternating_zeta(s, 1.0 - q))
                    : scale * (hurwitz_zeta(s, q) + hurwitz_zeta(s, 1.0 - q));
}

} // namespace

double riesz_symbol(int degree, double alpha, double theta) { return symbol(degree, alpha, theta); }

double mass_symbol(int degree, double theta) { return symbol(degree, 0.0, theta); }

} // namespace linnet::fractional
