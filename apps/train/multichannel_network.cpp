// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "multichannel_network.hpp"

#include <linnet/nn/directions/multichannel_cycle_graph.hpp>

namespace app {

using linnet::core::between;
using linnet::core::OptionKind;

void add_multichannel(linnet::core::OptionTable& table) {
  table.group("Cycle of several channels (-train_network multichannel)");
  const std::vector<linnet::core::OptionNeed> multichannel{{"-train_network", {"multichannel"}}};
  table.add({.name = "-train_channels",
             .kind = OptionKind::integers,
             .default_text = "4,8,16,24,24",
             .help = "by grid, from the finest",
             .range = between(1, 1024),
             .most_items = 12,
             .needs = multichannel});
  table.add({.name = "-train_smoothing_steps",
             .kind = OptionKind::integer,
             .default_text = "2",
             .help = "on each grid, before and after the coarser ones",
             .range = between(1, 16),
             .needs = multichannel});
  table.add({.name = "-train_features",
             .kind = OptionKind::integer,
             .default_text = "8",
             .help = "channels that are made of the rows of the matrix",
             .range = between(1, 1024),
             .needs = multichannel});
  table.add({.name = "-train_padding",
             .kind = OptionKind::choice,
             .default_text = "zero",
             .help = "beyond the border: zeros as for values held there; reflect for no flux",
             .choices = {"zero", "reflect"},
             .needs = multichannel});
}

linnet::nn::Graph make_multichannel(const linnet::core::Options& options) {
  linnet::nn::MultichannelCycleOptions cycle;
  cycle.dimension = options.integer("-train_dim");
  cycle.padding = linnet::nn::parse_padding(options.choice("-train_padding"));
  cycle.channels = options.integers("-train_channels");
  cycle.steps = options.integer("-train_smoothing_steps");
  cycle.features = options.integer("-train_features");
  return multichannel_cycle_graph(cycle);
}

} // namespace app
