// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The inverse of an approximation of a bordered Toeplitz matrix A = T + R: the tau matrix of T,
/// which the sine transform diagonalises, on a padded grid of a length that suits the transform,
/// plus the K x K corners C and J C J of R, exactly, by Woodbury's formula. With E the unit vectors
/// of the first and last K points
///   P^-1 = tau^-1 - tau^-1 E S E^T tau^-1,  S = (I + B E^T tau^-1 E)^-1 B,  B = diag(C, J C J).
/// The entries of the inverse are differences of one sequence, tau^-1 (i,j) = c(i-j) - c(i+j+2),
/// the cosine transform of its eigenvalues: so the columns tau^-1 E need no memory, and an
/// application has two sine transforms, with or without correction.
///
/// Each rank works on whole vectors: the transforms are not distributed.
#pragma once

#include <linnet/fractional/bordered_toeplitz.hpp>

#include <vector>

namespace linnet::fractional {

/// The eigenvalues of the tau matrix, of @p length values, of the Toeplitz part of a sum of
/// collocation matrices. @throws core::Error (internal) if they are not all positive.
std::vector<double> tau_eigenvalues(const std::vector<CollocationTerm>& terms, long length);

/// What is corrected of the border.
enum class TauCorrection { none, corner };

class TauInverse {
public:
  /// Not collective; every rank gets the same. @throws core::Error (internal) if the tau matrix is
  /// not positive definite.
  TauInverse(const std::vector<CollocationTerm>& terms, TauCorrection correction);

  [[nodiscard]] long size() const { return size_; }
  [[nodiscard]] long padded_size() const { return transform_.length(); }
  /// Rows of each corner; 0 without correction.
  [[nodiscard]] int corner() const { return corner_; }
  [[nodiscard]] double least_eigenvalue() const { return least_; }

  /// x = P^-1 x, or P^-T x, on all size() values.
  void apply(double* x, bool transposed = false);

private:
  void set_up_correction(const std::vector<CollocationTerm>& terms);
  void make_green(long length);
  [[nodiscard]] double green(long i, long j) const;
  /// Place on the padded grid of member @p e of E: the first K points, then the last, outermost
  /// first.
  [[nodiscard]] long place(int e) const;
  void subtract_columns(const std::vector<double>& load, double* x) const;

  long size_;
  int corner_ = 0;
  double least_ = 0.0;
  SineTransform transform_;
  long offset_;                 ///< of the first point on the padded grid
  std::vector<double> inverse_; ///< of the eigenvalues
  std::vector<double> schur_;   ///< S, by columns
  std::vector<double> green_;   ///< c(-margin_), c(1 - margin_), ..
  long margin_ = 0;
  std::vector<double> work_; ///< a vector on the padded grid
};

} // namespace linnet::fractional
