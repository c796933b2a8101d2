// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "problem.hpp"

#include "manufactured.hpp"

#include <algorithm>
#include <cmath>

namespace app {

using namespace linnet::fractional;
using linnet::core::Expression;
using linnet::core::Options;

namespace {

std::optional<Expression> expression_option(const Options& options, const char* name) {
  if (!options.is_set(name)) return std::nullopt;
  try {
    return Expression::parse(options.string(name));
  } catch (const linnet::core::Error& error) {
    options.fail(name, error.what());
  }
}

/// Of coordinates that the run does not have, or of the time in a steady one, the value would be 0.
void require_variables(const Options& options, const char* name, const Expression& e, int dim,
                       bool in_time) {
  for (int d = dim; d < 3; ++d)
    if (e.depends_on(d))
      options.fail(name, std::string("names ") + "xyz"[d] + ", which a run with -riesz_dim " +
                             std::to_string(dim) + " does not have");
  if (!in_time && e.depends_on_time())
    options.fail(name, "names the time t in a steady run; set -riesz_time_end");
}

RieszOptions riesz_operator(const Options& options) {
  RieszOptions o;
  const int dim = options.integer("-riesz_dim");
  o.dim = dim;
  o.reaction = options.real("-riesz_reaction");
  o.fft = options.choice_as<RieszFft>("-riesz_fft");
  const auto n = options.integers_per_direction("-riesz_n", dim, 1);
  const auto degree = options.integers_per_direction("-riesz_degree", dim, 1);
  const auto alpha = options.reals_per_direction("-riesz_alpha", dim, 1.5);
  const auto length = options.reals_per_direction("-riesz_length", dim, 1.0);
  const auto coefficient = options.reals_per_direction("-riesz_coefficient", dim, 0.0);
  double unknowns = 1.0;
  for (std::size_t d = 0; d < static_cast<std::size_t>(dim); ++d) {
    o.axis[d] = {n[d], degree[d], alpha[d], length[d], coefficient[d]};
    unknowns *= n[d] + degree[d] - 2;
  }
  if (unknowns > PETSC_MAX_INT)
    options.fail("-riesz_n", "too many unknowns for this PETSc's " +
                                 std::to_string(8 * sizeof(PetscInt)) + "-bit indices");
  if (std::all_of(coefficient.begin(), coefficient.begin() + dim, [](double c) { return c == 0; }))
    options.fail("-riesz_coefficient", "must not be zero in all directions");
  return o;
}

} // namespace

Problem make_problem(const AppContext& context) {
  const Options& options = context.options();
  Problem p;
  p.operators = riesz_operator(options);
  p.in_time = options.real("-riesz_time_end") > 0.0;
  p.power = options.integer("-riesz_manufactured_power");
  p.factor = expression_option(options, "-riesz_coefficient_factor");
  if (p.factor && p.factor->depends_on_time())
    options.fail("-riesz_coefficient_factor", "must not depend on the time t");
  p.source = expression_option(options, "-riesz_source");
  p.initial = expression_option(options, "-riesz_initial");
  const auto dim = static_cast<int>(p.dim());
  const auto exact_text = expression_option(options, "-riesz_exact");
  if (p.factor) require_variables(options, "-riesz_coefficient_factor", *p.factor, dim, true);
  if (p.source) require_variables(options, "-riesz_source", *p.source, dim, p.in_time);
  if (p.initial) require_variables(options, "-riesz_initial", *p.initial, dim, true);
  if (exact_text) require_variables(options, "-riesz_exact", *exact_text, dim, p.in_time);
  if (exact_text)
    p.exact = *exact_text;
  else if (p.manufactured())
    p.exact = [q = p.power, o = p.operators, moving = p.in_time](const Real3& x, double t) {
      double value = moving ? std::exp(-t) : 1.0;
      for (std::size_t d = 0; d < static_cast<std::size_t>(o.dim); ++d)
        value *= bump(q, o.axis[d].length, x[d]);
      return value;
    };
  return p;
}

} // namespace app
