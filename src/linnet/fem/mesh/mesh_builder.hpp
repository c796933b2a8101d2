// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Makes a Mesh from a cell list.
#pragma once

#include <linnet/fem/mesh/distributed_plex.hpp>
#include <linnet/fem/mesh/mesh.hpp>

#include <unordered_map>

namespace linnet::fem {

/// The steps of Mesh::build(), all of them collective.
class MeshBuilder {
public:
  MeshBuilder(MPI_Comm comm, const CellList& list);
  Mesh build();

private:
  void take_cells();
  void take_nodes();
  void number_nodes();
  void set_section();
  void take_groups();
  void check_cells() const;
  /// Of the points that carry nodes: vertices and, for tet10, edges.
  [[nodiscard]] std::vector<PetscInt> nodes_of_points() const;

  MPI_Comm comm_;
  const CellList& list_;
  DistributedPlex plex_;
  std::vector<PetscInt> cell_points_;   // Plex point of each local cell
  std::vector<PetscInt> original_cell_; // cells x nodes_per_cell original numbers
  std::vector<PetscInt> node_points_;   // Plex point of each local node
  std::unordered_map<PetscInt, PetscInt> local_of_original_;
  Mesh mesh_;
};

} // namespace linnet::fem
