// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Numbers of nodes and cells of a structured mesh.
#pragma once

#include <linnet/fem/mesh/cell_shape.hpp>

#include <petscsys.h>

#include <array>
#include <vector>

namespace linnet::fem {

using Lattice3 = std::array<PetscInt, 3>;

/// The points of a grid of boxes: corners for hex8; for tet10 also the middles of all edges, faces
/// and boxes, which are the middles of the edges of six tetrahedra in every box.
class BoxLattice {
public:
  BoxLattice(CellShape shape, const Lattice3& boxes) : shape_(shape), boxes_(boxes) {}

  [[nodiscard]] CellShape shape() const { return shape_; }
  [[nodiscard]] const Lattice3& boxes() const { return boxes_; }
  /// Lattice steps per box.
  [[nodiscard]] PetscInt steps() const { return shape_ == CellShape::hex8 ? 1 : 2; }
  [[nodiscard]] PetscInt cells_per_box() const { return shape_ == CellShape::hex8 ? 1 : 6; }
  /// Largest index in direction @p d.
  [[nodiscard]] PetscInt last(std::size_t d) const { return steps() * boxes_[d]; }
  [[nodiscard]] PetscInt nodes() const { return (last(0) + 1) * (last(1) + 1) * (last(2) + 1); }
  [[nodiscard]] PetscInt cells() const {
    return boxes_[0] * boxes_[1] * boxes_[2] * cells_per_box();
  }
  [[nodiscard]] PetscInt node(const Lattice3& at) const {
    return at[0] + (last(0) + 1) * (at[1] + (last(1) + 1) * at[2]);
  }
  [[nodiscard]] Lattice3 place(PetscInt node) const {
    const PetscInt row = node / (last(0) + 1);
    return {node % (last(0) + 1), row % (last(1) + 1), row / (last(1) + 1)};
  }
  /// Lattice places of the nodes of a cell, in gmsh's order.
  [[nodiscard]] std::vector<Lattice3> cell(PetscInt number) const;
  /// Node numbers of a cell.
  [[nodiscard]] std::vector<PetscInt> cell_nodes(PetscInt number) const;
  /// The sides on the face where direction @p d has its first or last index: elements of a surface,
  /// nodes_per_side each, seen from outside.
  [[nodiscard]] std::vector<PetscInt> surface(std::size_t d, bool at_end) const;
  /// The edges of boxes along direction @p d where the other two indices are at the given ends.
  [[nodiscard]] std::vector<PetscInt> edge(std::size_t d, const std::array<bool, 3>& at_end) const;

private:
  [[nodiscard]] std::vector<Lattice3> tetrahedron(const Lattice3& box, PetscInt which) const;

  CellShape shape_;
  Lattice3 boxes_;
};

} // namespace linnet::fem
