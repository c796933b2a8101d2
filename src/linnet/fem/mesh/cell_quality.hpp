// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Whether the mapping of a cell is one-to-one.
#pragma once

#include <linnet/fem/mesh/cell_shape.hpp>

#include <petscsys.h>

#include <cstdint>
#include <span>

namespace linnet::fem {

/// The smallest Jacobian determinant of the cell with the nodes' coordinates @p x (nodes x 3) at
/// its nodes and quadrature points (2x2x2 Gauss points of hex8, the 4 points of degree 2 of tet10).
double smallest_jacobian(CellShape shape, std::span<const double> x);

/// The smallest original number of a cell whose smallest_jacobian() is not positive, -1 when there
/// is none. Collective.
std::int64_t first_inverted_cell(MPI_Comm comm, CellShape shape,
                                 std::span<const PetscInt> cell_nodes,
                                 std::span<const double> coordinates,
                                 std::span<const PetscInt> original_cells);

} // namespace linnet::fem
