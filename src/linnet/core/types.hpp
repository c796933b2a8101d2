// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Small value types that every module shares; free of PETSc, MPI and Kokkos.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace linnet::core {

/// A triple of grid indices or counts, x first. 2-D grids keep the third at 0 (index) or 1 (count).
using Index3 = std::array<int, 3>;
/// A triple of physical lengths or coordinates, x first.
using Real3 = std::array<double, 3>;

/// Number of points of a box with the counts @p n.
constexpr std::int64_t volume(const Index3& n) {
  return static_cast<std::int64_t>(n[0]) * n[1] * n[2];
}

} // namespace linnet::core
