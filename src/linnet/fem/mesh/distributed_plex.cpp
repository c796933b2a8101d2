// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/distributed_plex.hpp>

#include <linnet/fem/mesh/coordinate_bisection.hpp>

#include <petscdmplex.h>
#include <petscsf.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace linnet::fem {

namespace {

/// Corners of the cells in DMPlex's order, which looks at hexahedra and tetrahedra from the other
/// side.
std::vector<PetscInt> plex_corners(const CellList& list) {
  const auto corners = static_cast<std::size_t>(corners_per_cell(list.shape));
  const auto nodes = static_cast<std::size_t>(nodes_per_cell(list.shape));
  const std::size_t cells = list.cells.size() / nodes;
  std::vector<PetscInt> result(cells * corners);
  for (std::size_t c = 0; c < cells; ++c) {
    PetscInt* cell = result.data() + c * corners;
    for (std::size_t v = 0; v < corners; ++v) cell[v] = list.cells[c * nodes + v];
    if (list.shape == CellShape::hex8)
      std::swap(cell[1], cell[3]);
    else
      std::swap(cell[0], cell[1]);
  }
  return result;
}

/// Middles of edges take part in the numbering of vertices; no cell names them, so DMPlex leaves
/// them out.
DistributedPlex build(MPI_Comm comm, const CellList& list) {
  std::vector<PetscInt> corners = plex_corners(list);
  const auto cells =
      static_cast<PetscInt>(corners.size()) / static_cast<PetscInt>(corners_per_cell(list.shape));
  DM dm = nullptr;
  LINNET_CHECK(DMPlexCreateFromCellListParallelPetsc(
      comm, 3, cells, static_cast<PetscInt>(list.coordinates.size() / 3), PETSC_DETERMINE,
      static_cast<PetscInt>(corners_per_cell(list.shape)), PETSC_TRUE, corners.data(), 3,
      list.coordinates.data(), nullptr, nullptr, &dm));
  DistributedPlex plex{core::Owned<DM>(dm), {}};
  PetscInt first = 0, end = 0, first_vertex = 0, end_vertex = 0;
  LINNET_CHECK(DMPlexGetChart(dm, &first, &end));
  LINNET_CHECK(DMPlexGetDepthStratum(dm, 0, &first_vertex, &end_vertex));
  plex.original.assign(static_cast<std::size_t>(end), -1);
  for (PetscInt c = 0; c < cells; ++c)
    plex.original[static_cast<std::size_t>(c)] = list.first_cell + c;
  // Vertices are in ascending order of their numbers.
  std::ranges::sort(corners);
  corners.erase(std::ranges::unique(corners).begin(), corners.end());
  std::ranges::copy(corners, plex.original.begin() + first_vertex);
  return plex;
}

/// Bisection, unless `-petscpartitioner_type` names another.
void set_partitioner(MPI_Comm comm, DM dm, const CellList& list) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  if (size == 1) return;
  const std::vector<int> target = bisected_cells(comm, list);
  std::vector<PetscInt> sizes(static_cast<std::size_t>(size), 0), points(target.size());
  for (const int rank : target) ++sizes[static_cast<std::size_t>(rank)];
  std::iota(points.begin(), points.end(), PetscInt{0});
  std::ranges::stable_sort(points, {},
                           [&](PetscInt p) { return target[static_cast<std::size_t>(p)]; });
  PetscPartitioner partitioner = nullptr;
  LINNET_CHECK(DMPlexGetPartitioner(dm, &partitioner));
  LINNET_CHECK(PetscPartitionerSetType(partitioner, PETSCPARTITIONERSHELL));
  LINNET_CHECK(PetscPartitionerShellSetPartition(partitioner, static_cast<PetscInt>(size),
                                                 sizes.data(), points.data()));
  LINNET_CHECK(PetscPartitionerSetFromOptions(partitioner));
}

} // namespace

DistributedPlex distribute_cells(MPI_Comm comm, const CellList& list) {
  DistributedPlex before = build(comm, list);
  set_partitioner(comm, before.dm.get(), list);
  PetscSF migration = nullptr;
  DM dm = nullptr;
  LINNET_CHECK(DMPlexDistribute(before.dm.get(), 0, &migration, &dm));
  if (dm == nullptr) return before; // one rank
  DistributedPlex after{core::Owned<DM>(dm), {}};
  PetscInt first = 0, end = 0;
  LINNET_CHECK(DMPlexGetChart(dm, &first, &end));
  after.original.assign(static_cast<std::size_t>(end), -1);
  LINNET_CHECK(PetscSFBcastBegin(migration, MPIU_INT, before.original.data(), after.original.data(),
                                 MPI_REPLACE));
  LINNET_CHECK(PetscSFBcastEnd(migration, MPIU_INT, before.original.data(), after.original.data(),
                               MPI_REPLACE));
  LINNET_CHECK(PetscSFDestroy(&migration));
  return after;
}

} // namespace linnet::fem
