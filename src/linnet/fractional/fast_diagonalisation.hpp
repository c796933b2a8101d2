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
  FastDiagonalisation(const SlabLayout& slabs, const std::vector<PencilEigenvalues>& pencils,
                      double reaction);
  void apply(const double* x, double* y, bool transposed) override;
  [[nodiscard]] std::string description() const override;

private:
  /// Of one direction, in kernel memory.
  struct Axis {
    kernels::Array<double> lambda;
    FoldedProduct vectors, inverse;
    [[nodiscard]] long size() const { return vectors.size(); }
  };
  void transform_values(const Axis& axis, LineShape shape, bool transposed);
  void transform_back(const Axis& axis, LineShape shape, bool transposed);
  void divide();

  SlabLayout slabs_;
  std::vector<Axis> axes_;
  double reaction_;
  long plane_ = 1;
  WorkValues here_, next_;
};

} // namespace linnet::fractional
