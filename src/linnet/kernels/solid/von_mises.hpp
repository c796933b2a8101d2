// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Equivalent stress.
#pragma once

#include <linnet/kernels/compat.hpp>

namespace linnet::kernels {

/// sqrt(3/2 dev s : dev s) of the tensor with components 11, 22, 33, 12, 13, 23.
KOKKOS_INLINE_FUNCTION double von_mises(const double* s) {
  const double mean = (s[0] + s[1] + s[2]) / 3.0;
  double sum = 0.0;
  for (int i = 0; i < 3; ++i) sum += (s[i] - mean) * (s[i] - mean) + 2.0 * s[3 + i] * s[3 + i];
  return math::sqrt(1.5 * sum);
}

} // namespace linnet::kernels
