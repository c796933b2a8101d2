// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Factors of small dense matrices by LAPACK; column-major, local to the process.
#pragma once

#include <cstddef>
#include <vector>

namespace linnet::linalg {

/// A = U diag(values) V^T.
struct Svd {
  std::vector<double> values;  ///< min(rows, columns), descending
  std::vector<double> left;    ///< U, rows x values
  std::vector<double> right_t; ///< V^T, values x columns
};

/// @throws core::Error (data) for values that are not finite, (internal) where LAPACK fails.
Svd singular_values(std::size_t rows, std::size_t columns, std::vector<double> a);

/// The upper C of A = C^T C in the upper triangle of the @p n x n matrix @p a, of which the upper
/// triangle is read; zeros below. Returns how many leading columns are factors: n, or fewer where
/// A is not positive definite.
std::size_t cholesky(std::size_t n, std::vector<double>& a);

/// B = R^(-1) B, or R^(-T) B, with the upper triangle of the n x n matrix @p r, whose leading
/// dimension is @p stride, and B of n rows.
void solve_upper(std::size_t n, const std::vector<double>& r, std::size_t stride, bool transposed,
                 std::size_t columns, std::vector<double>& b);

/// Householder reflections of the QR factors of a dense matrix.
class Reflections {
public:
  Reflections() = default;
  /// Factors @p a of @p rows x @p columns.
  Reflections(std::size_t rows, std::size_t columns, std::vector<double> a);
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// min(rows, columns).
  [[nodiscard]] std::size_t size() const { return tau_.size(); }
  /// R, size() x columns.
  [[nodiscard]] std::vector<double> r() const;
  /// Q T: T has size() rows and @p columns columns.
  [[nodiscard]] std::vector<double> times(std::size_t columns, const std::vector<double>& t) const;

private:
  std::size_t rows_ = 0, columns_ = 0;
  std::vector<double> values_, tau_;
};

/// The n x n identity.
std::vector<double> identity(std::size_t n);

} // namespace linnet::linalg
