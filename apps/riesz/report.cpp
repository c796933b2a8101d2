// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The report on the screen and the results file.
#include "output.hpp"

#include <linnet/core/text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace app {

namespace {

double sum_of(const std::vector<Solve>& solves, double Solve::*what) {
  double sum = 0.0;
  for (const Solve& s : solves) sum += s.*what;
  return sum;
}

const Solve* worst(const std::vector<Solve>& solves) {
  const auto found = std::max_element(solves.begin(), solves.end(), [](auto& a, auto& b) {
    if (a.converged != b.converged) return a.converged;
    return a.relative_residual < b.relative_residual;
  });
  return found == solves.end() ? nullptr : &*found;
}

std::string outcome(const Solve& solve) {
  if (solve.converged)
    return solve.relative_residual <= 1.001 * solve.goal
               ? KSPConvergedReasons[solve.reason > 0 ? solve.reason : KSP_CONVERGED_RTOL]
               : "at the limit of double precision";
  return solve.reason < 0 ? KSPConvergedReasons[solve.reason] : "not converged";
}

linnet::io::Results make_results(const AppContext& context, const Discretisation& discretisation,
                                 const Summary& summary, double memory) {
  linnet::io::Results results;
  results.app = context.name();
  results.command = context.command();
  results.ranks = context.ranks();
  results.unknowns = discretisation.unknowns();
  for (const Solve& s : summary.solves) results.iterations_per_solve.push_back(s.iterations);
  const Solve* w = worst(summary.solves);
  results.converged = w == nullptr || w->converged;
  results.reason = w ? outcome(*w) : "no solve";
  results.relative_residual = w ? w->relative_residual : 0.0;
  results.setup_seconds = sum_of(summary.solves, &Solve::setup_seconds);
  results.solve_seconds =
      sum_of(summary.solves, &Solve::solve_seconds) + summary.eigenvalue_seconds;
  results.total_seconds = context.seconds();
  results.peak_memory_mb = memory;
  results.outputs = summary.files;
  if (summary.errors) {
    results.errors["u_max"] = summary.errors->largest;
    results.errors["u_rms"] = summary.errors->mean_square;
  }
  results.objects["riesz"] = summary.own;
  return results;
}

} // namespace

void print_problem(const AppContext& context, const Discretisation& discretisation) {
  const Problem& p = discretisation.problem();
  std::string op = p.factor ? "D " : "";
  if (p.factor && p.dim() > 1) op += "(";
  for (std::size_t d = 0; d < p.dim(); ++d) {
    const auto& axis = p.operators.axis[d];
    if (d > 0) op += " + ";
    if (axis.coefficient != 1.0) op += linnet::core::number_text(axis.coefficient) + " ";
    op += std::string("(-d2/d") + "xyz"[d] + "2)^(" + linnet::core::number_text(axis.alpha) + "/2)";
  }
  if (p.factor && p.dim() > 1) op += ")";
  op += " u";
  if (p.operators.reaction > 0.0)
    op += " + " + linnet::core::number_text(p.operators.reaction) + " u";
  context.print("riesz: %s%s = s, %d %s\n", p.in_time ? "u_t + " : "", op.c_str(), context.ranks(),
                context.ranks() == 1 ? "rank" : "ranks");
  context.print("  operator      positive (multiplier +|xi|^alpha), u = 0 outside of the box\n");
  for (std::size_t d = 0; d < p.dim(); ++d) {
    const auto& axis = p.operators.axis[d];
    context.print("  splines %c     degree %d on %d knot spans of a length of %g\n", "xyz"[d],
                  static_cast<int>(axis.degree), static_cast<int>(axis.spans), axis.length);
  }
  context.print("  unknowns      %lld\n", static_cast<long long>(discretisation.unknowns()));
}

std::string two_digits(double value) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

void print_ends(const AppContext& context, const Discretisation& discretisation, Vec coefficients) {
  const auto end = discretisation.rough_end(coefficients);
  if (!end) return;
  const std::string how =
      end->power > 0.1 ? std::string("goes to zero like distance^").append(two_digits(end->power))
                       : "rises and turns within four knot spans";
  context.print("  note          at an end of %c u %s, as solutions of generic data do: the\n"
                "                largest error falls like n^-(alpha/2) there, whatever the degree; "
                "away from the ends and\n"
                "                in the root mean square it is smaller: take more spans, not a "
                "higher degree\n",
                "xyz"[end->direction], how.c_str());
}

void finish(const AppContext& context, const Discretisation& discretisation,
            const Summary& summary) {
  const double memory = linnet::io::peak_memory_mb(context.comm());
  context.print("  solver        %s\n", summary.solver.c_str());
  if (const Solve* w = worst(summary.solves)) {
    PetscInt iterations = 0;
    for (const Solve& s : summary.solves) iterations += s.iterations;
    const std::string many = summary.solves.size() == 1
                                 ? ""
                                 : " in " + std::to_string(summary.solves.size()) + " solves";
    context.print("  iterations    %d%s, %strue relative residual %.3e (%s)\n",
                  static_cast<int>(iterations), many.c_str(), many.empty() ? "" : "worst ",
                  w->relative_residual, outcome(*w).c_str());
  }
  if (summary.errors)
    context.print("  error         %.4e at most, %.4e root mean square\n", summary.errors->largest,
                  summary.errors->mean_square);
  context.print("  seconds       problem %.3f, preconditioner %.3f, solve %.3f, output %.3f; total "
                "%.3f\n",
                summary.problem_seconds, sum_of(summary.solves, &Solve::setup_seconds),
                sum_of(summary.solves, &Solve::solve_seconds) + summary.eigenvalue_seconds,
                summary.output_seconds, context.seconds());
  context.print("  memory        %.0f MB at most, all ranks together\n", memory);
  if (!summary.files.empty()) context.print("  files        ");
  for (const auto& file : summary.files) context.print(" %s", file.c_str());
  if (!summary.files.empty()) context.print("\n");
  if (!context.results_file().empty())
    linnet::io::write_results(context.comm(), context.results_file(),
                              make_results(context, discretisation, summary, memory));
}

} // namespace app
