// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

#include "run_options.hpp"

namespace app {

using linnet::core::OptionKind;
using linnet::core::OptionTable;

namespace {

void add_material(OptionTable& table) {
  table.group("Material");
  table.add({.name = "-solid_material", .help = "JSON file of the materials' tables"});
  table.add({.name = "-solid_temperature_outside",
             .kind = OptionKind::choice,
             .default_text = "clamp",
             .help = "temperatures outside of a material's table: take its ends, or refuse them",
             .choices = {"clamp", "refuse"}});
}

} // namespace

OptionTable solid_options() {
  OptionTable table;
  table.group("Solution");
  table.add({.name = "-solid_solver",
             .kind = OptionKind::choice,
             .default_text = "full",
             .help = "full: finite elements at every step",
             .choices = {"full"}});
  add_mesh_options(table);
  add_material(table);
  add_load_options(table);
  add_run_options(table);
  return table;
}

} // namespace app
