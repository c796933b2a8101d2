// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A mass matrix for lines: the few B-splines that are not zero at each collocation point.
#pragma once

#include <linnet/fractional/lines.hpp>
#include <linnet/fractional/spline_basis.hpp>
#include <linnet/kernels/allocation.hpp>

#include <vector>

namespace linnet::fractional {

class BandedLines final : public LineMatrix {
public:
  explicit BandedLines(const SplineBasis& basis);
  void multiply(LineShape shape, const double* x, double* y, bool transposed, bool add) override;
  [[nodiscard]] double memory() const override;

private:
  /// The matrix by rows, or its transpose.
  struct Rows {
    int width = 0;
    kernels::Array<long> first;    ///< column of the first value of each row
    kernels::Array<double> values; ///< width of each row
  };
  struct Band;
  static Rows keep(const Band& band);

  long size_;
  Rows rows_, columns_;
};

} // namespace linnet::fractional
