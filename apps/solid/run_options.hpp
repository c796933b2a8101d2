// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The declared options of runs on a mesh, group by group.
#pragma once

#include <linnet/core/option_table.hpp>

namespace app {

void add_mesh_options(linnet::core::OptionTable& table);
void add_load_options(linnet::core::OptionTable& table);
/// Times, solver, output and restart.
void add_run_options(linnet::core::OptionTable& table);

} // namespace app
