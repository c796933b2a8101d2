// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a Mat "riesz" does with a vector, whatever its dimension.
#pragma once

#include <vector>

namespace linnet::fractional {

class RieszProduct {
public:
  virtual ~RieszProduct() = default;
  /// y = A x, or A^T x; this rank's parts, in kernel memory, which must not overlap. Collective.
  virtual void multiply(const double* x, double* y, bool transposed) = 0;
  /// This rank's part of the diagonal, on the host.
  [[nodiscard]] virtual std::vector<double> diagonal() const = 0;
  /// Bytes held on this rank.
  [[nodiscard]] virtual double memory() const = 0;
};

} // namespace linnet::fractional
