// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_options.hpp"

#include "deeponet_options.hpp"
#include "field_samples.hpp"

namespace app {

using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;
using linnet::core::OptionNeed;
using linnet::core::Options;
using linnet::core::OptionTable;
using linnet::nn::MgnoOptions;

namespace {

const std::vector<OptionNeed> mgno{{"-train_network", {"mgno"}}};

std::vector<OptionNeed> fields() { return {{"-train_data", field_data_kinds()}}; }

/// Of fields, or of functions at sensors.
std::vector<OptionNeed> solved() {
  std::vector<OptionNeed> needs = fields();
  needs.push_back({"-train_data", operator_data_kinds()});
  return needs;
}

void add_cycle_shape(OptionTable& table) {
  table.group("Multigrid neural operator (-train_network mgno)");
  table.add({.name = "-train_mgno_layers",
             .kind = OptionKind::integer,
             .default_text = "4",
             .help = "multigrid cycles behind each other",
             .range = between(1, 100),
             .needs = mgno});
  table.add({.name = "-train_mgno_steps",
             .kind = OptionKind::integers,
             .default_text = "1,1,1,1,2",
             .help = "smoothing steps before the correction, one number for each grid from the "
                     "finest on: so many grids has a cycle",
             .range = between(1, 100),
             .most_items = 16,
             .needs = mgno});
  table.add({.name = "-train_mgno_post_steps",
             .kind = OptionKind::integers,
             .default_text = "0",
             .help = "after the correction: one number for all grids but the coarsest, or one for "
                     "each of these",
             .range = between(0, 100),
             .most_items = 15,
             .needs = mgno});
  table.add({.name = "-train_mgno_channels",
             .kind = OptionKind::integers,
             .default_text = "24",
             .help = "of the solution in a cycle: one number for all grids, or one for each, "
                     "multiples of the first",
             .range = between(1, 4096),
             .most_items = 16,
             .needs = mgno});
  table.add({.name = "-train_mgno_padding",
             .kind = OptionKind::choice,
             .default_text = "zero",
             .help = "what kernels read beyond the border: zeros as for u = 0 there, mirror images "
                     "as without flux, or the other side",
             .choices = {"zero", "reflect", "periodic"},
             .needs = mgno});
  table.add({.name = "-train_mgno_coarsening",
             .kind = OptionKind::choice,
             .default_text = "even",
             .help = "points of the next coarser grid: those numbered 0, 2, 4, or 1, 3, 5",
             .choices = {"even", "odd"},
             .needs = mgno});
}

void add_cycle_parts(OptionTable& table) {
  const auto flag = [&](const char* name, const char* text, const char* help) {
    table.add({.name = name,
               .kind = OptionKind::boolean,
               .default_text = text,
               .help = help,
               .needs = mgno});
  };
  flag("-train_mgno_restrict_residual", "no",
       "coarser grids get the residual and start from zero, as in multigrid; else they get the "
       "right-hand side and a start");
  flag("-train_mgno_bias", "no", "in smoothers and operators");
  flag("-train_mgno_skip", "yes", "a matrix over the channels and a bias beside each cycle");
  flag("-train_mgno_first_operator", "no",
       "an operator for the first smoothing step of a grid, too, which changes nothing but the "
       "number of parameters");
  flag("-train_mgno_cycle_head", "no", "the result is a cycle, not a matrix over the channels");
  flag("-train_mgno_increment", "no", "the input is added to the result");
  table.add({.name = "-train_mgno_norm",
             .kind = OptionKind::choice,
             .default_text = "none",
             .help = "where fields are normalised, which fixes the grid: nowhere, after each "
                     "correction, after each cycle",
             .choices = {"none", "correction", "cycle"},
             .needs = mgno});
}

void add_pairs(OptionTable& table) {
  table.group("Training from field to field");
  table.add({.name = "-train_field_loss",
             .kind = OptionKind::choice,
             .default_text = "l2",
             .help = "|p - y| / |y| in L2, in H1 by whole wavenumbers below 20, in the semi-norm "
                     "of H1; or |p - y| in H1 by central differences",
             .choices = {"l2", "h1_spectral", "h1_semi", "h1_difference"},
             .needs = fields()});
  const auto normalisation = [&](const char* name, const char* help) {
    table.add({.name = name,
               .kind = OptionKind::choice,
               .default_text = "none",
               .help = help,
               .choices = {"none", "channel", "point"},
               .needs = solved()});
  };
  normalisation("-train_input_norm",
                "mean 0 and deviation 1 of the inputs that are trained on: of each channel, or of "
                "each point, which fixes the grid");
  normalisation("-train_output_norm", "of the outputs");
  table.add({.name = "-train_test",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "how many samples, the last ones, are for the errors at the end alone",
             .range = at_least(0),
             .needs = solved()});
  table.add({.name = "-train_evolution_steps",
             .kind = OptionKind::integer,
             .default_text = "10",
             .help = "of an evolution: frames 0 and 1, ..., up to this one are pairs, and the "
                     "roll-out goes from frame 0 to this one",
             .range = at_least(1),
             .needs = {{"-train_data", {"navier_stokes"}}, {"-train_import_trajectory"}}});
  table.add({.name = "-train_ranks_per_sample",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "so many ranks share each sample, the network on a part of its grid on each, "
                     "for fields that one rank has no memory for",
             .range = at_least(1),
             .free_on_restart = true,
             .needs = fields()});
  table.add({.name = "-train_samples_memory",
             .kind = OptionKind::real,
             .default_text = "1000",
             .help = "samples stay in memory if all of them take no more of it per rank, or per "
                     "group of ranks that share samples",
             .unit = "MB",
             .range = at_least(0),
             .free_on_restart = true,
             .needs = fields()});
}

/// One number for all of @p count grids, or one for each.
std::vector<int> by_grid(const Options& options, const char* name, std::size_t count) {
  std::vector<int> list = options.integers(name);
  if (list.size() == 1) list.assign(count, list[0]);
  if (list.size() != count)
    options.fail(name,
                 "must have 1 or " + std::to_string(count) + " numbers, got " + options.text(name));
  return list;
}

} // namespace

void add_field_training(OptionTable& table) {
  add_cycle_shape(table);
  add_cycle_parts(table);
  add_pairs(table);
}

MgnoOptions mgno_options(const Options& options, const linnet::core::Index3& points, int in,
                         int out) {
  MgnoOptions o;
  o.dimension = points[2] > 1 ? 3 : 2;
  o.padding = options.choice_as<linnet::nn::Padding>("-train_mgno_padding");
  o.coarsening = options.choice_as<linnet::nn::Coarsening>("-train_mgno_coarsening");
  o.points = points;
  o.in = in;
  o.out = out;
  o.layers = options.integer("-train_mgno_layers");
  const std::vector<int> pre = options.integers("-train_mgno_steps");
  std::vector<int> post = by_grid(options, "-train_mgno_post_steps", pre.size() - 1);
  post.push_back(0);
  o.channels = by_grid(options, "-train_mgno_channels", pre.size());
  o.steps.clear();
  for (std::size_t l = 0; l < pre.size(); ++l) o.steps.push_back({pre[l], post[l]});
  o.restrict_residual = options.boolean("-train_mgno_restrict_residual");
  o.bias = options.boolean("-train_mgno_bias");
  o.skip = options.boolean("-train_mgno_skip");
  o.first_operator = options.boolean("-train_mgno_first_operator");
  o.norm = options.choice_as<linnet::nn::MgnoNorm>("-train_mgno_norm");
  o.cycle_head = options.boolean("-train_mgno_cycle_head");
  o.increment = options.boolean("-train_mgno_increment");
  return o;
}

linnet::nn::FieldSamplesOptions pair_options(const Options& options) {
  linnet::nn::FieldSamplesOptions pairs;
  pairs.steps = options.integer64("-train_evolution_steps");
  pairs.cache_bytes = static_cast<std::int64_t>(1e6 * options.real("-train_samples_memory"));
  return pairs;
}

} // namespace app
