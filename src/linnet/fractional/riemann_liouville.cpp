// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/riemann_liouville.hpp>

#include <linnet/core/petsc.hpp>

#include <petscdt.h>

#include <cmath>

namespace linnet::fractional {

namespace {

// Exact for polynomials of degree 39: enough for a spline of degree 15 times a kernel whose
// singularity lies as far from the interval as the interval is long.
constexpr int legendre_points = 20;
// Half-supports from the middle, beyond which FarField::terms moments give all digits.
constexpr double far_distance = 6.0;

} // namespace

// The total is known in closed form, also as power -> -1. Which end the first exponent belongs to
// is not what the manual page of PETSc 3.18 says; the mean tells, (power + 1) / (power + 2).
PowerRule power_rule(int points, double power) {
  PowerRule rule;
  rule.nodes.resize(static_cast<std::size_t>(points));
  rule.weights.resize(rule.nodes.size());
  LINNET_CHECK(PetscDTGaussJacobiQuadrature(points, -1.0, 1.0, power, 0.0, rule.nodes.data(),
                                            rule.weights.data()));
  double total = 0.0, first = 0.0;
  for (std::size_t q = 0; q < rule.nodes.size(); ++q) {
    total += rule.weights[q];
    first += rule.weights[q] * rule.nodes[q];
  }
  const double scale = 1.0 / (total * std::tgamma(power + 2.0));
  const bool mirrored = power < 0.0 && first > 0.0;
  for (double& s : rule.nodes) s = 0.5 * (1.0 + (mirrored ? -s : s));
  for (double& w : rule.weights) w *= scale;
  return rule;
}

RiemannLiouville::RiemannLiouville(const SplineBasis& basis, long j, double alpha)
    : alpha_(alpha), begin_(basis.knot(basis.first_knot(j))),
      end_(basis.knot(basis.first_knot(j) + basis.degree() + 1)), n_(basis.pieces(j)),
      n2_(basis.pieces(j, 2)), jacobi_(power_rule((basis.degree() - 2) / 2 + 2, 1.0 - alpha)),
      legendre_(power_rule(legendre_points, 0.0)) {
  const long first = basis.first_knot(j);
  const int p = basis.degree();
  if (basis.knot(first + p - 1) == begin_) jump_ = p / (basis.knot(first + p) - begin_);
  expand(alpha);
}

// Moments about the middle times (alpha+1)_m / (m! Gamma(-alpha)).
void RiemannLiouville::expand(double alpha) {
  far_.centre = 0.5 * (begin_ + end_);
  far_.from = far_.centre + far_distance * 0.5 * (end_ - begin_);
  far_.power = -1.0 - alpha;
  for (const BernsteinPiece& piece : n_) {
    const double length = piece.end - piece.begin;
    for (std::size_t q = 0; q < legendre_.nodes.size(); ++q) {
      const double t = piece.begin + length * legendre_.nodes[q];
      double term = length * legendre_.weights[q] * piece(t);
      for (double& c : far_.coefficient) {
        c += term;
        term *= t - far_.centre;
      }
    }
  }
  double factor = 1.0 / std::tgamma(-alpha);
  for (int m = 0; m < FarField::terms; ++m) {
    far_.coefficient[m] *= factor;
    factor *= (alpha + 1.0 + m) / (m + 1.0);
  }
}

double RiemannLiouville::operator()(double x) const {
  if (x <= begin_) return 0.0;
  if (x > far_.from) return far_(x);
  return x >= end_ + 1.0 ? beyond(x) : near(x);
}

double RiemannLiouville::beyond(double x) const {
  double sum = 0.0;
  for (const BernsteinPiece& piece : n_) {
    const double length = piece.end - piece.begin;
    for (std::size_t q = 0; q < legendre_.nodes.size(); ++q) {
      const double t = piece.begin + length * legendre_.nodes[q];
      sum += length * legendre_.weights[q] * piece(t) * std::pow(x - t, -1.0 - alpha_);
    }
  }
  return sum / std::tgamma(-alpha_);
}

// jacobi_ carries 1/Gamma(2-alpha): int_l^x P(t) (x-t)^(1-alpha) dt / Gamma(2-alpha)
// = (x-l)^(2-alpha) sum_q w_q P(x - (x-l) s_q).
double RiemannLiouville::near(double x) const {
  const double gamma = std::tgamma(2.0 - alpha_);
  double sum = jump_ != 0.0 ? jump_ * std::pow(x - begin_, 1.0 - alpha_) / gamma : 0.0;
  for (const BernsteinPiece& piece : n2_) {
    if (x <= piece.begin) break;
    if (x <= piece.end) {
      const double length = x - piece.begin;
      double part = 0.0;
      for (std::size_t q = 0; q < jacobi_.nodes.size(); ++q)
        part += jacobi_.weights[q] * piece(x - length * jacobi_.nodes[q]);
      sum += std::pow(length, 2.0 - alpha_) * part;
      continue;
    }
    // Halves that shrink towards x until the last one is as short as its distance from x.
    double part = 0.0;
    for (double begin = piece.begin; begin < piece.end;) {
      const double rest = piece.end - begin;
      const double length = rest <= x - piece.end ? rest : 0.5 * rest;
      for (std::size_t q = 0; q < legendre_.nodes.size(); ++q) {
        const double t = begin + length * legendre_.nodes[q];
        part += length * legendre_.weights[q] * piece(t) * std::pow(x - t, 1.0 - alpha_);
      }
      if (length == rest) break;
      begin += length;
    }
    sum += part / gamma;
  }
  return sum;
}

} // namespace linnet::fractional
