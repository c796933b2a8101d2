// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_samples.hpp"

#include <algorithm>

namespace app {

using linnet::core::above;
using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;
using linnet::core::OptionNeed;
using linnet::core::OptionTable;

namespace {

using Kinds = std::vector<std::string>;
const Kinds two_phases{"darcy_smooth", "darcy_rough"};
const Kinds random_fields{"darcy_smooth", "darcy_rough", "navier_stokes", "helmholtz",
                          "nonlinear_diffusion"};
const Kinds diffusion{"diffusion_lognormal", "diffusion_inclusions"};
const Kinds generated{"darcy_smooth",         "darcy_rough",        "darcy_multiscale",
                      "navier_stokes",        "helmholtz",          "diffusion_lognormal",
                      "diffusion_inclusions", "nonlinear_diffusion"};

std::vector<OptionNeed> needs(const Kinds& kinds) { return {{"-train_data", kinds}}; }

void add_grid(OptionTable& table) {
  table.add({.name = "-train_solve_grid",
             .kind = OptionKind::integer,
             .help =
                 "points per direction on which samples are solved, boundary included; default: "
                 "as published, 421 for darcy_smooth, 512 for darcy_rough, 1023 for "
                 "darcy_multiscale; 33 for diffusion; 64, of cells, for nonlinear_diffusion",
             .range = between(3, 16384),
             .needs = needs(generated)});
  table.add({.name = "-train_stride",
             .kind = OptionKind::integer,
             .help = "every how many-th point is kept, the first one included; default: as "
                     "published, 2 for darcy_smooth and darcy_rough, 4 for darcy_multiscale and "
                     "navier_stokes, 1 for others",
             .range = at_least(1),
             .needs = needs(field_data_kinds())});
}

void add_random_data(OptionTable& table) {
  table.add({.name = "-train_coefficient_values",
             .kind = OptionKind::reals,
             .help =
                 "coefficients where the random field is negative and where it is not; default: "
                 "3,12 for darcy_smooth, 2,12 for darcy_rough",
             .range = above(0),
             .least_items = 2,
             .most_items = 2,
             .needs = needs(two_phases)});
  table.add({.name = "-train_field_alpha",
             .kind = OptionKind::real,
             .help = "exponent of the covariance (-Laplace + tau^2)^-alpha of the random field; "
                     "default: 2, 2.5 for navier_stokes, 3 for nonlinear_diffusion",
             .range = above(0),
             .needs = needs(random_fields)});
  table.add({.name = "-train_field_tau",
             .kind = OptionKind::real,
             .help = "its inverse length; default: 3, the root of 20 for darcy_rough, 7 for "
                     "navier_stokes and nonlinear_diffusion",
             .range = above(0),
             .needs = needs(random_fields)});
}

void add_navier_stokes(OptionTable& table) {
  const auto flow = needs({"navier_stokes"});
  table.add({.name = "-train_viscosity",
             .kind = OptionKind::real,
             .default_text = "1e-5",
             .help = "of navier_stokes",
             .range = at_least(0),
             .needs = flow});
  table.add({.name = "-train_forcing",
             .kind = OptionKind::real,
             .default_text = "0.1",
             .help = "amplitude of what stirs the flow",
             .needs = flow});
  table.add({.name = "-train_time_scheme",
             .kind = OptionKind::choice,
             .default_text = "euler",
             .help = "of order 1, as published, or of order 4, with far longer steps",
             .choices = {"euler", "rk4"},
             .needs = flow});
  table.add({.name = "-train_time_step",
             .kind = OptionKind::real,
             .default_text = "1e-4",
             .help = "of the flow; divides the time between frames",
             .range = above(0),
             .needs = flow});
  table.add({.name = "-train_frame_time",
             .kind = OptionKind::real,
             .default_text = "1",
             .help = "between two frames",
             .range = above(0),
             .needs = flow});
  table.add({.name = "-train_frames",
             .kind = OptionKind::integer,
             .default_text = "20",
             .help = "after that of time 0; each is a channel",
             .range = between(1, 10000),
             .needs = flow});
}

void add_helmholtz(OptionTable& table) {
  const auto waves = needs({"helmholtz"});
  table.add({.name = "-train_frequency",
             .kind = OptionKind::real,
             .default_text = "1000",
             .help = "of the waves, omega",
             .range = above(0),
             .needs = waves});
  table.add({.name = "-train_speed",
             .kind = OptionKind::real,
             .default_text = "20",
             .help = "about which their speed varies by at most 1",
             .range = above(1),
             .needs = waves});
  table.add({.name = "-train_speed_modes",
             .kind = OptionKind::integer,
             .default_text = "100",
             .help = "of the random field in the speed",
             .range = between(1, 10000),
             .needs = waves});
}

void add_diffusion(OptionTable& table) {
  table.add({.name = "-train_deviation",
             .kind = OptionKind::real,
             .help = "of the logarithm of the coefficient; default: 1 for diffusion_lognormal, 0.5 "
                     "for nonlinear_diffusion",
             .range = between(0, 20),
             .needs = needs({"diffusion_lognormal", "nonlinear_diffusion"})});
  table.add({.name = "-train_length",
             .kind = OptionKind::real,
             .default_text = "0.2",
             .help = "on which it varies",
             .range = above(0),
             .needs = needs({"diffusion_lognormal"})});
  table.add({.name = "-train_inclusion_contrast",
             .kind = OptionKind::real,
             .default_text = "1e4",
             .help = "largest coefficient of an inclusion of diffusion_inclusions",
             .range = between(1, 1e12),
             .needs = needs({"diffusion_inclusions"})});
  table.add({.name = "-train_source_length",
             .kind = OptionKind::real,
             .help = "on which the right-hand side varies; default: 0.1 for diffusion_lognormal, "
                     "0.2 for diffusion_inclusions",
             .range = above(0),
             .needs = needs(diffusion)});
}

void add_nonlinear(OptionTable& table) {
  const auto nonlinear = needs({"nonlinear_diffusion"});
  table.add({.name = "-train_nonlinear_law",
             .kind = OptionKind::choice,
             .default_text = "quasilinear",
             .help = "what depends on u: a reaction r(u) beside the diffusion, the conductivity "
                     "k(u), or the conductivity by the gradient",
             .choices = {"reaction", "quasilinear", "p_laplacian"},
             .needs = nonlinear});
  table.add({.name = "-train_nonlinear_function",
             .help = "r or k, an expression of x, y and u; default: u^3 for reaction, "
                     "1/(1+max(u,0)) for quasilinear",
             .needs = {{"-train_nonlinear_law", {"reaction", "quasilinear"}}}});
  table.add({.name = "-train_nonlinear_exponent",
             .kind = OptionKind::real,
             .default_text = "3",
             .help = "p of the p-Laplacian",
             .range = above(1),
             .needs = {{"-train_nonlinear_law", {"p_laplacian"}}}});
  table.add({.name = "-train_nonlinear_regularisation",
             .kind = OptionKind::real,
             .default_text = "1e-3",
             .help = "its eps",
             .range = above(0),
             .needs = {{"-train_nonlinear_law", {"p_laplacian"}}}});
  table.add({.name = "-train_nonlinear_source",
             .kind = OptionKind::real,
             .default_text = "40",
             .help = "largest strength of a bump of the source",
             .range = above(0),
             .needs = nonlinear});
  table.add({.name = "-train_nonlinear_pairs",
             .kind = OptionKind::choice,
             .default_text = "solution",
             .help = "coefficient and source to the solution, or residual, coefficient and state "
                     "to the correction of the state",
             .choices = {"solution", "correction"},
             .needs = nonlinear});
}

void add_import(OptionTable& table) {
  const auto import = needs({"import"});
  table.add({.name = "-train_import_files",
             .kind = OptionKind::strings,
             .help = "HDF5 files, also of MATLAB from version 7.3 on, whose samples follow each "
                     "other",
             .needs = import});
  table.add(
      {.name = "-train_import_ranges",
       .kind = OptionKind::strings,
       .help = "samples of each file, first:end without the end, counted from 0; default: all",
       .needs = import});
  table.add({.name = "-train_import_input",
             .kind = OptionKind::strings,
             .default_text = "coeff",
             .help = "datasets of the input, whose channels follow each other",
             .needs = {{"-train_import_trajectory", {""}}}});
  table.add({.name = "-train_import_output",
             .kind = OptionKind::strings,
             .default_text = "sol",
             .help = "datasets of the output; none: inputs alone, to predict with",
             .needs = {{"-train_import_trajectory", {""}}}});
  table.add({.name = "-train_import_points",
             .help = "dataset of the points at which the output of functions at sensors is given: "
                     "(point, coordinate), or (sample, point, coordinate); the input is then "
                     "(sample, sensor), and the output (sample, point) or (sample, output, point)",
             .needs = {{"-train_import_trajectory", {""}}}});
  table.add({.name = "-train_import_trajectory",
             .kind = OptionKind::strings,
             .help = "datasets of the frames of a vorticity, in place of input and output",
             .needs = import});
  table.add({.name = "-train_import_axes",
             .kind = OptionKind::strings,
             .help = "what the directions of a dataset are, in the order of the program that wrote "
                     "it; datasets may lack time or channel, and those of functions on a line "
                     "y; default: sample,y,x or, of a trajectory, sample,x,y,time",
             .choices = {"sample", "channel", "time", "x", "y", "z"},
             .most_items = 5,
             .needs = import});
}

} // namespace

const std::vector<std::string>& field_data_kinds() {
  static const Kinds kinds = [] {
    Kinds all = generated;
    all.push_back("import");
    return all;
  }();
  return kinds;
}

bool is_field_data(const linnet::core::Options& options) {
  const Kinds& kinds = field_data_kinds();
  return std::find(kinds.begin(), kinds.end(), options.choice("-train_data")) != kinds.end();
}

void add_field_data(OptionTable& table) {
  table.group("Samples of fields");
  add_grid(table);
  add_random_data(table);
  add_navier_stokes(table);
  add_helmholtz(table);
  add_diffusion(table);
  add_nonlinear(table);
  table.group("Samples of fields from files of other programs (-train_data import)");
  add_import(table);
}

} // namespace app
