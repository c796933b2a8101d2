// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The way of a surface mesh from its file into a grid.
#pragma once

#include "target.hpp"

#include <linnet/problems/geometry/voxelise.hpp>

namespace linnet::fuzz {

/// Reads @p input as a file of the given name, fits the surface into a box and fills it.
inline void read_and_voxelise(std::string_view input, const std::string& name) {
  const std::string path = file_with(input, name);
  expect_result_or_refusal([&] {
    auto mesh = problems::read_surface_mesh(path);
    const core::Index3 cells{6, 5, 4};
    problems::voxelise(mesh, {}, cells, {{0, 0, 0}, cells});
    problems::fit_into(mesh, {0.1, 0.1, 0.1}, {0.9, 0.9, 0.9});
    problems::voxelise(mesh, {}, cells, {{0, 0, 0}, cells});
  });
}

} // namespace linnet::fuzz
