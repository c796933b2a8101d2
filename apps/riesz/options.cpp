// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

namespace app {

using linnet::core::above;
using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;
using linnet::core::OptionTable;

namespace {

void add_operator(OptionTable& table) {
  table.group("Operator and splines; lists: one entry for all directions or one each");
  table.add({.name = "-riesz_dim",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "space dimensions",
             .range = between(1, 3)});
  table.add({.name = "-riesz_n",
             .kind = OptionKind::integers,
             .default_text = "64",
             .help = "knot spans, at least degree + 1",
             .range = between(3, 1 << 28),
             .most_items = 3});
  table.add({.name = "-riesz_degree",
             .kind = OptionKind::integers,
             .default_text = "3",
             .help = "of the splines",
             .range = between(2, 15),
             .most_items = 3});
  table.add({.name = "-riesz_alpha",
             .kind = OptionKind::reals,
             .default_text = "1.5",
             .help = "order of the operator",
             .range = between(1.001, 1.999),
             .most_items = 3});
  table.add({.name = "-riesz_length",
             .kind = OptionKind::reals,
             .default_text = "1",
             .help = "side lengths of the box, low corner at 0",
             .range = above(0),
             .most_items = 3});
  table.add({.name = "-riesz_coefficient",
             .kind = OptionKind::reals,
             .default_text = "1",
             .help = "kappa",
             .range = at_least(0),
             .most_items = 3});
  table.add({.name = "-riesz_coefficient_factor",
             .help = "D: positive expression of x,y,z in front of all directions"});
  table.add({.name = "-riesz_fft",
             .kind = OptionKind::choice,
             .default_text = "auto",
             .help = "transforms in one direction: repeated on every rank, or spread over them",
             .choices = {"auto", "replicated", "distributed"},
             .free_on_restart = true});
  table.add({.name = "-riesz_reaction",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "coefficient of u",
             .range = at_least(0)});
}

void add_equation(OptionTable& table) {
  table.group("Data: expressions of x,y,z,t");
  table.add({.name = "-riesz_source",
             .help = "s; not given: of the solution (x(1-x))^q .. with q the next option"});
  table.add({.name = "-riesz_manufactured_power",
             .kind = OptionKind::integer,
             .default_text = "4",
             .help = "q of that solution, in each direction over its length",
             .range = between(2, 12)});
  table.add({.name = "-riesz_exact", .help = "the solution, where it is known: for the error"});
}

void add_time(OptionTable& table) {
  table.group("Time: u_t + operator + r u = s; by PETSc's -ts_type (default cn)");
  table.add({.name = "-riesz_time_end",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "0: steady",
             .range = at_least(0),
             .free_on_restart = true});
  table.add({.name = "-riesz_time_step",
             .kind = OptionKind::real,
             .default_text = "0.01",
             .help = "the first one where -ts_adapt_type changes them",
             .range = above(0),
             .needs = {{"-riesz_time_end"}}});
  table.add({.name = "-riesz_initial",
             .help = "u at the time 0; default 0, or that of the known solution",
             .needs = {{"-riesz_time_end"}}});
  table.add({.name = "-riesz_output_every",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "steps between field outputs; the last is always written",
             .range = at_least(1),
             .free_on_restart = true,
             .needs = {{"-riesz_time_end"}}});
  table.add({.name = "-riesz_checkpoint_every",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "steps between checkpoints; 0: only when stopped",
             .range = at_least(0),
             .free_on_restart = true,
             .needs = {{"-riesz_time_end"}}});
  table.add({.name = "-riesz_restart",
             .help = "checkpoint to go on from",
             .free_on_restart = true,
             .needs = {{"-riesz_time_end"}}});
}

void add_studies(OptionTable& table) {
  table.group("Studies");
  table.add({.name = "-riesz_study",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "errors and orders as n doubles"});
  table.add({.name = "-riesz_study_levels",
             .kind = OptionKind::integer,
             .default_text = "4",
             .help = "how many n, beginning with -riesz_n",
             .range = between(2, 20),
             .needs = {{"-riesz_study"}}});
  table.add({.name = "-riesz_spectrum",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "eigenvalues beside the symbol, in one direction"});
}

void add_output(OptionTable& table) {
  table.group("Output");
  table.add({.name = "-riesz_output",
             .default_text = "output/riesz",
             .help = "files without .h5, .xdmf, .checkpoint; or none",
             .free_on_restart = true});
  table.add(
      {.name = "-riesz_output_cells",
       .kind = OptionKind::integers,
       .default_text = "0",
       .help = "of the plot grid; 0: one per knot span, at most 4096, 512 or 128 per direction",
       .range = between(0, 1 << 20),
       .most_items = 3,
       .free_on_restart = true});
  table.add({.name = "-riesz_export",
             .help = "HDF5 file for the matrices, Toeplitz entries, symbols, points, coefficients",
             .free_on_restart = true});
}

/// PETSc passes over names that nobody asks for; under these stems a misspelt one is an error.
void own_solver_options(OptionTable& table) {
  table.own_stem({"pc_tau_", {"correction", "tensor"}});
  table.own_stem({"mat_riesz_", {}}); // the app sets them
}

} // namespace

OptionTable riesz_options() {
  OptionTable table;
  own_solver_options(table);
  add_operator(table);
  add_equation(table);
  add_time(table);
  add_studies(table);
  add_output(table);
  return table;
}

namespace {

void refuse(const linnet::core::Options& options, const std::vector<std::string>& names,
            const std::string& with) {
  for (const std::string& name : names)
    if (options.is_set(name)) options.fail(name, "does not go with " + with);
}

void check_data(const linnet::core::Options& options) {
  const bool source = options.is_set("-riesz_source");
  if (source) refuse(options, {"-riesz_manufactured_power"}, "-riesz_source");
  if (!source && options.is_set("-riesz_exact"))
    options.fail("-riesz_exact", "needs -riesz_source; without it the solution is known");
  if (!source && options.is_set("-riesz_initial"))
    options.fail("-riesz_initial", "needs -riesz_source, which may be 0; without it the source is "
                                   "that of another solution");
}

void check_steps(const linnet::core::Options& options) {
  const double end = options.real("-riesz_time_end"), step = options.real("-riesz_time_step");
  if (end > 1e9 * step)
    options.fail("-riesz_time_step", "takes more than 1e9 steps to -riesz_time_end");
}

} // namespace

void check_options(const linnet::core::Options& options) {
  const int dim = options.integer("-riesz_dim");
  const auto n = options.integers_per_direction("-riesz_n", dim, 1);
  const auto degree = options.integers_per_direction("-riesz_degree", dim, 1);
  for (std::size_t d = 0; d < static_cast<std::size_t>(dim); ++d)
    if (n[d] <= degree[d])
      options.fail("-riesz_n", "must be at least degree + 1 = " + std::to_string(degree[d] + 1) +
                                   ", got " + std::to_string(n[d]));
  const bool study = options.boolean("-riesz_study"), spectrum = options.boolean("-riesz_spectrum");
  const bool steps = options.real("-riesz_time_end") > 0.0;
  if (study && spectrum) options.fail("-riesz_spectrum", "does not go with -riesz_study");
  if ((study || spectrum) && steps)
    options.fail("-riesz_time_end",
                 std::string("does not go with ") + (study ? "-riesz_study" : "-riesz_spectrum"));
  check_data(options);
  if (steps) check_steps(options);
  if (study) refuse(options, {"-riesz_export", "-riesz_output_cells"}, "-riesz_study");
  if (spectrum)
    refuse(options,
           {"-riesz_export", "-riesz_output_cells", "-riesz_reaction", "-riesz_coefficient",
            "-riesz_coefficient_factor", "-riesz_length", "-riesz_source", "-riesz_exact",
            "-riesz_manufactured_power"},
           "-riesz_spectrum, which is of the matrix in scaled units");
  if (study && options.is_set("-riesz_source") && !options.is_set("-riesz_exact"))
    options.fail("-riesz_study", "needs -riesz_exact where there is a -riesz_source");
  if (spectrum && dim > 1) options.fail("-riesz_spectrum", "needs -riesz_dim 1");
}

} // namespace app
