// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

namespace app {

using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;
using linnet::core::OptionNeed;
using linnet::core::OptionTable;

namespace {

const std::vector<OptionNeed> generated{
    {"-predict_data",
     {"darcy_smooth", "darcy_rough", "darcy_multiscale", "helmholtz", "navier_stokes"}}};

void add_model(OptionTable& table) {
  table.group("Network");
  table.add({.name = "-predict_model", .help = "model file, as the app train writes it"});
  table.add({.name = "-predict_steps",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "how often it is applied, each time to what it has made the time before; more "
                     "than 1 for networks that lead from one frame of an evolution to the next",
             .range = between(1, 1000000)});
}

void add_data(OptionTable& table) {
  table.group("Inputs, and what is to be predicted");
  table.add({.name = "-predict_data",
             .kind = OptionKind::choice,
             .default_text = "file",
             .help = "where inputs come from: a file of samples, or made as for training",
             .choices = {"file", "darcy_smooth", "darcy_rough", "darcy_multiscale", "helmholtz",
                         "navier_stokes"}});
  table.add({.name = "-predict_input",
             .help = "file of samples, as -train_samples_file; every rank reads its part",
             .needs = {{"-predict_data", {"file"}}}});
  table.add({.name = "-predict_samples",
             .kind = OptionKind::integers,
             .default_text = "0",
             .help = "their numbers",
             .range = at_least(0)});
  table.add({.name = "-predict_seed",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "of the random data: with that of a training (-train_seed), the same samples",
             .range = at_least(0),
             .needs = generated});
  table.add({.name = "-predict_solve_grid",
             .kind = OptionKind::integer,
             .help = "points per direction on which samples are solved; default: as published",
             .range = between(3, 16384),
             .needs = generated});
  table.add({.name = "-predict_stride",
             .kind = OptionKind::integer,
             .help = "every how many-th point is kept; default: as published",
             .range = at_least(1),
             .needs = generated});
  table.add({.name = "-predict_compare",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "solve -div(a grad u) = 1 on a unit square, u = 0 on its boundary, by all "
                     "ranks on the points of the network: beside its seconds, and what is to be "
                     "predicted where the file does not say. The coefficient must be one of such "
                     "points, boundary included",
             .needs = {{"-predict_data", {"file", "darcy_smooth", "darcy_rough"}}}});
}

void add_output(OptionTable& table) {
  table.group("Output");
  table.add({.name = "-predict_output",
             .default_text = "output/predict",
             .help = "fields of all samples and steps: <stem>.h5 and <stem>.xdmf; none: no files"});
}

} // namespace

OptionTable predict_options() {
  OptionTable table;
  add_model(table);
  add_data(table);
  add_output(table);
  table.own("-predict_");
  return table;
}

} // namespace app
