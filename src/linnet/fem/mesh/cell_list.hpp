// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a mesh is made from: nodes, cells and groups in original numbering, before any
/// distribution.
#pragma once

#include <linnet/fem/mesh/cell_shape.hpp>

#include <petscsys.h>

#include <cstdint>
#include <string>
#include <vector>

namespace linnet::fem {

/// A named set of surface, curve or point elements.
struct GroupList {
  std::string name;
  int dimension = 2; ///< 2 surface, 1 curve, 0 points
  /// elements x nodes_per_entity(shape, dimension), original node numbers, corners first.
  std::vector<PetscInt> nodes;
};

/// This rank's share of the cells and of the nodes, both contiguous in original numbering and in
/// the order of the ranks, and all groups, which are the same on every rank.
struct CellList {
  CellShape shape = CellShape::hex8;
  PetscInt first_cell = 0; ///< original number of this rank's first cell
  PetscInt first_node = 0;
  std::vector<PetscInt> cells;     ///< cells x nodes_per_cell original node numbers, gmsh's order
  std::vector<int> cell_regions;   ///< per cell, index into regions
  std::vector<double> coordinates; ///< nodes x 3
  std::vector<double> parametric;  ///< nodes x 3 or empty (on all ranks)
  std::vector<std::string> regions;
  std::vector<GroupList> groups;
  /// What messages call the mesh and its cells: "blade.msh"; the number a cell has in the file
  /// (empty: its original number).
  std::string source;
  std::vector<std::int64_t> cell_tags;
};

} // namespace linnet::fem
