// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

namespace app {

using linnet::core::between;
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
                     "deeponet or mgno, of the shape that the tensors have"});
}

void add_deeponet(OptionTable& table) {
  table.group("Deep operator network (-convert_network deeponet)");
  const std::vector<OptionNeed> deeponet{{"-convert_network", {"deeponet"}}};
  const std::vector<std::string> kinds{"relu", "tanh", "gelu", "gelu_tanh", "softplus", "identity"};
  const auto flag = [&](const char* name, const char* help) {
    table.add({.name = name,
               .kind = OptionKind::boolean,
               .default_text = "no",
               .help = help,
               .needs = deeponet});
  };
  const auto whole = [&](const char* name, const char* text, int least, int most,
                         const char* help) {
    table.add({.name = name,
               .kind = OptionKind::integer,
               .default_text = text,
               .help = help,
               .range = between(least, most),
               .needs = deeponet});
  };
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
  flag("-convert_linear_trunk", "the last layer of the trunk has no activation");
  table.add({.name = "-convert_split",
             .kind = OptionKind::choice,
             .default_text = "branch",
             .help = "how several outputs share the network: each has its own part of the branch "
                     "and the whole trunk; its own part of both; or its own part of the trunk and "
                     "the whole branch",
             .choices = {"branch", "both", "trunk"},
             .needs = deeponet});
  whole("-convert_outputs", "1", 1, 4096,
        "outputs, for -convert_split both and trunk; else the widths of the tensors say it");
  whole("-convert_periodic", "0", 0, 16,
        "so many coordinates, the first ones, have period 1: the trunk reads cos(2 pi n x) and "
        "sin(2 pi n x) of each");
  whole("-convert_harmonics", "1", 1, 64, "n = 1, 2, ... up to this");
  table.add({.name = "-convert_zero_sides",
             .kind = OptionKind::integers,
             .help = "sides of the unit box on which the result is 0, multiplied by x, 1 - x or "
                     "x (1 - x): 0 and 1 are the ends of the first coordinate, 2 and 3 of the "
                     "second",
             .range = between(0, 15),
             .most_items = 16,
             .needs = deeponet});
  flag("-convert_homogeneous",
       "the branch reads u / rms(u), and the result is multiplied by rms(u)");
}

void add_mgno(OptionTable& table) {
  table.group("Multigrid neural operator (-convert_network mgno)");
  const std::vector<OptionNeed> mgno{{"-convert_network", {"mgno"}}};
  table.add({.name = "-convert_padding",
             .kind = OptionKind::choice,
             .default_text = "zero",
             .help = "padding_mode of its convolutions: zeros, reflect, circular",
             .choices = {"zero", "reflect", "periodic"},
             .needs = mgno});
  table.add({.name = "-convert_coarsening",
             .kind = OptionKind::choice,
             .default_text = "even",
             .help = "points of the next coarser grid: those numbered 0, 2, 4 (strided "
                     "convolutions with padding=1), or 1, 3, 5 (padding=0)",
             .choices = {"even", "odd"},
             .needs = mgno});
  table.add({.name = "-convert_increment",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "the input is added to the result",
             .needs = mgno});
}

} // namespace

OptionTable convert_options() {
  OptionTable table;
  add_files(table);
  add_network(table);
  add_deeponet(table);
  add_mgno(table);
  table.own("-convert_");
  return table;
}

} // namespace app
