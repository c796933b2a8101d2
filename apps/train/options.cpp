// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

#include "deeponet_options.hpp"
#include "field_options.hpp"
#include "field_samples.hpp"
#include "meta_options.hpp"
#include "multichannel_network.hpp"
#include "waves.hpp"

#include <cmath>
#include <cstdlib>

namespace app {

using linnet::core::above;
using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;
using linnet::core::OptionTable;

namespace {

/// Of a part or a number of samples.
std::string validation_problem(std::string_view text) {
  const double value = std::strtod(std::string(text).c_str(), nullptr);
  if (value <= 0.9 || (value >= 1.0 && value == std::floor(value))) return "";
  return "must be a part of at most 0.9 or a whole number, got " + std::string(text);
}

/// Training for matrices: fields bring their own grid and loss.
std::vector<linnet::core::OptionNeed> matrix_data() {
  return {{"-train_data", {"ritz", "met", "noise"}}};
}

void add_network(OptionTable& table) {
  table.group("Network and operator");
  table.add({.name = "-train_network",
             .default_text = "dcdm64",
             .help = "dcdm64, dcdm128, npsdo, multichannel, mgno, deeponet, a graph as JSON: "
                     "file.json, or for -pc_type mgno the weights of its cycle around obstacles: "
                     "cycle, or its interpolation: interpolation; for -pc_type basis its vectors: "
                     "basis"});
  table.add({.name = "-train_levels",
             .kind = OptionKind::integer,
             .default_text = "4",
             .help = "grids of npsdo below the finest",
             .range = between(1, 8),
             .needs = {{"-train_network", {"npsdo"}}}});
  table.add({.name = "-train_start",
             .help = "model to start from: for a network, its parameters of the same name and "
                     "shape; for a cycle, its weights: with -train_evaluations 1 it is judged as "
                     "it is"});
  table.add({.name = "-train_dim",
             .kind = OptionKind::integer,
             .default_text = "3",
             .help = "space dimensions",
             .range = between(2, 3),
             .needs = matrix_data()});
  table.add({.name = "-train_grid",
             .kind = OptionKind::integers,
             .default_text = "32",
             .help = "points nx,ny[,nz]; one number for all directions",
             .range = between(2, 1 << 20),
             .most_items = 3,
             .needs = matrix_data()});
  table.add({.name = "-train_matrix",
             .help = "symmetric matrix of the grid in PETSc's binary format (-ksp_view_mat "
                     "binary:FILE); default: the Laplacian of a box with no flux through its walls "
                     "and u = 0 in its uppermost cells",
             .needs = matrix_data()});
}

void add_operators(OptionTable& table) {
  table.group("Many operators");
  table.add({.name = "-train_operators",
             .kind = OptionKind::choice,
             .default_text = "tanks",
             .help =
                 "tanks with a free surface around random obstacles; diffusion in random media; "
                 "waves in a square cavity",
             .choices = {"tanks", "media", "waves"},
             .needs = {{"-train_geometries"}}});
  table.add({.name = "-train_geometries",
             .kind = OptionKind::integer,
             .help = "how many, those held out included for a network, apart from them for a "
                     "cycle; default: 8 for a cycle, none for a network: one matrix",
             .range = between(1, 100000),
             .needs = matrix_data()});
}

void add_media(OptionTable& table) {
  table.group("Random media");
  const std::vector<linnet::core::OptionNeed> media{{"-train_network", {"interpolation"}},
                                                    {"-train_operators", {"media"}}};
  table.add({.name = "-train_media",
             .kind = OptionKind::strings,
             .default_text = "white_noise,lognormal,two_phase,checkerboard,channels",
             .help = "kinds of media that patches are drawn from",
             .needs = media});
  table.add({.name = "-train_contrast",
             .kind = OptionKind::real,
             .default_text = "1e6",
             .help = "largest one of a medium; drawn from 10 on",
             .range = between(10, 1e8),
             .needs = media});
}

void add_tanks(OptionTable& table) {
  table.group("Tanks with a free surface around random obstacles");
  const std::vector<linnet::core::OptionNeed> tanks{{"-train_network", {"cycle"}},
                                                    {"-train_geometries"}};
  table.add({.name = "-train_obstacles",
             .default_text = "random_spheres:12,0.03,0.12; random_boxes:12,0.02,0.12",
             .help = "random shapes in a unit box, drawn anew for every geometry",
             .needs = tanks});
  table.add({.name = "-train_air",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "most layers of air at the top; from 1 on drawn anew for every geometry",
             .range = at_least(1),
             .needs = tanks});
}

void add_data(OptionTable& table) {
  table.group("Samples");
  std::vector<std::string> kinds{"ritz", "met", "noise"};
  for (const auto& more : {field_data_kinds(), operator_data_kinds()})
    kinds.insert(kinds.end(), more.begin(), more.end());
  table.add({.name = "-train_data",
             .kind = OptionKind::choice,
             .default_text = "ritz",
             .help = "right-hand sides mixed of Ritz vectors of the matrix; residuals of flows "
                     "that conjugate gradients meet; white noise, for losses without solutions; "
                     "fields of a PDE with random data; functions at sensors, and what an operator "
                     "makes of them",
             .choices = kinds});
  table.add({.name = "-train_met_steps",
             .kind = OptionKind::integer,
             .default_text = "20",
             .help = "most steps of conjugate gradients; from 0 on drawn anew for every sample",
             .range = between(0, 100000),
             .needs = {{"-train_data", {"met"}}}});
  table.add({.name = "-train_met_pc",
             .kind = OptionKind::choice,
             .default_text = "icc",
             .help = "their preconditioner",
             .choices = {"none", "icc", "boxmg"},
             .needs = {{"-train_data", {"met"}}}});
  table.add({.name = "-train_samples",
             .kind = OptionKind::integer,
             .default_text = "1000",
             .help = "how many; default of -train_data import: all that the files hold",
             .range = between(1, 100000000)});
  table.add({.name = "-train_samples_file",
             .help = "where they are kept; made anew where it holds others; without it "
                     "-train_output with .samples.h5 behind",
             .free_on_restart = true});
  table.add({.name = "-train_ritz_steps",
             .kind = OptionKind::integer,
             .default_text = "1600",
             .help = "Lanczos steps, no more than the matrix has rows",
             .range = between(2, 46000),
             .needs = {{"-train_data", {"ritz"}}}});
  table.add({.name = "-train_ritz_memory",
             .kind = OptionKind::real,
             .default_text = "8000",
             .help = "most memory of a rank for the Lanczos basis",
             .unit = "MB",
             .range = above(0),
             .free_on_restart = true,
             .needs = {{"-train_data", {"ritz"}}}});
  table.add({.name = "-train_seed",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "of samples, initial parameters and order",
             .range = at_least(0)});
}

void add_optimisation(OptionTable& table) {
  table.group("Optimisation");
  table.add({.name = "-train_loss",
             .kind = OptionKind::choice,
             .default_text = "line_search",
             .help =
                 "|b - a A d|^2 with the a of conjugate gradients; the contraction of the energy "
                 "error; |b - A d|; |b - a A d|^2 with the least a, for indefinite matrices",
             .choices = {"line_search", "energy", "residual", "minimal_residual"},
             .needs = matrix_data()});
  table.add({.name = "-train_solver_steps",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "most steps of the solver, with the network as it is, from a sample to the "
                     "residual of its loss; from 0 on drawn for every sample",
             .range = between(0, 1000),
             .needs = matrix_data()});
  table.add({.name = "-train_epochs",
             .kind = OptionKind::integer,
             .default_text = "10",
             .help = "passes over the training samples; 0 makes samples of fields alone",
             .range = at_least(0),
             .free_on_restart = true});
  table.add({.name = "-train_batch",
             .kind = OptionKind::integer,
             .default_text = "10",
             .help = "samples per step",
             .range = at_least(1)});
  table.add({.name = "-train_shards",
             .kind = OptionKind::integer,
             .default_text = "64",
             .help = "most parts of a batch, which is as many ranks as share a step; sums over "
                     "parts are exact, so that results depend on this and not on the ranks",
             .range = between(1, 65536)});
  table.add({.name = "-train_validation",
             .kind = OptionKind::real,
             .default_text = "0.1",
             .help = "samples held out, behind those to train on: below 1 a part of them, of many "
                     "geometries a part of these; from 1 on how many",
             .range = at_least(0),
             .problem = validation_problem});
  table.add({.name = "-train_optimiser",
             .kind = OptionKind::choice,
             .default_text = "adam",
             .help = "of the parameters",
             .choices = {"adam", "adamw", "muon", "sgd"}});
  table.add({.name = "-train_weight_decay",
             .kind = OptionKind::real,
             .default_text = "0.01",
             .help = "of weights, times the rate",
             .range = at_least(0),
             .needs = {{"-train_optimiser", {"adamw", "muon"}}}});
  table.add({.name = "-train_epsilon",
             .kind = OptionKind::real,
             .default_text = "1e-8",
             .help =
                 "of Adam's steps m / (sqrt(v) + epsilon): far below the size of gradients, which "
                 "is small where solutions are",
             .range = above(0)});
  table.add({.name = "-train_l2",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "so many times the parameters are added to the gradient",
             .range = at_least(0),
             .needs = {{"-train_optimiser", {"adam"}}}});
  table.add({.name = "-train_clamp",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "largest element of a gradient; 0: any",
             .range = at_least(0)});
  table.add({.name = "-train_clip",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "largest norm of a gradient; 0: any",
             .range = at_least(0)});
  table.add({.name = "-train_rate",
             .kind = OptionKind::real,
             .default_text = "1e-4",
             .help = "learning rate",
             .range = above(0)});
  table.add({.name = "-train_schedule",
             .kind = OptionKind::choice,
             .default_text = "constant",
             .help = "of the learning rate; one_cycle changes it from epoch to epoch, up and down, "
                     "and the momentum down from 0.95 to 0.85 and up",
             .choices = {"constant", "cosine", "inverse_time", "inverse_square_root", "step",
                         "one_cycle"}});
  table.add({.name = "-train_warm_up",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "steps through which the rate rises",
             .range = at_least(0)});
  table.add({.name = "-train_schedule_steps",
             .kind = OptionKind::integer,
             .default_text = "10000",
             .help = "cosine: steps to the final rate; step: steps between two cuts",
             .range = at_least(1),
             .needs = {{"-train_schedule", {"cosine", "step"}}}});
  table.add({.name = "-train_final_fraction",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "cosine: final over full rate; one_cycle: final over first rate",
             .range = between(0, 1),
             .needs = {{"-train_schedule", {"cosine", "one_cycle"}}}});
  table.add({.name = "-train_start_fraction",
             .kind = OptionKind::real,
             .default_text = "0.04",
             .help = "one_cycle: first over full rate",
             .range = between(0, 1),
             .needs = {{"-train_schedule", {"one_cycle"}}}});
  table.add({.name = "-train_rise",
             .kind = OptionKind::real,
             .default_text = "0.3",
             .help = "one_cycle: part of the epochs through which the rate rises",
             .range = between(0, 1),
             .needs = {{"-train_schedule", {"one_cycle"}}}});
  table.add({.name = "-train_decay",
             .kind = OptionKind::real,
             .default_text = "1e-4",
             .help = "inverse_time and inverse_square_root: decay per step",
             .range = at_least(0),
             .needs = {{"-train_schedule", {"inverse_time", "inverse_square_root"}}}});
  table.add({.name = "-train_factor",
             .kind = OptionKind::real,
             .default_text = "0.5",
             .help = "step: factor of a cut",
             .range = between(0, 1),
             .needs = {{"-train_schedule", {"step"}}}});
}

void add_cycle(OptionTable& table) {
  table.group("Weights of the cycle around obstacles (-train_network cycle)");
  const std::vector<linnet::core::OptionNeed> cycle{{"-train_network", {"cycle"}}};
  table.add({.name = "-train_held_out",
             .kind = OptionKind::integer,
             .default_text = "40",
             .help = "geometries or media of other seeds, for the verdict at the end",
             .range = between(1, 100000),
             .free_on_restart = true,
             .needs = {{"-train_network", {"cycle", "interpolation"}}}});
  table.add({.name = "-train_cg_steps",
             .kind = OptionKind::integer,
             .default_text = "8",
             .help = "steps of CG whose mean reduction of the residual is the objective",
             .range = between(1, 1000),
             .needs = cycle});
  table.add({.name = "-train_evaluations",
             .kind = OptionKind::integer,
             .default_text = "400",
             .help = "of the objective, by a (1+1) evolution strategy",
             .range = at_least(1),
             .free_on_restart = true,
             .needs = cycle});
}

void add_interpolation(OptionTable& table) {
  table.group("Interpolation of black-box multigrid (-train_network interpolation)");
  const std::vector<linnet::core::OptionNeed> interpolation{{"-train_network", {"interpolation"}}};
  table.add({.name = "-train_power_steps",
             .kind = OptionKind::integer,
             .default_text = "6",
             .help = "cycles that a random error goes through before the one that is the loss",
             .range = between(0, 1000),
             .needs = interpolation});
  table.add({.name = "-train_held_out_scale",
             .kind = OptionKind::integer,
             .default_text = "4",
             .help = "cells of media held out over those of patches, per direction",
             .range = between(1, 64),
             .free_on_restart = true,
             .needs = interpolation});
}

void add_basis(OptionTable& table) {
  table.group("Vectors of a coarse space (-train_network basis)");
  const std::vector<linnet::core::OptionNeed> basis{{"-train_network", {"basis"}}};
  table.add({.name = "-train_basis_size",
             .kind = OptionKind::integer,
             .default_text = "64",
             .help = "most modes that are kept",
             .range = between(1, 100000),
             .needs = basis});
  table.add({.name = "-train_basis_field",
             .default_text = "solution",
             .help = "field of the samples whose modes they are; each channel is a snapshot",
             .needs = basis});
  table.add({.name = "-train_basis_normalise",
             .kind = OptionKind::boolean,
             .default_text = "yes",
             .help = "all snapshots count alike, else by their size",
             .needs = basis});
  table.add({.name = "-train_basis_points",
             .kind = OptionKind::choice,
             .default_text = "nodes",
             .help = "where the points of the samples lie on their box: nodes on its boundary "
                     "included, or centres of cells",
             .choices = {"nodes", "cell_centers"},
             .needs = basis});
  table.add({.name = "-train_basis_zero",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "cell_centers: the solutions vanish on the boundary of the box",
             .needs = {{"-train_basis_points", {"cell_centers"}}}});
}

void add_output(OptionTable& table) {
  table.group("Output");
  table.add({.name = "-train_output",
             .default_text = "output/train",
             .help = "files without .model.h5, .history.csv, .history.h5, .checkpoint",
             .free_on_restart = true});
  table.add({.name = "-train_checkpoint_every",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help =
                 "epochs, or evaluations of a cycle, between checkpoints, at least; 0: only when "
                 "stopped and at the end",
             .range = at_least(0),
             .free_on_restart = true});
  table.add({.name = "-train_checkpoint_pause",
             .kind = OptionKind::real,
             .default_text = "30",
             .help = "least time between checkpoints",
             .unit = "seconds",
             .range = at_least(0),
             .free_on_restart = true});
  table.add(
      {.name = "-train_restart", .help = "checkpoint to go on from", .free_on_restart = true});
}

} // namespace

OptionTable train_options() {
  OptionTable table;
  add_network(table);
  add_multichannel(table);
  add_operators(table);
  add_tanks(table);
  add_media(table);
  add_waves(table);
  add_data(table);
  add_field_data(table);
  add_optimisation(table);
  add_field_training(table);
  add_deeponet(table);
  add_meta(table);
  add_cycle(table);
  add_interpolation(table);
  add_basis(table);
  add_output(table);
  return table;
}

linnet::nn::DirectionTaskOptions task_options(const linnet::core::Options& options) {
  linnet::nn::DirectionTaskOptions task;
  task.loss = options.choice_as<linnet::nn::DirectionLossType>("-train_loss");
  task.solver_steps = options.integer("-train_solver_steps");
  task.seed = static_cast<std::uint64_t>(options.integer64("-train_seed"));
  return task;
}

linnet::nn::TrainerOptions trainer_options(const linnet::core::Options& options) {
  linnet::nn::TrainerOptions t;
  t.batch = options.integer64("-train_batch");
  t.shards = options.integer("-train_shards");
  t.validation = options.real("-train_validation");
  t.clamp = options.real("-train_clamp");
  t.clip = options.real("-train_clip");
  t.seed = static_cast<std::uint64_t>(options.integer64("-train_seed"));
  t.optimiser.type = options.choice_as<linnet::nn::OptimiserType>("-train_optimiser");
  t.optimiser.epsilon = options.real("-train_epsilon");
  t.optimiser.weight_decay = options.real("-train_weight_decay");
  t.optimiser.l2 = options.real("-train_l2");
  t.schedule.type = options.choice_as<linnet::nn::ScheduleType>("-train_schedule");
  t.schedule.rate = options.real("-train_rate");
  t.schedule.warm_up = options.integer64("-train_warm_up");
  t.schedule.steps = t.schedule.period = options.integer64("-train_schedule_steps");
  t.schedule.final_fraction = options.real("-train_final_fraction");
  t.schedule.decay = options.real("-train_decay");
  t.schedule.factor = options.real("-train_factor");
  t.schedule.start_fraction = options.real("-train_start_fraction");
  t.schedule.rise = options.real("-train_rise");
  return t;
}

linnet::nn::TrainerOptions with_epochs(const linnet::core::Options& options,
                                       linnet::nn::TrainerOptions training, std::int64_t samples) {
  const std::int64_t count = linnet::nn::split_samples(samples, training).training;
  if (training.schedule.type == linnet::nn::ScheduleType::one_cycle) {
    training.schedule.period = count / training.batch;
    training.schedule.steps = options.integer64("-train_epochs") * training.schedule.period;
  }
  return training;
}

std::string recipe(const linnet::core::Options& options) {
  // Rates of one cycle depend on how long it is.
  const bool has_cycle = options.choice("-train_schedule") == "one_cycle";
  const auto depends_on = [&](const std::string& name) {
    return name == "-train_epochs" && has_cycle;
  };
  std::string text;
  for (const auto& spec : options.table().specs())
    if (spec.name.starts_with("-train_") && (!spec.free_on_restart || depends_on(spec.name)))
      text += (text.empty() ? "" : " ") + spec.name + " " + options.text(spec.name);
  return text;
}

} // namespace app
