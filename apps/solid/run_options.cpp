// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

namespace app {

using linnet::core::above;
using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;

namespace {

const linnet::core::OptionNeed full{.option = "-solid_solver", .values = {"full"}};
const linnet::core::OptionNeed stepping{.option = "-solid_solver", .values = {"full", "adaptive"}};

void add_steps(linnet::core::OptionTable& table) {
  table.group("Time and solver");
  table.add({.name = "-solid_times",
             .kind = OptionKind::strings,
             .default_text = "1",
             .help = "of the steps of a cycle that begins at 0: a time, or end:steps for a "
                     "segment of equal steps",
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_cycles",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "how often the cycle is run through",
             .range = between(1, 1000000),
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_tolerance",
             .kind = OptionKind::real,
             .default_text = "1e-8",
             .help = "of Newton's method: norm of the residual over that of the external force",
             .range = between(1e-14, 0.1),
             .needs = {stepping}});
  table.add({.name = "-solid_smallest_step",
             .kind = OptionKind::real,
             .default_text = "0.015625",
             .help = "how far a step is halved where Newton's method fails, as a part of it",
             .range = between(1e-9, 1),
             .free_on_restart = true,
             .needs = {stepping}});
  table.add({.name = "-solid_tangent",
             .kind = OptionKind::choice,
             .default_text = "symmetric",
             .help = "of Newton's method: its symmetric part, for conjugate gradients, or full",
             .choices = {"symmetric", "full"},
             .needs = {stepping}});
}

void add_output(linnet::core::OptionTable& table) {
  table.add({.name = "-solid_output_every",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "steps between field outputs; the last is always written",
             .range = at_least(1),
             .free_on_restart = true,
             .needs = {{"-solid_point", {""}}}});
  table.add({.name = "-solid_output_points",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "stresses and state at the nodes, too: extrapolated and averaged",
             .free_on_restart = true,
             .needs = {full}});
  table.add({.name = "-solid_output_quadrature",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "stresses and state at the quadrature points, too, as they are",
             .free_on_restart = true,
             .needs = {full}});
  table.add({.name = "-solid_history_group",
             .help = "group whose mean displacement is in the history; default tip, if there is "
                     "one",
             .needs = {full}});
  table.add({.name = "-solid_checkpoint_every",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "steps between checkpoints; 0: only when stopped",
             .range = at_least(0),
             .free_on_restart = true,
             .needs = {stepping}});
  table.add({.name = "-solid_restart",
             .help = "checkpoint to go on from",
             .free_on_restart = true,
             .needs = {stepping}});
}

} // namespace

void add_run_options(linnet::core::OptionTable& table) {
  add_steps(table);
  add_output(table);
}

} // namespace app
