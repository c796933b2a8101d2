// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A partition of cells that is the same in every run.
#pragma once

#include <linnet/fem/mesh/cell_list.hpp>

#include <vector>

namespace linnet::fem {

/// The rank that each of this rank's listed cells goes to: recursive bisection of the cells'
/// centres across their longest extent (Berger, Bokhari, "A partitioning strategy for nonuniform
/// problems on multiprocessors", IEEE Trans. Comput. C-36, 1987), ties by cell number. Parts differ
/// by one cell at most. Graph partitioners draw random numbers and wait for messages in any order,
/// so that a restarted run would not continue with the same bits. Every rank sees all centres: 24
/// bytes per cell. Collective.
std::vector<int> bisected_cells(MPI_Comm comm, const CellList& list);

} // namespace linnet::fem
