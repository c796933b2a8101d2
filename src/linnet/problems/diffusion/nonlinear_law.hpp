// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What is nonlinear in -div(K k grad u) + reaction u + r = f.
#pragma once

#include <linnet/core/expression.hpp>

namespace linnet::problems {

using core::Expression;

enum class LawKind {
  reaction,    ///< r(x, u)
  quasilinear, ///< k(x, u)
  p_laplacian, ///< k = (epsilon^2 + |grad u|^2)^((p - 2) / 2)
};

struct NonlinearLaw {
  LawKind kind = LawKind::reaction;
  Expression function;   ///< r or k, of x, y, z and u as the fourth variable
  double exponent = 2.0; ///< p, above 1
  double epsilon = 1e-3; ///< positive

  /// r or k at a point for the value u, and its derivatives by u and by position.
  struct Value {
    double value = 0.0, slope = 0.0;
    core::Real3 gradient{0, 0, 0};
  };
  [[nodiscard]] Value at(const core::Real3& p, double u) const;
  /// k of the p-Laplacian for the square of |grad u|, and its derivative by that square.
  [[nodiscard]] Value of_gradient(double square) const;
};

} // namespace linnet::problems
