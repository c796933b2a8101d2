// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// -riesz_study: the order of convergence.
#include "output.hpp"
#include "runs.hpp"

#include <algorithm>
#include <cmath>

namespace app {

namespace {

/// The errors of a smooth solution come near to rounding.
constexpr double solve_tolerance = 1e-14;

/// p + 2 - alpha for even degrees, p + 1 - alpha for odd ones; of the direction where it is least.
double expected_order(const Problem& problem) {
  double order = HUGE_VAL;
  for (std::size_t d = 0; d < problem.dim(); ++d) {
    const auto& axis = problem.operators.axis[d];
    const double even = axis.degree % 2 == 0 ? 2.0 : 1.0;
    order = std::min(order, static_cast<double>(axis.degree) + even - axis.alpha);
  }
  return order;
}

struct Level {
  PetscInt spans = 0, unknowns = 0;
  Discretisation::Errors errors;
  Solve solve;
};

double order(double coarse, double fine) { return std::log2(coarse / fine); }

void print_level(const AppContext& context, const Level* before, const Level& level) {
  const auto& e = level.errors;
  if (before)
    context.print("  %8d %10d %12.3e %6.2f %12.3e %6.2f %6d\n", static_cast<int>(level.spans),
                  static_cast<int>(level.unknowns), e.largest,
                  order(before->errors.largest, e.largest), e.mean_square,
                  order(before->errors.mean_square, e.mean_square),
                  static_cast<int>(level.solve.iterations));
  else
    context.print("  %8d %10d %12.3e %6s %12.3e %6s %6d\n", static_cast<int>(level.spans),
                  static_cast<int>(level.unknowns), e.largest, "", e.mean_square, "",
                  static_cast<int>(level.solve.iterations));
}

Table order_table(const std::vector<Level>& levels) {
  Table table{"/study",
              {"n", "unknowns", "largest_error", "order", "root_mean_square_error",
               "root_mean_square_order", "iterations"},
              {}};
  for (std::size_t l = 0; l < levels.size(); ++l) {
    const auto& e = levels[l].errors;
    const bool first = l == 0;
    const auto before = first ? Discretisation::Errors{NAN, NAN} : levels[l - 1].errors;
    table.rows.insert(table.rows.end(), {static_cast<double>(levels[l].spans),
                                         static_cast<double>(levels[l].unknowns), e.largest,
                                         order(before.largest, e.largest), e.mean_square,
                                         order(before.mean_square, e.mean_square),
                                         static_cast<double>(levels[l].solve.iterations)});
  }
  return table;
}

} // namespace

void run_study(AppContext& context) {
  require_writable_outputs(context, {"_study.h5"});
  const int count = context.options().integer("-riesz_study_levels");
  Problem problem = make_problem(context);
  std::vector<Level> levels;
  Summary summary;
  std::optional<Discretisation> discretisation;
  Owned<Vec> last; ///< coefficients
  for (int l = 0; l < count; ++l) {
    discretisation.emplace(context, problem);
    if (l == 0) {
      print_problem(context, *discretisation);
      context.print("  %8s %10s %12s %6s %12s %6s %6s\n", "n", "unknowns", "largest", "order",
                    "rms error", "order", "its");
    }
    Level level;
    level.spans = problem.operators.axis[0].spans;
    level.unknowns = discretisation->unknowns();
    const Owned<Vec> b = discretisation->make_vector();
    Owned<Vec> c = discretisation->make_vector();
    discretisation->fill_source(0.0, b.get());
    LinearSolver solver(discretisation->matrix(), nullptr, solve_tolerance);
    level.solve = solver.solve(b.get(), c.get());
    level.errors = discretisation->errors(c.get(), 0.0);
    summary.solver = solver.description();
    summary.solves.push_back(level.solve);
    print_level(context, levels.empty() ? nullptr : &levels.back(), level);
    levels.push_back(level);
    last = std::move(c);
    for (std::size_t d = 0; d < problem.dim(); ++d) problem.operators.axis[d].spans *= 2;
  }
  print_ends(context, *discretisation, last.get());
  if (problem.manufactured())
    context.print("  expected order %.2f, as long as rounding, n^alpha 1e-16, is smaller than the "
                  "error\n",
                  expected_order(problem));
  const std::string stem = output_stem(context);
  if (!stem.empty()) {
    summary.files = {stem + "_study.h5"};
    write_tables(context, summary.files[0], {order_table(levels)});
  }
  std::vector<double> largest, mean_square;
  std::vector<std::int64_t> spans;
  for (const Level& level : levels) {
    largest.push_back(level.errors.largest);
    mean_square.push_back(level.errors.mean_square);
    spans.push_back(level.spans);
  }
  summary.own = {
      {"n", spans}, {"largest_errors", largest}, {"root_mean_square_errors", mean_square}};
  summary.errors = levels.back().errors;
  finish(context, *discretisation, summary);
  require_convergence(summary.solves);
}

} // namespace app
