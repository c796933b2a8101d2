// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The options of the app; each group is a function of its own.
#pragma once

#include <linnet/core/options.hpp>

namespace app {

linnet::core::OptionTable solid_options();

/// What one option cannot know of the others. Throws.
void check_options(const linnet::core::Options& options);

/// point_options.cpp: histories of a material point.
void add_point_options(linnet::core::OptionTable& table);
/// mesh_options.cpp
void add_mesh_options(linnet::core::OptionTable& table);
/// load_options.cpp: supports, forces, temperature.
void add_load_options(linnet::core::OptionTable& table);
/// run_options.cpp: times and solver; output and restart.
void add_run_options(linnet::core::OptionTable& table);

} // namespace app
