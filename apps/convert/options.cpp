// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

namespace app {

using linnet::core::OptionKind;
using linnet::core::OptionNeed;
using linnet::core::OptionTable;

namespace {

void add_files(OptionTable& table) {
  table.group("Weights, and where they belong");
  table.add({.name = "-convert_weights", .help = "file of tensors: FILE.safetensors"});
  table.add({.name = "-convert_map",
             .help = "which tensor is which parameter, and the order of its directions: "
                     "models/maps/*.json, or one of your own"});
  table.add({.name = "-convert_output",
             .default_text = "output/converted",
             .help = "the model file: <stem>.model.h5"});
}

void add_network(OptionTable& table) {
  table.group("Network");
  table.add({.name = "-convert_network",
             .help = "a graph as JSON: GRAPH.json; the graph of a model: FILE.model.h5; or "
                     "deeponet, of the widths that the tensors have"});
  const std::vector<OptionNeed> deeponet{{"-convert_network", {"deeponet"}}};
  const std::vector<std::string> kinds{"relu", "tanh", "gelu", "gelu_tanh", "softplus", "identity"};
  table.add({.name = "-convert_activation",
             .kind = OptionKind::choice,
             .default_text = "relu",
             .help = "of the hidden layers of the branch, and of the layers of the trunk",
             .choices = kinds,
             .needs = deeponet});
  table.add({.name = "-convert_trunk_activation",
             .kind = OptionKind::choice,
             .help = "of the layers of the trunk, where it has another than the branch",
             .choices = kinds,
             .needs = deeponet});
  table.add({.name = "-convert_linear_trunk",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "the last layer of the trunk has no activation",
             .needs = deeponet});
}

} // namespace

OptionTable convert_options() {
  OptionTable table;
  add_files(table);
  add_network(table);
  table.own("-convert_");
  return table;
}

} // namespace app
