// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A mass matrix for lines: the few B-splines that are not zero at each collocation point.
#pragma once

#include <linnet/fractional/lines.hpp>
#include <linnet/fractional/spline_basis.hpp>

#include <vector>

namespace linnet::fractional {

class BandedLines final : public LineMatrix {
public:
  explicit BandedLines(const SplineBasis& basis);
  void multiply(LineShape shape, const double* x, double* y, bool transposed, bool add) override;
  [[nodiscard]] double memory() const override;

private:
  long size_;
  int width_;
  std::vector<long> first_;    ///< column of the first value of each row
  std::vector<double> values_; ///< width_ of each row
};

} // namespace linnet::fractional
