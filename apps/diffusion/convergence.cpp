// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "convergence.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace app {

namespace {

/// A tolerance of one digit that @p residual meets with room for another order of rounding.
double tolerance_above(double residual) {
  const double wanted = 2.0 * residual;
  const double digit = std::pow(10.0, std::floor(std::log10(wanted)));
  return std::ceil(wanted / digit) * digit;
}

const char* remedy(const Solve& solve) {
  if (solve.once)
    return "preonly applies the preconditioner once: take an iterative -ksp_type (cg, gmres) or a "
           "direct -pc_type (lu, cholesky)";
  switch (solve.reason) {
  case KSP_DIVERGED_ITS: return "raise -ksp_max_it, loosen -ksp_rtol or take another -pc_type";
  case KSP_DIVERGED_INDEFINITE_PC:
    return "the method needs a symmetric positive definite preconditioner: take another -pc_type, "
           "or -ksp_type gmres";
  case KSP_DIVERGED_PC_FAILED:
    return "the set-up of the preconditioner failed: take another -pc_type";
  default: return "take another -ksp_type or -pc_type, or loosen -ksp_rtol";
  }
}

std::string at_the_limit(const Solve& solve) {
  char text[300];
  std::snprintf(
      text, sizeof text,
      "the residual stands at the limit of double precision for this data (up to "
      "%.1e); the solution is as good as double precision gives: accept it with -ksp_rtol %.0e",
      solve.limit, tolerance_above(solve.relative_residual));
  return text;
}

} // namespace

std::string outcome(const Solve& solve) {
  const bool misled = solve.reason > 0 && !solve.converged;
  return misled ? "not converged" : KSPConvergedReasons[solve.reason];
}

void require_convergence(const std::vector<Solve>& solves) {
  for (std::size_t s = 0; s < solves.size(); ++s) {
    const Solve& solve = solves[s];
    if (solve.converged) continue;
    char text[200];
    std::snprintf(text, sizeof text,
                  "solve %zu did not converge: true relative residual %.3e after %d iteration%s "
                  "where %.1e was asked for%s%s; ",
                  s + 1, solve.relative_residual, static_cast<int>(solve.iterations),
                  solve.iterations == 1 ? "" : "s", solve.goal, solve.reason < 0 ? ", " : "",
                  solve.reason < 0 ? KSPConvergedReasons[solve.reason] : "");
    // Without one good digit in the residual there is nothing to accept.
    const bool limit = solve.relative_residual <= std::min(solve.limit, 0.1);
    throw linnet::core::Error(linnet::core::ExitCode::not_converged,
                              text + (limit ? at_the_limit(solve) : remedy(solve)));
  }
}

} // namespace app
