// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The Runge-Kutta pair of orders 5 and 4 of Dormand and Prince, J. Comput. Appl. Math. 6 (1980)
/// 19, for systems of a few unknowns. (PETSc's TS has it as 5dp; setting up and stepping its
/// vectors takes a hundred times the microsecond that a step takes here.)
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace linnet::problems {

/// Takes y' = rate(t, y) from @p start to @p end in as few steps as keep the estimated error of
/// each below @p tolerance (1 + |y|); the first one tried is the whole way, so that intervals may
/// be as short as the rate is smooth on. @p rate: void(double t, const array& y, array& dy). False
/// where a component of y passes @p bound or is not finite, or steps become too short: there is no
/// solution.
template <std::size_t N, class Rate>
bool integrate(const Rate& rate, double start, double end, std::array<double, N>& y,
               double tolerance, double bound) {
  using State = std::array<double, N>;
  State k1, k2, k3, k4, k5, k6, k7, z;
  const auto each = [](State& a, auto of) {
    for (std::size_t i = 0; i < N; ++i) a[i] = of(i);
  };
  double t = start, h = end - start;
  if (!(h > 0.0)) return true;
  const double shortest = 1e-12 * h;
  rate(t, y, k1);
  while (t < end) {
    const bool last = t + h >= end - shortest;
    if (last) h = end - t;
    each(z, [&](auto i) { return y[i] + h / 5 * k1[i]; });
    rate(t + h / 5, z, k2);
    each(z, [&](auto i) { return y[i] + h * (3.0 / 40 * k1[i] + 9.0 / 40 * k2[i]); });
    rate(t + 3 * h / 10, z, k3);
    each(z, [&](auto i) {
      return y[i] + h * (44.0 / 45 * k1[i] - 56.0 / 15 * k2[i] + 32.0 / 9 * k3[i]);
    });
    rate(t + 4 * h / 5, z, k4);
    each(z, [&](auto i) {
      return y[i] + h * (19372.0 / 6561 * k1[i] - 25360.0 / 2187 * k2[i] + 64448.0 / 6561 * k3[i] -
                         212.0 / 729 * k4[i]);
    });
    rate(t + 8 * h / 9, z, k5);
    each(z, [&](auto i) {
      return y[i] + h * (9017.0 / 3168 * k1[i] - 355.0 / 33 * k2[i] + 46732.0 / 5247 * k3[i] +
                         49.0 / 176 * k4[i] - 5103.0 / 18656 * k5[i]);
    });
    rate(t + h, z, k6);
    each(z, [&](auto i) {
      return y[i] + h * (35.0 / 384 * k1[i] + 500.0 / 1113 * k3[i] + 125.0 / 192 * k4[i] -
                         2187.0 / 6784 * k5[i] + 11.0 / 84 * k6[i]);
    });
    rate(t + h, z, k7);
    double error = 0.0;
    bool finite = true;
    for (std::size_t i = 0; i < N; ++i) {
      const double e = h * (71.0 / 57600 * k1[i] - 71.0 / 16695 * k3[i] + 71.0 / 1920 * k4[i] -
                            17253.0 / 339200 * k5[i] + 22.0 / 525 * k6[i] - 1.0 / 40 * k7[i]);
      error = std::max(error, std::abs(e) / (1.0 + std::abs(y[i])));
      finite = finite && std::isfinite(e) && std::isfinite(z[i]);
    }
    if (finite && error <= tolerance) {
      t = last ? end : t + h;
      y = z;
      k1 = k7;
      for (const double v : y)
        if (std::abs(v) > bound) return false;
    } else if (h < shortest) {
      return false;
    }
    const double factor = finite ? 0.9 * std::pow(tolerance / std::max(error, 1e-300), 0.2) : 0.1;
    h *= std::clamp(factor, 0.1, 5.0);
  }
  return true;
}

} // namespace linnet::problems
