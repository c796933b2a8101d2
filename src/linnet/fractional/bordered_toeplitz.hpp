// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Products with a centrosymmetric matrix that is Toeplitz and symmetric but for its first and last
/// q rows and columns: y = T x + R x in O(N log N + N q).
///
/// T is a convolution, or, if it has a few diagonals only (a mass matrix), is multiplied by those.
/// The border costs one sum of 4 q values over the ranks.
#pragma once

#include <linnet/fractional/collocation_entries.hpp>
#include <linnet/fractional/even_convolution.hpp>
#include <linnet/fractional/line_share.hpp>
#include <linnet/fractional/riesz_product.hpp>
#include <linnet/kernels/fractional/toeplitz_border.hpp>

#include <optional>
#include <vector>

namespace linnet::fractional {

class BorderedToeplitz final : public RieszProduct {
public:
  /// @p share says which rows and columns are this rank's. Collective, as are the products.
  BorderedToeplitz(const LineShare& share, const std::vector<CollocationTerm>& terms);

  [[nodiscard]] long size() const { return size_; }
  void multiply(const double* x, double* y, bool transposed) override;
  [[nodiscard]] std::vector<double> diagonal() const override;
  [[nodiscard]] double memory() const override;

private:
  /// Border vectors of this rank, q of each: columns j and N-1-j, or rows.
  struct Border {
    kernels::Array<double> first, last;
  };
  void make_convolution(const std::vector<CollocationTerm>& terms);
  void make_borders(const std::vector<CollocationTerm>& terms);
  void multiply_band(const double* x, double* y);
  void add_border(const double* x, double* y, const Border& columns, const Border& rows) const;
  [[nodiscard]] kernels::BorderVectors vectors(const Border& border) const {
    return {border.first.data(), border.last.data(), share_.count(), border_};
  }
  [[nodiscard]] kernels::Share share() const { return {share_.begin(), share_.count(), size_}; }

  LineShare share_;
  long size_;
  int border_;
  double diagonal_ = 0.0;
  kernels::Array<double> band_; ///< the first column of T up to its last value, if short
  std::optional<EvenConvolution> convolution_;
  kernels::Array<double> whole_;
  Border columns_, rows_;
  kernels::Array<double> ends_;  ///< 2 q values
  kernels::Array<double> sums_;  ///< 4 q values of all ranks: x at the ends, and inner products
  kernels::Array<double> parts_; ///< of the inner products, per block
};

} // namespace linnet::fractional
