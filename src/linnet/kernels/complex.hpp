// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Complex numbers as kernels have them; in memory those of std::complex.
#pragma once

#include <linnet/kernels/compat.hpp>

#include <cmath>
#include <numbers>

namespace linnet::kernels {

using Complex = Kokkos::complex<double>;

/// exp(-2 pi i turns).
inline Complex unit_root(double turns) {
  const double angle = 2.0 * std::numbers::pi * turns;
  return {std::cos(angle), -std::sin(angle)};
}

/// i z.
KOKKOS_INLINE_FUNCTION Complex times_i(const Complex& z) { return {-z.imag(), z.real()}; }

} // namespace linnet::kernels
