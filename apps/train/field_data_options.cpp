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
const Kinds darcy_two_phase{"darcy_smooth", "darcy_rough"};
const Kinds generated{"darcy_smooth", "darcy_rough", "darcy_multiscale"};

std::vector<OptionNeed> needs(const Kinds& kinds) { return {{"-train_data", kinds}}; }

void add_grid(OptionTable& table) {
  table.add({.name = "-train_solve_grid",
             .kind = OptionKind::integer,
             .help =
                 "points per direction on which samples are solved, boundary included; default: "
                 "as published, 421 for darcy_smooth, 512 for darcy_rough, 1023 for "
                 "darcy_multiscale",
             .range = between(3, 16384),
             .needs = needs(generated)});
  table.add({.name = "-train_stride",
             .kind = OptionKind::integer,
             .help = "every how many-th point is kept, the first one included; default: as "
                     "published, 2 for darcy_smooth and darcy_rough, 4 for darcy_multiscale",
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
             .needs = needs(darcy_two_phase)});
  table.add({.name = "-train_field_alpha",
             .kind = OptionKind::real,
             .help = "exponent of the covariance (-Laplace + tau^2)^-alpha of the random field; "
                     "default: 2",
             .range = above(0),
             .needs = needs(darcy_two_phase)});
  table.add({.name = "-train_field_tau",
             .kind = OptionKind::real,
             .help = "its inverse length; default: 3 for darcy_smooth, the root of 20 for "
                     "darcy_rough",
             .range = above(0),
             .needs = needs(darcy_two_phase)});
}

} // namespace

const std::vector<std::string>& field_data_kinds() {
  static const Kinds kinds = generated;
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
}

} // namespace app
