// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

#include <linnet/problems/diffusion/boundary.hpp>

namespace app {

using linnet::core::above;
using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;
using linnet::core::OptionTable;

namespace {

/// The media that a Gaussian random field makes.
std::vector<std::string> random_field() { return {"lognormal", "two_phase", "darcy"}; }

void add_grid(OptionTable& table) {
  table.group("Grid");
  table.add({.name = "-diffusion_dim",
             .kind = OptionKind::integer,
             .default_text = "3",
             .help = "space dimensions",
             .range = between(2, 3)});
  table.add({.name = "-diffusion_grid",
             .kind = OptionKind::integers,
             .default_text = "64",
             .help = "cells nx,ny[,nz]; one number for all directions",
             .range = between(1, 1 << 20),
             .most_items = 3});
  table.add({.name = "-diffusion_extent",
             .kind = OptionKind::reals,
             .default_text = "1",
             .help = "side lengths of the box, low corner at 0",
             .range = above(0),
             .most_items = 3});
}

void add_medium(OptionTable& table) {
  table.group("Conductivity");
  table.add({.name = "-diffusion_medium",
             .kind = OptionKind::choice,
             .default_text = "constant",
             .help = "kind of medium",
             .choices = {"constant", "lognormal", "two_phase", "darcy", "checkerboard",
                         "inclusions", "channels", "anisotropic", "rotated", "file"}});
  table.add({.name = "-diffusion_medium_file",
             .help = "of file: file.h5:/dataset of the cells",
             .needs = {{"-diffusion_medium", {"file"}}}});
  table.add({.name = "-diffusion_medium_background",
             .kind = OptionKind::real,
             .default_text = "1",
             .help = "conductivity of the first phase",
             .range = above(0),
             .needs = {{"-diffusion_medium",
                        {"constant", "lognormal", "two_phase", "checkerboard", "inclusions",
                         "channels", "anisotropic", "rotated"}}}});
  table.add(
      {.name = "-diffusion_contrast",
       .kind = OptionKind::real,
       .default_text = "1e4",
       .help = "of the second phase to the first; inclusions: the largest",
       .range = between(1e-8, 1e8),
       .needs = {{"-diffusion_medium", {"two_phase", "checkerboard", "inclusions", "channels"}}}});
  table.add({.name = "-diffusion_medium_phases",
             .kind = OptionKind::reals,
             .default_text = "3,12",
             .help = "darcy: the two conductivities",
             .range = above(0),
             .least_items = 2,
             .most_items = 2,
             .needs = {{"-diffusion_medium", {"darcy"}}}});
  table.add({.name = "-diffusion_medium_alpha",
             .kind = OptionKind::real,
             .default_text = "3",
             .help = "random field: exponent of (-Laplace + tau^2)^-alpha",
             .range = above(0),
             .needs = {{"-diffusion_medium", random_field()}}});
  table.add({.name = "-diffusion_medium_tau",
             .kind = OptionKind::real,
             .default_text = "7",
             .help = "random field: inverse length",
             .range = above(0),
             .needs = {{"-diffusion_medium", random_field()}}});
  table.add({.name = "-diffusion_medium_deviation",
             .kind = OptionKind::real,
             .default_text = "1",
             .help = "lognormal: standard deviation of log(kappa)",
             .range = at_least(0),
             .needs = {{"-diffusion_medium", {"lognormal"}}}});
  table.add({.name = "-diffusion_medium_blocks",
             .kind = OptionKind::integers,
             .default_text = "8",
             .help = "checkerboard: blocks per direction, by default no more than cells",
             .range = at_least(1),
             .most_items = 3,
             .needs = {{"-diffusion_medium", {"checkerboard"}}}});
  table.add({.name = "-diffusion_medium_channels",
             .kind = OptionKind::integer,
             .default_text = "4",
             .help = "channels: how many",
             .range = between(1, 10000),
             .needs = {{"-diffusion_medium", {"channels"}}}});
  table.add({.name = "-diffusion_medium_channel_width",
             .kind = OptionKind::real,
             .default_text = "0.06",
             .help = "channels: width over the shortest side",
             .range = above(0),
             .needs = {{"-diffusion_medium", {"channels"}}}});
  table.add({.name = "-diffusion_medium_ratios",
             .kind = OptionKind::reals,
             .default_text = "1",
             .help = "anisotropic: factor per direction",
             .range = above(0),
             .most_items = 3,
             .needs = {{"-diffusion_medium", {"anisotropic"}}}});
  table.add({.name = "-diffusion_medium_angle",
             .kind = OptionKind::real,
             .default_text = "30",
             .help = "rotated: from x to the good direction",
             .unit = "degrees",
             .needs = {{"-diffusion_medium", {"rotated"}}}});
  table.add({.name = "-diffusion_medium_ratio",
             .kind = OptionKind::real,
             .default_text = "100",
             .help = "rotated: good over bad conductivity",
             .range = between(1, 1e8),
             .needs = {{"-diffusion_medium", {"rotated"}}}});
  table.add({.name = "-diffusion_seed",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "of everything random",
             .range = at_least(0),
             .needs = {{"-diffusion_medium",
                        {"lognormal", "two_phase", "darcy", "inclusions", "channels"}},
                       {"-diffusion_obstacles", {"*random_*"}},
                       {"-diffusion_source", {"random_divergence"}}}});
  table.add({.name = "-diffusion_conductivity_factor",
             .help = "expression of x,y,z,t that multiplies the medium"});
}

void add_obstacles(OptionTable& table) {
  table.group("Solid obstacles and held cells");
  table.add({.name = "-diffusion_obstacles",
             .help =
                 "shapes, e.g. \"sphere:0.5,0.5,0.5,0.2; mask:file.h5,dataset\"; one that turns: "
                 "\"box:0.3,0.4,0.3,0.7,0.6,0.7; turn:0.5,0.5,0.5,0,0,1,rate\""});
  table.add({.name = "-diffusion_obstacles_wall",
             .kind = OptionKind::choice,
             .default_text = "no_flux",
             .help = "their surface: no flux, or u fixed",
             .choices = {"no_flux", "fixed_value"},
             .needs = {{"-diffusion_obstacles"}}});
  table.add({.name = "-diffusion_obstacles_value",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "u in and on obstacles of fixed value",
             .needs = {{"-diffusion_obstacles_wall", {"fixed_value"}}}});
  table.add({.name = "-diffusion_compress_solids",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "solve for the fluid cells alone (for PETSc's own preconditioners)",
             .free_on_restart = true,
             .needs = {{"-diffusion_obstacles"}, {"-diffusion_held"}}});
  table.add({.name = "-diffusion_held",
             .help = "expression of x,y,z: u is held in the cells outside obstacles whose centre "
                     "has it positive"});
  table.add({.name = "-diffusion_held_value",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "u in held cells",
             .needs = {{"-diffusion_held"}}});
}

void add_equation(OptionTable& table) {
  table.group("Sources and boundaries; values: expression of x,y,z,t, file.h5:/dataset, exact");
  table.add({.name = "-diffusion_source",
             .help = "f, or random_divergence: -div of a random velocity; default 1 without "
                     "boundary options, else 0"});
  table.add({.name = "-diffusion_reaction",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "coefficient of u",
             .range = at_least(0)});
  std::vector<std::string> members;
  for (const std::string face : linnet::problems::face_names)
    for (const char* part : {"", "_value", "_coefficient"}) members.push_back(face + part);
  table.add({.name = "-diffusion_bc_*",
             .help = "x_lo (x_hi, y_lo, ...): dirichlet (default), neumann, robin or periodic; "
                     "x_lo_value: of u, K grad u.n, K grad u.n + c u (default 0); "
                     "x_lo_coefficient: c (default 1)",
             .members = members,
             .needs = {{"-diffusion_bc_*", {"", "dirichlet", "neumann", "robin"}, "_value"},
                       {"-diffusion_bc_*", {"robin"}, "_coefficient"}}});
  table.add({.name = "-diffusion_compatibility",
             .kind = OptionKind::choice,
             .default_text = "error",
             .help = "data that do not balance where nothing fixes u",
             .choices = {"error", "project"}});
  table.add({.name = "-diffusion_manufactured",
             .help = "solution as expression, or trigonometric, polynomial, exponential"});
}

void add_nonlinear(OptionTable& table) {
  table.group("Nonlinear: -div(K k grad u) + reaction u + r = f, or in time, by PETSc's SNES");
  table.add({.name = "-diffusion_nonlinear",
             .kind = OptionKind::choice,
             .default_text = "none",
             .help = "what depends on u: r(u), k(u), or k = (eps^2 + |grad u|^2)^((p-2)/2)",
             .choices = {"none", "reaction", "quasilinear", "p_laplacian"}});
  table.add({.name = "-diffusion_nonlinear_function",
             .help = "r or k, expression of x,y,z,u",
             .needs = {{"-diffusion_nonlinear", {"reaction", "quasilinear"}}}});
  table.add({.name = "-diffusion_nonlinear_exponent",
             .kind = OptionKind::real,
             .default_text = "3",
             .help = "p",
             .range = above(1),
             .needs = {{"-diffusion_nonlinear", {"p_laplacian"}}}});
  table.add({.name = "-diffusion_nonlinear_regularisation",
             .kind = OptionKind::real,
             .default_text = "1e-3",
             .help = "eps, in units of |grad u|",
             .range = above(0),
             .needs = {{"-diffusion_nonlinear", {"p_laplacian"}}}});
  table.add({.name = "-diffusion_nonlinear_start",
             .help =
                 "u that Newton's method starts from, expression of x,y,z; default: the solution "
                 "with k = 1 and r = 0, or 0 where nothing fixes that",
             .needs = {{"-diffusion_nonlinear", {"reaction", "quasilinear", "p_laplacian"}}}});
}

void add_time(OptionTable& table) {
  table.group("Time steps: capacity u_t = div(K grad u) - reaction u + f");
  table.add({.name = "-diffusion_time_steps",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "number of steps; 0: steady",
             .range = at_least(0),
             .free_on_restart = true});
  table.add({.name = "-diffusion_time_step",
             .kind = OptionKind::real,
             .default_text = "0.01",
             .help = "length of a step",
             .range = above(0),
             .needs = {{"-diffusion_time_steps"}}});
  table.add({.name = "-diffusion_time_scheme",
             .kind = OptionKind::choice,
             .default_text = "backward_euler",
             .help = "time discretisation; quasi_steady: each step solves the steady equation",
             .choices = {"backward_euler", "crank_nicolson", "quasi_steady"},
             .needs = {{"-diffusion_time_steps"}}});
  table.add({.name = "-diffusion_capacity",
             .kind = OptionKind::real,
             .default_text = "1",
             .help = "factor of u_t",
             .range = above(0),
             .needs = {{"-diffusion_time_scheme", {"backward_euler", "crank_nicolson"}}}});
  table.add({.name = "-diffusion_initial",
             .default_text = "0",
             .help = "u at the time 0",
             .needs = {{"-diffusion_time_scheme", {"backward_euler", "crank_nicolson"}}}});
  table.add({.name = "-diffusion_time_guess",
             .kind = OptionKind::choice,
             .default_text = "previous",
             .help = "what a solve starts from: u of the step before, or zero",
             .choices = {"previous", "zero"},
             .free_on_restart = true,
             .needs = {{"-diffusion_time_steps"}}});
  table.add({.name = "-diffusion_output_every",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "steps between field outputs; the last is always written",
             .range = at_least(1),
             .free_on_restart = true,
             .needs = {{"-diffusion_time_steps"}}});
  table.add({.name = "-diffusion_checkpoint_every",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "steps between checkpoints; 0: only when stopped",
             .range = at_least(0),
             .free_on_restart = true,
             .needs = {{"-diffusion_time_steps"}}});
  table.add(
      {.name = "-diffusion_restart", .help = "checkpoint to go on from", .free_on_restart = true});
}

/// PETSc passes over names that nobody asks for; under these stems a misspelt one is an error.
void own_solver_options(OptionTable& table) {
  table.own_stem({"pc_boxmg_",
                  {"precision", "grid", "periodic", "smoother", "smooth", "coarse", "reuse",
                   "levels", "skip_empty", "coarse_limit", "agglomerate_limit"}});
  table.own_stem({"pc_neural_",
                  {"model", "model_bytes", "odd", "grid", "periodic", "sweeps", "smoother_damping",
                   "any_ksp", "points", "sensors"}});
  table.own_stem({"mat_stencil_", {}}); // it has no options
  table.own_stem({"ksp_cgfused_", {"flexible", "precision"}});
  table.own_stem(
      {"ksp_guess_retrieval_", {"neighbours", "capacity", "keys", "tolerance", "store"}});
  table.own_stem({"ksp_guess_operator_", {"model", "points", "sensors"}});
  table.own_stem(
      {"ksp_dcdm_", {"mmax", "gs", "true_residual_every", "normalise", "monitor_conjugacy"}});
}

} // namespace

OptionTable diffusion_options() {
  OptionTable table;
  own_solver_options(table);
  add_grid(table);
  add_medium(table);
  add_obstacles(table);
  add_equation(table);
  add_nonlinear(table);
  add_time(table);
  table.group("Output");
  table.add({.name = "-diffusion_output",
             .default_text = "output/diffusion",
             .help = "field files without .h5, .xdmf, .checkpoint; or none",
             .free_on_restart = true});
  return table;
}

} // namespace app
