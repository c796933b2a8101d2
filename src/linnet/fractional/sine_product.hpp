// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// An approximate inverse for a sum of Kronecker products in two or three dimensions that are too
/// long for fast diagonalisation: tau matrices take the place of the Toeplitz parts, which sine
/// transforms along all directions diagonalise,
///   lambda = sum over d of f_d h h + reaction h h h,
/// f_d and h their eigenvalues of A_d and M. Corners are not corrected: iterations do not depend on
/// the size, but grow with the degree. Without corrections padded lines would cost half as many
/// iterations again, so that the transforms have the length of the lines.
#pragma once

#include <linnet/fractional/fourier.hpp>
#include <linnet/fractional/lines.hpp>
#include <linnet/fractional/riesz_inverse.hpp>
#include <linnet/fractional/riesz_terms.hpp>
#include <linnet/fractional/work_values.hpp>

namespace linnet::fractional {

class SineProduct final : public RieszInverse {
public:
  /// Of the operator + @p reaction * mass. Collective.
  SineProduct(const SlabLayout& slabs, const RieszTerms& terms, double reaction);
  void apply(const double* x, double* y, bool transposed) override;
  [[nodiscard]] std::string description() const override;

private:
  struct Axis {
    SineTransform transform;
    kernels::Array<double> riesz, mass; ///< eigenvalues
    [[nodiscard]] long size() const { return transform.length(); }
  };
  void divide();

  SlabLayout slabs_;
  std::vector<Axis> axes_;
  double reaction_;
  long plane_ = 1;
  WorkValues here_, next_;
};

} // namespace linnet::fractional
