// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Operators on the lines of a tensor along one of its directions.
#pragma once

#include <linnet/kernels/fractional/lines.hpp>

namespace linnet::fractional {

using kernels::LineShape;

/// A square matrix for the lines of one direction.
class LineMatrix {
public:
  virtual ~LineMatrix() = default;
  /// y = A x on every line, or A^T x; with @p add y += A x. x and y lie in kernel memory and must
  /// not overlap. Not collective.
  virtual void multiply(LineShape shape, const double* x, double* y, bool transposed, bool add) = 0;
  /// Bytes held.
  [[nodiscard]] virtual double memory() const = 0;
};

} // namespace linnet::fractional
