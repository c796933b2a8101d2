// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

namespace app {

using linnet::core::OptionKind;
using linnet::core::OptionTable;

namespace {

void add_material_options(OptionTable& table) {
  table.group("Materials");
  table.add({.name = "-solid_temperature_outside",
             .kind = OptionKind::choice,
             .default_text = "clamp",
             .help = "of a material's table: take the nearest row and say so, or refuse",
             .choices = {"clamp", "refuse"}});
}

void add_output_options(OptionTable& table) {
  table.group("Output");
  table.add({.name = "-solid_output",
             .default_text = "output/solid",
             .help = "files without .h5, .csv; or none",
             .free_on_restart = true});
}

} // namespace

OptionTable solid_options() {
  OptionTable table;
  table.own("-solid_");
  add_point_options(table);
  add_material_options(table);
  add_output_options(table);
  return table;
}

void check_options(const linnet::core::Options& options) {
  if (!options.is_set("-solid_point"))
    options.fail("-solid_point", "is needed; name the JSON file of a history, such as "
                                 "inputs/solid/point_cyclic.json");
}

} // namespace app
