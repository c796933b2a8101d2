// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A number that carries its derivatives along: how manufactured solutions get their sources and
/// boundary data without a hand-written derivative.
#pragma once

#include <array>
#include <cmath>

namespace linnet::core {

/// Value, gradient by (x, y, z, t) and second derivatives by (x, y, z).
struct Jet {
  double value = 0.0;
  std::array<double, 4> gradient{};
  std::array<std::array<double, 3>, 3> hessian{};

  Jet() = default;
  Jet(double constant) : value(constant) {} // implicit: constants mix freely with jets

  /// The variable number @p which (0 x, 1 y, 2 z, 3 t) at @p v.
  static Jet variable(double v, int which) {
    Jet j(v);
    j.gradient[which] = 1.0;
    return j;
  }
};

/// f(a), given f, f' and f'' at a.value.
inline Jet chain(const Jet& a, double f, double f1, double f2) {
  Jet r(f);
  for (int i = 0; i < 4; ++i) r.gradient[i] = f1 * a.gradient[i];
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      r.hessian[i][j] = f1 * a.hessian[i][j] + f2 * a.gradient[i] * a.gradient[j];
  return r;
}

inline Jet operator-(const Jet& a) { return chain(a, -a.value, -1.0, 0.0); }

inline Jet operator+(const Jet& a, const Jet& b) {
  Jet r(a.value + b.value);
  for (int i = 0; i < 4; ++i) r.gradient[i] = a.gradient[i] + b.gradient[i];
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) r.hessian[i][j] = a.hessian[i][j] + b.hessian[i][j];
  return r;
}

inline Jet operator-(const Jet& a, const Jet& b) { return a + (-b); }

inline Jet operator*(const Jet& a, const Jet& b) {
  Jet r(a.value * b.value);
  for (int i = 0; i < 4; ++i) r.gradient[i] = a.gradient[i] * b.value + a.value * b.gradient[i];
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      r.hessian[i][j] = a.hessian[i][j] * b.value + a.gradient[i] * b.gradient[j] +
                        a.gradient[j] * b.gradient[i] + a.value * b.hessian[i][j];
  return r;
}

inline Jet operator/(const Jet& a, const Jet& b) {
  const double v = 1.0 / b.value;
  return a * chain(b, v, -v * v, 2.0 * v * v * v);
}

inline Jet sin(const Jet& a) {
  return chain(a, std::sin(a.value), std::cos(a.value), -std::sin(a.value));
}
inline Jet cos(const Jet& a) {
  return chain(a, std::cos(a.value), -std::sin(a.value), -std::cos(a.value));
}
inline Jet exp(const Jet& a) {
  const double e = std::exp(a.value);
  return chain(a, e, e, e);
}
inline Jet log(const Jet& a) {
  return chain(a, std::log(a.value), 1.0 / a.value, -1.0 / (a.value * a.value));
}
inline Jet sqrt(const Jet& a) {
  const double s = std::sqrt(a.value);
  return chain(a, s, 0.5 / s, -0.25 / (s * a.value));
}
inline Jet tanh(const Jet& a) {
  const double t = std::tanh(a.value), d = 1.0 - t * t;
  return chain(a, t, d, -2.0 * t * d);
}
inline Jet abs(const Jet& a) {
  return chain(a, std::abs(a.value), a.value < 0.0 ? -1.0 : 1.0, 0.0);
}
inline Jet step(const Jet& a) { return a.value < 0.0 ? 0.0 : 1.0; }
inline Jet min(const Jet& a, const Jet& b) { return b.value < a.value ? b : a; }
inline Jet max(const Jet& a, const Jet& b) { return a.value < b.value ? b : a; }

/// a to the power b. A constant exponent keeps x^2 regular at and below x = 0.
inline Jet pow(const Jet& a, const Jet& b) {
  for (double slope : b.gradient)
    if (slope != 0.0) return exp(b * log(a));
  const double p = b.value, c1 = p, c2 = p * (p - 1.0);
  return chain(a, std::pow(a.value, p), c1 == 0.0 ? 0.0 : c1 * std::pow(a.value, p - 1.0),
               c2 == 0.0 ? 0.0 : c2 * std::pow(a.value, p - 2.0));
}

inline double step(double a) { return a < 0.0 ? 0.0 : 1.0; }

} // namespace linnet::core
