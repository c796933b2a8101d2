// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/error_budget.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace linnet::rom {

namespace {

/// Sums of squares may miss each other by this part of the reference.
constexpr double rounding = 1e-10;

void require_norm(double square, const char* what) {
  if (!(square >= 0.0) || !std::isfinite(square))
    core::throw_usage("error budget: the squared norm of the " + std::string(what) + " is " +
                      std::to_string(square) + "; it must be finite and at least 0");
}

/// The root of @p larger - @p smaller, which differ the other way by rounding alone.
double rest(double larger, double smaller, double reference, const char* what) {
  if (smaller > larger + rounding * reference)
    core::throw_usage("error budget: the projection's error exceeds that of the " +
                      std::string(what) +
                      "; it must be the best approximation in the norm that is given");
  return std::sqrt(std::max(larger - smaller, 0.0) / reference);
}

std::string part(const char* name, double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%s %.2e", name, value);
  return text;
}

} // namespace

ErrorBudget error_budget(const ErrorNorms& norms) {
  require_norm(norms.reference, "solution");
  require_norm(norms.projection, "projection's error");
  require_norm(norms.reduced, "error");
  const bool known = norms.full_quadrature >= 0.0;
  ErrorBudget budget;
  if (norms.reference == 0.0) return budget;
  budget.total = std::sqrt(norms.reduced / norms.reference);
  budget.projection = std::sqrt(norms.projection / norms.reference);
  budget.model = rest(norms.reduced, norms.projection, norms.reference, "reduced model");
  if (!known) return budget;
  require_norm(norms.full_quadrature, "error with all points");
  budget.galerkin =
      rest(norms.full_quadrature, norms.projection, norms.reference, "model with all points");
  budget.hyper_reduction = std::max(budget.model - budget.galerkin, 0.0);
  return budget;
}

GappyBudget gappy_budget(const GappyNorms& norms) {
  require_norm(norms.reference, "field");
  require_norm(norms.projection, "projection's error");
  require_norm(norms.exact_values, "fit to exact values");
  require_norm(norms.reduced_values, "fit to values of the reduced model");
  GappyBudget budget;
  if (norms.reference == 0.0) return budget;
  budget.total = std::sqrt(norms.reduced_values / norms.reference);
  budget.projection = std::sqrt(norms.projection / norms.reference);
  budget.gappy = rest(norms.exact_values, norms.projection, norms.reference, "fit");
  // Values of the model may by chance fit better than the exact ones.
  budget.model =
      std::sqrt(std::max(norms.reduced_values - norms.exact_values, 0.0) / norms.reference);
  return budget;
}

std::string to_string(const ErrorBudget& budget) {
  std::string text =
      part("error", budget.total) + ": " + part("projection", budget.projection) + ", ";
  if (budget.galerkin < 0.0) return text + part("model", budget.model);
  return text + part("Galerkin", budget.galerkin) + ", " +
         part("hyper-reduction", budget.hyper_reduction);
}

std::string to_string(const GappyBudget& budget) {
  return part("error", budget.total) + ": " + part("projection", budget.projection) + ", " +
         part("fit at points", budget.gappy) + ", " + part("reduced model", budget.model);
}

} // namespace linnet::rom
