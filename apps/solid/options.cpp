// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

#include "rom_options.hpp"

namespace app {

using linnet::core::OptionKind;
using linnet::core::OptionTable;

namespace {

void add_solution_options(OptionTable& table) {
  table.group("Solution");
  table.add({.name = "-solid_solver",
             .kind = OptionKind::choice,
             .default_text = "full",
             .help =
                 "full: finite elements at every step; train: learn a reduced model from "
                 "snapshots; reduced: that model at every step; adaptive: that model where it is "
                 "trusted, else finite elements, from which it learns",
             .choices = {"full", "train", "reduced", "adaptive"},
             .needs = {{"-solid_point", {""}}}});
}

void add_material_options(OptionTable& table) {
  table.group("Materials");
  table.add({.name = "-solid_material",
             .help = "JSON file of one material, or of one for each region of the mesh",
             .needs = {{"-solid_point", {""}}}});
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
             .help = "files without .h5, .xdmf, .csv, .checkpoint; or none",
             .free_on_restart = true});
}

} // namespace

OptionTable solid_options() {
  OptionTable table;
  table.own("-solid_");
  add_solution_options(table);
  add_point_options(table);
  add_mesh_options(table);
  add_material_options(table);
  add_load_options(table);
  add_output_options(table);
  add_run_options(table);
  add_rom_options(table);
  return table;
}

void check_options(const linnet::core::Options& options) {
  if (options.is_set("-solid_point")) return;
  if (!options.is_set("-solid_material"))
    options.fail("-solid_material", "is needed; name the JSON file of a material, such as "
                                    "inputs/solid/materials/superalloy.json, or give -solid_point");
}

} // namespace app
