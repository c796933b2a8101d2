// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The DMPlex of a cell list, distributed, with the original numbers of its points.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/fem/mesh/cell_list.hpp>

#include <petscdm.h>

#include <vector>

namespace linnet::fem {

struct DistributedPlex {
  core::Owned<DM> dm;
  /// Per point of the chart: a cell's or vertex's original number, -1 for faces and edges.
  std::vector<PetscInt> original;
};

/// Builds the topology in parallel from every rank's share of cells and distributes it without
/// overlap, by bisected_cells() unless `-petscpartitioner_type` names another partitioner.
/// Collective.
DistributedPlex distribute_cells(MPI_Comm comm, const CellList& list);

} // namespace linnet::fem
