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

#include <vector>

namespace linnet::fractional {

/// The blocks, by columns.
struct FoldedMatrix {
  long size = 0;
  std::vector<double> even, odd;

  /// Of the dense matrix @p rows, row by row.
  static FoldedMatrix fold(long size, const std::vector<double>& rows);

  [[nodiscard]] long even_size() const { return size - size / 2; }
  [[nodiscard]] long odd_size() const { return size / 2; }
};

/// From values along the lines to even and odd parts, stored one behind the other; x and parts must
/// not overlap. @p transposed: the transpose of unfold_lines.
void fold_lines(LineShape shape, long size, const double* x, double* parts, bool transposed);
/// The inverse; @p transposed: the transpose of fold_lines. @p add: x += instead of x =.
void unfold_lines(LineShape shape, long size, const double* parts, double* x, bool transposed,
                  bool add);
/// Both blocks, or their transposes, on folded lines; not in place.
void multiply_folded(const FoldedMatrix& matrix, LineShape shape, const double* parts,
                     double* result, bool transposed);

/// The whole matrix for lines.
class FoldedLines final : public LineMatrix {
public:
  explicit FoldedLines(FoldedMatrix matrix) : matrix_(std::move(matrix)) {}
  void multiply(LineShape shape, const double* x, double* y, bool transposed, bool add) override;
  [[nodiscard]] double memory() const override;

private:
  FoldedMatrix matrix_;
  std::vector<double> parts_, result_;
};

} // namespace linnet::fractional
