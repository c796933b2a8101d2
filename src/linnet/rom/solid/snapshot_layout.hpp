// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What snapshot files say of themselves.
#pragma once

#include <linnet/rom/solid/solid_file.hpp>

namespace linnet::rom {

inline constexpr SolidFileKind snapshot_kind{
    "linnet-solid-snapshots", 1,
    "record it anew by a run with -solid_solver full -rom_snapshots with this mesh and material"};

} // namespace linnet::rom
