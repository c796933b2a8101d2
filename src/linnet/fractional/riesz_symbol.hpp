// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The symbols of the Toeplitz parts of the collocation matrices (Mazza, Donatelli, Manni and
/// Speleers, arXiv 2106.14834): of the Riesz operator in scaled units
///   f(theta) = sum over l of |theta_l|^alpha (sin(theta_l/2) / (theta_l/2))^(p+1),
///   theta_l = theta + 2 pi l, summed in closed form by Hurwitz zeta functions, and of the mass
/// matrix h(theta), the same with alpha = 0. f is even, zero at 0 alone, of order alpha, and decays
/// exponentially with p at pi.
#pragma once

namespace linnet::fractional {

/// sum over k >= 0 of (k + q)^-s; s > 1, 0 < q <= 1. By Euler and Maclaurin, to round-off.
double hurwitz_zeta(double s, double q);

/// f at @p theta; @p alpha in (0,2], @p degree >= 2.
double riesz_symbol(int degree, double alpha, double theta);
/// h at @p theta.
double mass_symbol(int degree, double theta);

} // namespace linnet::fractional
