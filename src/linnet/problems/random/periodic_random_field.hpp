// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Gaussian random fields of period 1 in both directions.
///
/// g(x) = sum over k != 0 of g_k exp(2 pi i k.x) with independent Gaussian modes but for g_-k =
/// conj g_k, real and imaginary part of equal variance and
///   E |g_k|^2 = tau^(2 alpha - 2) (4 pi^2 |k|^2 + tau^2)^-alpha:
/// covariance tau^(2 alpha - 2) (-Laplace + tau^2)^-alpha on the functions of mean zero. A mode
/// depends on seed, sample and k alone: a finer grid keeps every mode of the coarser one.
#pragma once

#include <linnet/problems/random/random_field.hpp>

#include <complex>

namespace linnet::problems {

/// Draws the modes that a grid of @p n x @p n points tells apart (|k_d| < n/2) in the order of
/// linalg::GridFft; the others are 0. RandomFieldOptions::points plays no part. @throws core::Error
/// (usage) unless alpha and tau are positive.
void draw_periodic_modes(int n, const RandomFieldOptions& options, std::complex<double>* modes);

} // namespace linnet::problems
