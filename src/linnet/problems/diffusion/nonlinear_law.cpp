// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/diffusion/nonlinear_law.hpp>

#include <cmath>

namespace linnet::problems {

NonlinearLaw::Value NonlinearLaw::at(const core::Real3& p, double u) const {
  const core::Jet jet = function.jet(p, u);
  return {jet.value, jet.gradient[3], {jet.gradient[0], jet.gradient[1], jet.gradient[2]}};
}

NonlinearLaw::Value NonlinearLaw::of_gradient(double square) const {
  const double base = epsilon * epsilon + square, power = 0.5 * (exponent - 2.0);
  const double value = std::pow(base, power);
  return {value, power * value / base, {0, 0, 0}};
}

} // namespace linnet::problems
