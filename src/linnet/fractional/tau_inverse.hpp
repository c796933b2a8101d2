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
#pragma once

#include <linnet/fractional/collocation_entries.hpp>
#include <linnet/fractional/even_convolution.hpp>
#include <linnet/fractional/line_share.hpp>
#include <linnet/fractional/riesz_inverse.hpp>

#include <vector>

namespace linnet::fractional {

/// The eigenvalues of the tau matrix, of @p length values, of the Toeplitz part of a sum of
/// collocation matrices. @throws core::Error (internal) if they are not all positive.
std::vector<double> tau_eigenvalues(const std::vector<CollocationTerm>& terms, long length);

/// What is corrected of the border.
enum class TauCorrection { none, corner };

class TauInverse final : public RieszInverse {
public:
  /// Collective, as is apply(). @throws core::Error (internal) if the tau matrix is not positive
  /// definite.
  TauInverse(const LineShare& share, const std::vector<CollocationTerm>& terms,
             TauCorrection correction);

  /// L, the size of the tau matrix.
  [[nodiscard]] long padded_size() const { return convolution_.half_period() - 1; }

  void apply(const double* x, double* y, bool transposed) override;
  [[nodiscard]] std::string description() const override;

private:
  /// Values of the sequence c from an index on, in kernel memory.
  struct Window {
    long begin = 0;
    kernels::Array<double> values;
    [[nodiscard]] const double* origin() const { return values.data() - begin; }
  };
  class HostWindow;
  void set_up_correction(const std::vector<CollocationTerm>& terms);
  [[nodiscard]] Window window(long begin, long end);
  [[nodiscard]] std::vector<double> corners_of_inverse();
  void correct(double* x, bool transposed) const;

  LineShare share_;
  long size_;
  int corner_ = 0;
  EvenConvolution convolution_;   ///< with tau^-1, on odd vectors
  long offset_;                   ///< of the first point on the padded grid
  std::vector<double> schur_;     ///< S, by columns
  Window near_first_, near_last_; ///< c, for the distances of this rank's points from both ends
  kernels::Array<double> ends_;   ///< 2 K values
  kernels::Array<double> whole_;
};

} // namespace linnet::fractional
