// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Values of distributed fields at a few points, on all ranks.
#pragma once

#include <linnet/core/petsc.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace linnet::rom {

/// Where the points with the numbers @p points are among this rank's @p numbers: local index, or -1
/// where another rank has it. Collective. @throws core::Error (data) on all ranks where a point is
/// on none.
std::vector<std::int64_t> find_points(MPI_Comm comm, std::span<const std::int64_t> numbers,
                                      std::span<const std::int64_t> points);

/// The rows of the dense @p fields that belong to @p points, with @p components neighbouring rows
/// for each point (row components * point + c): components points.size() x columns of fields, by
/// columns, on all ranks. Collective.
std::vector<double> values_at(Mat fields, std::span<const std::int64_t> numbers,
                              std::span<const std::int64_t> points, PetscInt components = 1);

} // namespace linnet::rom
