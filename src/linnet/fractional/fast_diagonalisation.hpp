// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The exact inverse of a sum of Kronecker products in two or three dimensions,
///   (V x V x V) (lambda_x + lambda_y + lambda_z + reaction)^-1 (V^-1 M^-1 x ..),
/// by dense products with the eigenvectors of each direction (Lynch, Rice and Thomas, Numer. Math.
/// 6, 1964).
#pragma once

#include <linnet/fractional/pencil_eigenvalues.hpp>
#include <linnet/fractional/riesz_inverse.hpp>

namespace linnet::fractional {

class FastDiagonalisation final : public RieszInverse {
public:
  /// Of the operator + @p reaction * mass. Collective.
  FastDiagonalisation(const SlabLayout& slabs, std::vector<PencilEigenvalues> pencils,
                      double reaction);
  void apply(const double* x, double* y, bool transposed) override;
  [[nodiscard]] std::string description() const override;

private:
  void transform_values(std::size_t d, LineShape shape, bool transposed);
  void transform_back(std::size_t d, LineShape shape, bool transposed);
  void divide();

  SlabLayout slabs_;
  std::vector<PencilEigenvalues> pencils_;
  double reaction_;
  long plane_ = 1;
  std::vector<double> here_, next_;
};

} // namespace linnet::fractional
