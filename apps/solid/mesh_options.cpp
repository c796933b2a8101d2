// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

namespace app {

using linnet::core::above;
using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;

namespace {

std::vector<std::string> mapped() {
  return {"box", "twisted_box", "blade", "cylinder_sector", "plate_with_hole"};
}

} // namespace

void add_mesh_options(linnet::core::OptionTable& table) {
  table.group("Mesh");
  table.add({.name = "-solid_mesh",
             .default_text = "box",
             .help = "box, twisted_box, blade, cylinder_sector, plate_with_hole; or a file of gmsh "
                     "(2.2 or 4.1) with hexahedra or second-order tetrahedra",
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_mesh_cells",
             .kind = OptionKind::integers,
             .default_text = "4",
             .help = "cells per direction of a mapped mesh, or one number for all",
             .range = between(1, 1 << 20),
             .most_items = 3,
             .needs = {{"-solid_mesh", mapped()}}});
  table.add({.name = "-solid_mesh_shape",
             .kind = OptionKind::choice,
             .default_text = "hex8",
             .help = "cells of a mapped mesh; tet10: six tetrahedra in each hexahedron",
             .choices = {"hex8", "tet10"},
             .needs = {{"-solid_mesh", mapped()}}});
  table.add({.name = "-solid_mesh_lengths",
             .kind = OptionKind::reals,
             .help = "box, twisted_box: side lengths (default 1,1,1; 20,12,40); plate_with_hole: "
                     "half width, half height, thickness (10,10,1)",
             .range = above(0),
             .least_items = 3,
             .most_items = 3,
             .needs = {{"-solid_mesh", {"box", "twisted_box", "plate_with_hole"}}}});
  table.add({.name = "-solid_mesh_twist",
             .kind = OptionKind::real,
             .default_text = "15",
             .help = "from z = 0 to the other end",
             .unit = "degrees",
             .needs = {{"-solid_mesh", {"twisted_box", "blade"}}}});
  table.add({.name = "-solid_mesh_radii",
             .kind = OptionKind::reals,
             .default_text = "1,2",
             .help = "cylinder_sector: inner and outer; plate_with_hole: of the hole",
             .range = above(0),
             .most_items = 2,
             .needs = {{"-solid_mesh", {"cylinder_sector", "plate_with_hole"}}}});
  table.add({.name = "-solid_mesh_angle",
             .kind = OptionKind::real,
             .default_text = "90",
             .help = "of the sector",
             .unit = "degrees",
             .range = between(1e-3, 360),
             .needs = {{"-solid_mesh", {"cylinder_sector"}}}});
  table.add({.name = "-solid_mesh_height",
             .kind = OptionKind::real,
             .default_text = "1",
             .help = "of the sector, along z",
             .range = above(0),
             .needs = {{"-solid_mesh", {"cylinder_sector"}}}});
  table.add({.name = "-solid_mesh_distortion",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "moves inner nodes by up to this part of a cell",
             .range = between(0, 0.4),
             .needs = {{"-solid_mesh", mapped()}}});
}

} // namespace app
