// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/operator_options.hpp>

namespace linnet::problems {

using core::above;
using core::at_least;
using core::between;
using core::OptionKind;

namespace {

/// The option where it is given; else nothing.
std::optional<int> whole(const core::Options& options, const std::string& name) {
  return options.is_set(name) ? std::optional(options.integer(name)) : std::nullopt;
}
std::optional<double> real(const core::Options& options, const std::string& name) {
  return options.is_set(name) ? std::optional(options.real(name)) : std::nullopt;
}

} // namespace

void add_operator_options(core::OptionTable& table, const std::string& prefix,
                          const std::vector<core::OptionNeed>& needs) {
  const auto whole = [&](const std::string& name, const char* help, core::OptionRange range) {
    table.add(
        {.name = name, .kind = OptionKind::integer, .help = help, .range = range, .needs = needs});
  };
  const auto real = [&](const std::string& name, const char* help, core::OptionRange range) {
    table.add(
        {.name = name, .kind = OptionKind::real, .help = help, .range = range, .needs = needs});
  };
  whole(prefix + "point_grid", "points per direction of the grid; default: the problem's",
        between(2, 10000));
  whole(prefix + "sensors", "values of an input; default: the problem's", between(1, 4096));
  table.add({.name = prefix + "function",
             .help = "space of random inputs; default: the problem's",
             .needs = needs});
  real(prefix + "correlation", "length of the random inputs; default: the problem's", above(0));
  whole(prefix + "terms", "of the random inputs; default: the problem's", between(1, 10000));
  real(prefix + "bound", "of the random inputs' coefficients; default: the problem's", above(0));
  real(prefix + "horizon", "final time; default: the problem's", above(0));
  real(prefix + "diffusion", "coefficient of the second derivative; default: the problem's",
       at_least(0));
  real(prefix + "reaction", "coefficient of nonlinear terms; default: the problem's", {});
  table.add({.name = prefix + "families",
             .kind = OptionKind::strings,
             .help = "of evolution equations; default: the problem's",
             .needs = needs});
  whole(prefix + "family_operators", "sets of coefficients of each family", between(1, 1000000));
  real(prefix + "spread", "of coefficients about their centres, relative", between(0, 1));
  table.add({.name = prefix + "refinement",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "times the resolution of the solver",
             .range = between(1, 64),
             .needs = needs});
  table.add({.name = prefix + "noise",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "deviation of what is added to inputs, relative to their root mean square",
             .range = at_least(0),
             .needs = needs});
}

OperatorSamplerOptions operator_options(const core::Options& options, const std::string& prefix) {
  OperatorSamplerOptions o;
  o.seed = static_cast<std::uint64_t>(options.integer64(prefix + "seed"));
  o.sensors = whole(options, prefix + "sensors");
  o.grid = whole(options, prefix + "point_grid");
  if (options.is_set(prefix + "function")) o.function = options.string(prefix + "function");
  o.correlation = real(options, prefix + "correlation");
  o.terms = whole(options, prefix + "terms");
  o.bound = real(options, prefix + "bound");
  o.horizon = real(options, prefix + "horizon");
  o.diffusion = real(options, prefix + "diffusion");
  o.reaction = real(options, prefix + "reaction");
  o.operators = whole(options, prefix + "family_operators");
  o.spread = real(options, prefix + "spread");
  if (options.is_set(prefix + "families")) o.families = options.strings(prefix + "families");
  o.refinement = options.integer(prefix + "refinement");
  o.noise = options.real(prefix + "noise");
  return o;
}

} // namespace linnet::problems
