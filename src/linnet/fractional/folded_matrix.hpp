// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Centrosymmetric matrices, C(N-1-i, N-1-j) = C(i,j), as two blocks of half their size: on vectors
/// that are even about the middle and on those that are odd. The even part of a vector has
/// ceil(N/2) values (x_i + x_(N-1-i))/2, the odd part floor(N/2) values (x_i - x_(N-1-i))/2; with a
/// middle value in the even part. Products cost half as much as those of the whole matrix, inverses
/// and eigenvalues a quarter.
#pragma once

#include <linnet/fractional/lines.hpp>
#include <linnet/fractional/work_values.hpp>

#include <vector>

namespace linnet::fractional {

/// The blocks, by columns, on the host.
struct FoldedMatrix {
  long size = 0;
  std::vector<double> even, odd;

  /// Of the dense matrix @p rows, row by row.
  static FoldedMatrix fold(long size, const std::vector<double>& rows);

  [[nodiscard]] long even_size() const { return size - size / 2; }
  [[nodiscard]] long odd_size() const { return size / 2; }
};

/// The blocks in kernel memory, for products with folded lines (kernels/fractional/folding.hpp).
class FoldedProduct {
public:
  explicit FoldedProduct(const FoldedMatrix& matrix);
  [[nodiscard]] long size() const { return size_; }
  /// Both blocks, or their transposes, on folded lines; not in place.
  void multiply(LineShape shape, const double* parts, double* result, bool transposed) const;
  /// Bytes held.
  [[nodiscard]] double memory() const;

private:
  long size_;
  kernels::Array<double> even_, odd_;
};

/// The whole matrix for lines.
class FoldedLines final : public LineMatrix {
public:
  explicit FoldedLines(const FoldedMatrix& matrix) : product_(matrix) {}
  void multiply(LineShape shape, const double* x, double* y, bool transposed, bool add) override;
  [[nodiscard]] double memory() const override;

private:
  FoldedProduct product_;
  WorkValues parts_, result_;
};

} // namespace linnet::fractional
