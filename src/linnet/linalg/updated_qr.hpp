// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// QR factors of a dense matrix that gains and loses columns.
#pragma once

#include <span>
#include <vector>

namespace linnet::linalg {

/// A = Q R with Q of orthonormal columns, explicit, and R upper triangular. A column is appended by
/// Gram-Schmidt with a second pass, and taken out by Givens rotations (Golub and Van Loan, Matrix
/// Computations, section 6.5); both keep Q orthonormal to rounding. Local to the process.
class UpdatedQr {
public:
  explicit UpdatedQr(std::size_t rows) : rows_(rows) {}

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t size() const { return r_.size(); }
  /// False, and nothing changes, where all but @p smallest of the length of @p a lies in the span.
  bool append(std::span<const double> a, double smallest = 1e-12);
  void remove(std::size_t j);
  /// The x that makes |b - A x| smallest, by R^(-1) Q^T b.
  [[nodiscard]] std::vector<double> solve(std::span<const double> b) const;
  /// b - Q Q^T b, by two passes.
  [[nodiscard]] std::vector<double> residual(std::span<const double> b) const;

  [[nodiscard]] std::span<const double> q(std::size_t j) const {
    return {q_.data() + rows_ * j, rows_};
  }
  [[nodiscard]] double r(std::size_t i, std::size_t j) const { return i > j ? 0.0 : r_[j][i]; }

private:
  void project_out(std::vector<double>& v, std::vector<double>& coefficients) const;

  std::size_t rows_;
  std::vector<double> q_;              // by columns
  std::vector<std::vector<double>> r_; // column j has j + 1 entries
};

} // namespace linnet::linalg
