// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "deeponet_options.hpp"

#include <linnet/problems/operators/operator_options.hpp>

#include <algorithm>

namespace app {

using linnet::core::above;
using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;
using linnet::core::OptionNeed;
using linnet::core::Options;
using linnet::core::OptionTable;
using linnet::nn::DeepONetOptions;
using namespace linnet::problems;

namespace {

const std::vector<OptionNeed> deeponet{{"-train_network", {"deeponet"}}};
const std::vector<OptionNeed> trunk{{"-train_deeponet_modes", {"0"}}};

std::vector<OptionNeed> samples() { return {{"-train_data", operator_data_kinds()}}; }

void add_convolutions(OptionTable& table) {
  const char* const name = "-train_deeponet_branch_conv";
  table.add({.name = name,
             .kind = OptionKind::integers,
             .help = "channels of convolutions before them, for inputs on a grid",
             .range = between(1, 4096),
             .most_items = 12,
             .needs = deeponet});
  table.add({.name = "-train_deeponet_branch_kernel",
             .kind = OptionKind::integer,
             .default_text = "5",
             .help = "points of their kernels in each direction, an odd number",
             .range = between(1, 15),
             .needs = {{name}}});
  table.add({.name = "-train_deeponet_branch_stride",
             .kind = OptionKind::integer,
             .default_text = "2",
             .help = "from one place of a kernel to the next",
             .range = between(1, 8),
             .needs = {{name}}});
  table.add({.name = "-train_deeponet_branch_pad",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "zeros around the grid, half a kernel wide; no: kernels stay within it",
             .needs = {{name}}});
}

void add_network(OptionTable& table) {
  table.group("Deep operator network (-train_network deeponet)");
  const auto widths = [&](const char* name, const char* text, const char* help,
                          const std::vector<OptionNeed>& needs = deeponet) {
    table.add({.name = name,
               .kind = OptionKind::integers,
               .default_text = text,
               .help = help,
               .range = between(1, 4096),
               .most_items = 64,
               .needs = needs});
  };
  const auto flag = [&](const char* name, const char* text, const char* help,
                        const std::vector<OptionNeed>& needs = deeponet) {
    table.add({.name = name,
               .kind = OptionKind::boolean,
               .default_text = text,
               .help = help,
               .needs = needs});
  };
  const auto activation = [&](const char* name, const char* help,
                              const std::vector<OptionNeed>& needs) {
    table.add({.name = name,
               .kind = OptionKind::choice,
               .default_text = "relu",
               .help = help,
               .choices = {"relu", "tanh", "gelu", "gelu_tanh", "softplus", "identity"},
               .needs = needs});
  };
  widths("-train_deeponet_branch", "40", "widths of the hidden layers of the branch");
  add_convolutions(table);
  widths("-train_deeponet_trunk", "40,40",
         "widths of the layers of the trunk; the last one is the number of basis functions", trunk);
  table.add({.name = "-train_deeponet_modes",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help =
                 "of a proper orthogonal decomposition of the training outputs, in place of the "
                 "trunk; 0: a trunk. Needs -train_points 0",
             .range = between(0, 4096),
             .needs = deeponet});
  table.add({.name = "-train_deeponet_scaled_modes",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help =
                 "they have the size of the training outputs about their mean, which the branch "
                 "begins with; no: the size 1",
             .needs = {{"-train_deeponet_modes"}}});
  activation("-train_deeponet_branch_activation", "of the hidden layers of the branch", deeponet);
  activation("-train_deeponet_trunk_activation", "of the layers of the trunk", trunk);
  flag("-train_deeponet_stacked", "no", "a branch of its own for every basis function");
  flag("-train_deeponet_bias", "yes", "one number for each output");
  flag("-train_deeponet_linear_trunk", "no", "the last layer of the trunk is linear", trunk);
  flag("-train_deeponet_orthonormal", "no",
       "the model's trunk is orthonormal on the grid, and its values are the same; needs "
       "-train_points 0");
  table.add({.name = "-train_deeponet_drop",
             .kind = OptionKind::real,
             .default_text = "1e-6",
             .help = "directions of the trunk below this part of the largest one are left out",
             .range = between(0, 1),
             .needs = {{"-train_deeponet_orthonormal"}}});
  flag("-train_deeponet_homogeneous", "no",
       "G(a u) = a G(u) for a > 0, as linear equations have it; needs -train_deeponet_bias no");
  flag("-train_deeponet_unit_solutions", "no",
       "learn solutions over their root mean square, in which each sample counts alike: for bases "
       "and search directions, whose size is free");
  table.add({.name = "-train_deeponet_periodic",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "so many coordinates, the first ones, have the period of the problem's box",
             .range = between(0, 16),
             .needs = trunk});
  table.add({.name = "-train_deeponet_harmonics",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "cosines and sines of each of them that the trunk reads",
             .range = between(1, 64),
             .needs = {{"-train_deeponet_periodic"}}});
  table.add({.name = "-train_output_scale",
             .kind = OptionKind::real,
             .default_text = "1",
             .help = "the network's result times this is the output, where -train_output_norm is "
                     "none",
             .range = above(0),
             .needs = deeponet});
  table.add({.name = "-train_deeponet_zero_sides",
             .kind = OptionKind::integers,
             .help = "sides of the problem's box on which the result is 0: 0 and 1 are the ends of "
                     "the first coordinate, 2 and 3 of the second; needs -train_deeponet_bias no",
             .range = between(0, 15),
             .most_items = 16,
             .needs = deeponet});
}

void add_least_squares(OptionTable& table) {
  table.group("Last layer of the branch by least squares");
  table.add({.name = "-train_least_squares",
             .kind = OptionKind::strings,
             .help = "when: start, end; default: never",
             .choices = {"start", "end"},
             .needs = deeponet});
  table.add({.name = "-train_least_squares_every",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "and so many steps after the last time; 0: not",
             .range = at_least(0),
             .needs = deeponet});
  table.add({.name = "-train_ridge",
             .kind = OptionKind::real,
             .default_text = "1e-12",
             .help = "what is added to the diagonal of the normal matrix, relative to its mean",
             .range = between(0, 1),
             .needs = {{"-train_least_squares"}, {"-train_least_squares_every"}}});
}

void add_samples(OptionTable& table) {
  table.group("Samples of operators between functions");
  table.add({.name = "-train_points",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "random points of each function; 0: those of a grid that all share",
             .range = between(0, 1000000),
             .needs = samples()});
  add_operator_options(table, "-train_", samples());
  table.add({.name = "-train_code",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "the numbers of the operator are inputs, too",
             .needs = samples()});
}

} // namespace

const std::vector<std::string>& operator_data_kinds() { return operator_problems(); }

bool is_operator_data(const Options& options) {
  const auto& kinds = operator_data_kinds();
  return std::find(kinds.begin(), kinds.end(), options.choice("-train_data")) != kinds.end();
}

void add_deeponet(OptionTable& table) {
  add_network(table);
  add_samples(table);
  add_least_squares(table);
}

namespace {

void set_convolutions(const Options& options, const linnet::core::Index3& grid,
                      DeepONetOptions& o) {
  const char* const name = "-train_deeponet_branch_conv";
  if (!options.is_set(name)) return;
  if (grid[0] == 0)
    options.fail(name, "needs inputs on a grid, and has the numbers of -train_code among them");
  o.branch_convolutions = options.integers(name);
  o.branch_kernel = options.integer("-train_deeponet_branch_kernel");
  o.branch_stride = options.integer("-train_deeponet_branch_stride");
  o.branch_pad = options.boolean("-train_deeponet_branch_pad");
  o.sensor_grid = grid;
}

/// What is known of each of the points needs points that all samples share.
void require_shared_points(const Options& options, const linnet::nn::OperatorShape& data) {
  if (data.shares_points) return;
  if (options.integer("-train_deeponet_modes") > 0)
    options.fail("-train_deeponet_modes", "needs -train_points 0: the modes are known at points "
                                          "that all samples share");
  if (options.choice("-train_output_norm") == "point")
    options.fail("-train_output_norm",
                 "point needs -train_points 0: points that all samples share");
}

} // namespace

DeepONetOptions deeponet_options(const Options& options, const linnet::nn::OperatorShape& data,
                                 const linnet::core::Index3& sensor_grid) {
  using linnet::kernels::Activation;
  DeepONetOptions o;
  o.sensors = data.sensors;
  o.coordinates = data.coordinates;
  o.outputs = data.outputs;
  o.branch = options.integers("-train_deeponet_branch");
  set_convolutions(options, sensor_grid, o);
  o.trunk = options.integers("-train_deeponet_trunk");
  o.branch_activation =
      linnet::kernels::parse_activation(options.choice("-train_deeponet_branch_activation"));
  o.trunk_activation =
      linnet::kernels::parse_activation(options.choice("-train_deeponet_trunk_activation"));
  o.modes = options.integer("-train_deeponet_modes");
  o.points = data.points;
  require_shared_points(options, data);
  o.stacked = options.boolean("-train_deeponet_stacked");
  o.bias = options.boolean("-train_deeponet_bias");
  o.linear_trunk = options.boolean("-train_deeponet_linear_trunk");
  o.homogeneous = options.boolean("-train_deeponet_homogeneous");
  o.periodic = options.integer("-train_deeponet_periodic");
  o.harmonics = options.integer("-train_deeponet_harmonics");
  if (options.is_set("-train_deeponet_zero_sides"))
    for (const int side : options.integers("-train_deeponet_zero_sides")) {
      if (side >= 2 * o.coordinates)
        options.fail("-train_deeponet_zero_sides",
                     "side " + std::to_string(side) + " belongs to coordinate " +
                         std::to_string(side / 2) + ", and points have " +
                         std::to_string(o.coordinates));
      o.zero_sides |= 1 << side;
    }
  return o;
}

std::unique_ptr<OperatorFields> make_operator_fields(const Options& options) {
  try {
    return std::make_unique<OperatorFields>(
        make_operator_sampler(options.choice("-train_data"), operator_options(options, "-train_")),
        OperatorFieldsOptions{
            options.integer("-train_points"), options.boolean("-train_code"), {}});
  } catch (const linnet::core::Error& error) {
    options.fail("-train_data", error.what());
  }
}

} // namespace app
