// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The inverse of an approximation of a bordered Toeplitz matrix A = T + R: the tau matrix of T,
/// which the sine transform diagonalises, on a padded grid of a length that suits the transform,
/// plus the K x K corners C and J C J of R, exactly, by Woodbury's formula. With E the unit vectors
/// of the first and last K points
///   P^-1 = tau^-1 - tau^-1 E S E^T tau^-1,  S = (I + B E^T tau^-1 E)^-1 B,  B = diag(C, J C J).
/// E^T tau^-1 E comes from one cosine transform of the inverse eigenvalues. What E S E^T needs of a
/// vector, and what it changes, are 2 K values: they are summed from its sine transform, and added
/// to it, directly. An application has two sine transforms, with or without correction.
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
  /// Place on the padded grid of member @p e of E: the first K points, then the last, outermost
  /// first.
  [[nodiscard]] long place(int e) const;
  void correct(bool transposed);
  template <class Visit>
  void visit_end_sines(const Visit& visit) const;
  [[nodiscard]] std::vector<double> solution_at_ends() const;
  void subtract_at_ends(const std::vector<double>& load);

  long size_;
  int corner_ = 0;
  double least_ = 0.0;
  SineTransform transform_;
  long offset_;                             ///< of the first point on the padded grid
  std::vector<double> inverse_;             ///< of the eigenvalues, padded with zeros
  std::vector<double> schur_;               ///< S, by columns
  std::vector<double> work_;                ///< a vector on the padded grid
  std::vector<double> sine_, twice_cosine_; ///< of pi k / (L+1), k = 0 .. 2L+1 and 1 .. L
};

} // namespace linnet::fractional
