// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The left Riemann-Liouville derivative of order alpha in (1,2) of one B-spline N, accurate to
/// round-off at any distance. The textbook sum of truncated powers loses all digits some tens of
/// knots away; here, with the support [a, b] and knot spacing 1:
///  - next to the support, two integrations by parts:
///      D N(x) = 1/Gamma(2-alpha) (N'(a+) (x-a)^(1-alpha) + int N''(t) (x-t)^(1-alpha) dt),
///    span by span, by Gauss-Jacobi quadrature where x lies in the span (exact), else by
///    Gauss-Legendre quadrature on subintervals that are no longer than their distance from x
///      allows;
///  - from b + 1 on the hypersingular form 1/Gamma(-alpha) int N(t) (x-t)^(-1-alpha) dt, in which
///    nothing cancels;
///  - far away its expansion in moments of N about the middle of the support.
#pragma once

#include <linnet/fractional/spline_basis.hpp>
#include <linnet/kernels/fractional/far_field.hpp>

#include <vector>

namespace linnet::fractional {

/// Gauss-Jacobi rule for int_0^1 s^power f(s) ds / Gamma(power + 1), -1 < power <= 0.
struct PowerRule {
  std::vector<double> nodes, weights;
};
PowerRule power_rule(int points, double power);

using kernels::FarField;

class RiemannLiouville {
public:
  /// Of B-spline @p j of @p basis. @p alpha in (1,2).
  RiemannLiouville(const SplineBasis& basis, long j, double alpha);

  /// At any @p x.
  [[nodiscard]] double operator()(double x) const;
  [[nodiscard]] const FarField& far_field() const { return far_; }

private:
  [[nodiscard]] double near(double x) const;
  [[nodiscard]] double beyond(double x) const;
  void expand(double alpha);

  double alpha_, begin_, end_;
  double jump_ = 0.0;                  ///< N'(a+)
  std::vector<BernsteinPiece> n_, n2_; ///< N and N''
  PowerRule jacobi_, legendre_;
  FarField far_;
};

} // namespace linnet::fractional
