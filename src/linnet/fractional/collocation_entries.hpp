// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Entries of the collocation matrices at the Greville points of a spline basis, in scaled units
/// (knot spacing 1): of the Riesz operator (-Laplace)^(alpha/2) on functions that vanish outside of
/// the domain, A(i,j) = c (D_left N_j(x_i) + D_right N_j(x_i)), c = 1 / (2 cos(pi alpha/2)), and of
/// the mass matrix M(i,j) = N_j(x_i) (Mazza, Donatelli, Manni and Speleers, arXiv 2106.14834).
///
/// Both are centrosymmetric, E(N-1-i, N-1-j) = E(i,j), and Toeplitz and symmetric where row and
/// column are central: E(i,j) = toeplitz(|i-j|). Only the first and last p-1 rows and columns
/// differ.
#pragma once

#include <linnet/fractional/riemann_liouville.hpp>
#include <linnet/fractional/spline_basis.hpp>

#include <vector>

namespace linnet::fractional {

/// The order of the operator must lie between these: nearer to 1 the factor c costs digits, nearer
/// to 2 the operator is the Laplacian.
inline constexpr double least_order = 1.001, most_order = 1.999;

/// Common to both matrices.
class CollocationEntries {
public:
  explicit CollocationEntries(const SplineBasis& basis) : basis_(basis) {}
  virtual ~CollocationEntries() = default;
  CollocationEntries(const CollocationEntries&) = delete;
  CollocationEntries& operator=(const CollocationEntries&) = delete;

  [[nodiscard]] const SplineBasis& basis() const { return basis_; }
  /// Columns on the left, and rows at the top, that are not Toeplitz.
  [[nodiscard]] int border() const { return basis_.degree() - 1; }

  /// toeplitz(begin) .. toeplitz(end - 1); the infinite sequence, also beyond N.
  [[nodiscard]] virtual std::vector<double> toeplitz(long begin, long end) const = 0;
  /// E(begin, j) .. E(end - 1, j) of a column j < border().
  [[nodiscard]] virtual std::vector<double> column(int j, long begin, long end) const = 0;
  /// E(i, begin) .. E(i, end - 1) of a row i < border(), central columns only.
  [[nodiscard]] virtual std::vector<double> row(int i, long begin, long end) const = 0;

protected:
  SplineBasis basis_;
};

class RieszEntries final : public CollocationEntries {
public:
  /// @throws core::Error (usage) for an order that is out of bounds.
  RieszEntries(const SplineBasis& basis, double alpha);

  [[nodiscard]] double alpha() const { return alpha_; }
  [[nodiscard]] std::vector<double> toeplitz(long begin, long end) const override;
  [[nodiscard]] std::vector<double> column(int j, long begin, long end) const override;
  [[nodiscard]] std::vector<double> row(int i, long begin, long end) const override;

private:
  /// The smallest basis of this degree, in whose coordinates the mirror images of the first
  /// B-splines lie close to 0: on a large grid the points n - x would lose digits.
  SplineBasis least_;
  double alpha_, factor_;
  RiemannLiouville cardinal_;           ///< of the first central B-spline, on [0, p+1]
  std::vector<RiemannLiouville> left_;  ///< of the B-splines j < border()
  std::vector<RiemannLiouville> right_; ///< of those N-1-j, on the smallest basis
};

class MassEntries final : public CollocationEntries {
public:
  using CollocationEntries::CollocationEntries;
  [[nodiscard]] std::vector<double> toeplitz(long begin, long end) const override;
  [[nodiscard]] std::vector<double> column(int j, long begin, long end) const override;
  [[nodiscard]] std::vector<double> row(int i, long begin, long end) const override;

private:
  [[nodiscard]] double entry(long i, long j) const;
};

/// E(i,j) of any row and column.
double entry(const CollocationEntries& entries, long i, long j);

/// A sum of collocation matrices on one basis.
struct CollocationTerm {
  const CollocationEntries* entries;
  double factor;
};

/// The rows begin .. end-1 of the sum, one after the other: (end - begin) N numbers.
std::vector<double> dense_rows(const std::vector<CollocationTerm>& terms, long begin, long end);

} // namespace linnet::fractional
