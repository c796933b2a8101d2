// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// An inverse of a matrix "riesz" without variable coefficient, exact or approximate.
#pragma once

#include <string>

namespace linnet::fractional {

class RieszInverse {
public:
  virtual ~RieszInverse() = default;
  /// y = P^-1 x, or P^-T x; this rank's parts, in kernel memory. Collective.
  virtual void apply(const double* x, double* y, bool transposed) = 0;
  /// For -ksp_view, one line.
  [[nodiscard]] virtual std::string description() const = 0;
};

} // namespace linnet::fractional
