// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

namespace app {

using linnet::core::above;
using linnet::core::at_least;
using linnet::core::OptionKind;

namespace {

void add_forces(linnet::core::OptionTable& table) {
  table.group("Supports and forces: lists of group:components=value@amplitude; a value is an "
              "expression of x,y,z, an amplitude a name of -solid_amplitude_*");
  table.add({.name = "-solid_hold",
             .kind = OptionKind::strings,
             .help = "displacements: root:z, pin:xy, top:x=0.01@ramp; without =value 0",
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_pressure",
             .kind = OptionKind::strings,
             .help = "on surfaces, against their outward normal: group=value@amplitude",
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_traction",
             .kind = OptionKind::strings,
             .help = "force per area on surfaces: group:components=value@amplitude",
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_body_force",
             .kind = OptionKind::strings,
             .help = "acceleration, times the density a force per volume: "
                     "components=value@amplitude",
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_centrifugal_speed",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "angular speed; the density is that of the material",
             .unit = "rad/s",
             .range = at_least(0),
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_centrifugal_point",
             .kind = OptionKind::reals,
             .default_text = "0,0,0",
             .help = "a point of the axis",
             .least_items = 3,
             .most_items = 3,
             .needs = {{"-solid_centrifugal_speed"}}});
  table.add({.name = "-solid_centrifugal_axis",
             .kind = OptionKind::reals,
             .default_text = "0,0,1",
             .help = "direction of the axis",
             .least_items = 3,
             .most_items = 3,
             .needs = {{"-solid_centrifugal_speed"}}});
  table.add({.name = "-solid_centrifugal_amplitude",
             .help = "of the force; default 1 at all times",
             .needs = {{"-solid_centrifugal_speed"}}});
  table.add({.name = "-solid_amplitude_*",
             .kind = OptionKind::strings,
             .help = "a table over time with this name: time:factor, linear in between, constant "
                     "outside, repeated in every cycle",
             .needs = {{"-solid_point", {""}}}});
}

void add_temperature(linnet::core::OptionTable& table) {
  table.group("Temperature; fields: an expression of x,y,z, file.h5:/dataset of the nodes, or "
              "hot_spot, the one of a blade");
  table.add({.name = "-solid_temperature",
             .kind = OptionKind::strings,
             .default_text = "20",
             .help = "one field, or several, one for each of -solid_temperature_times",
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_temperature_times",
             .kind = OptionKind::reals,
             .help = "of several fields, increasing; linear in between",
             .range = at_least(0),
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_temperature_amplitude",
             .help = "of one field T: start + amplitude (T - start); default 1 at all times",
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_temperature_start",
             .kind = OptionKind::real,
             .default_text = "20",
             .help = "temperature where the amplitude is 0",
             .needs = {{"-solid_temperature_amplitude"}}});
  table.add({.name = "-solid_hot_spot",
             .kind = OptionKind::reals,
             .default_text = "0.5,0.5,0",
             .help = "place along the chord and the span, 0 to 1, and rise of temperature",
             .least_items = 3,
             .most_items = 3,
             .needs = {{"-solid_temperature", {"*hot_spot*"}}}});
  table.add({.name = "-solid_hot_spot_blade",
             .kind = OptionKind::reals,
             .default_text = "20,40,15",
             .help = "of a mesh that was read: chord along x, span along z, twist in degrees",
             .least_items = 3,
             .most_items = 3,
             .needs = {{"-solid_temperature", {"*hot_spot*"}}}});
}

} // namespace

void add_load_options(linnet::core::OptionTable& table) {
  add_forces(table);
  add_temperature(table);
}

} // namespace app
