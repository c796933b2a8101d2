// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A mesh of hexahedra or of second-order tetrahedra on a DMPlex that is distributed without
/// overlap of cells.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/fem/mesh/cell_list.hpp>
#include <linnet/fem/mesh/cell_shape.hpp>

#include <petscdm.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::fem {

/// One side of a cell of this rank.
struct CellFace {
  PetscInt cell; ///< local number
  int side;      ///< in the cell's own numbering, side_nodes(shape, side)
};

/// Local numbers count from 0 on this rank. Original numbers are those of the order in the file (or
/// of the generator), from 0: the same on any number of ranks. Cells are in order of their original
/// numbers; nodes likewise, owned ones first, then those another rank owns. On one rank local,
/// global and original numbers are the same.
class Mesh {
public:
  /// Distributes @p list by bisection of the cells' centres, the same in every run, or by another
  /// partitioner of PETSc (`-petscpartitioner_type`). @throws core::Error (one line, on all ranks)
  /// for an inverted cell and for a surface that lies on no cell. Collective.
  static Mesh build(MPI_Comm comm, const CellList& list);

  [[nodiscard]] MPI_Comm comm() const;
  /// The DMPlex with a local section of 3 unknowns per node and no constrained ones; its global
  /// Vecs have block size 3. Owned by this object.
  [[nodiscard]] DM dm() const { return dm_.get(); }

  [[nodiscard]] CellShape shape() const { return shape_; }
  [[nodiscard]] int nodes_per_cell() const { return fem::nodes_per_cell(shape_); }
  /// Cells of this rank; every cell is on one rank.
  [[nodiscard]] PetscInt cells() const { return static_cast<PetscInt>(original_cells_.size()); }
  /// Nodes of this rank's cells. Local node i has entries 3i, 3i+1, 3i+2 of a local Vec of dm().
  [[nodiscard]] PetscInt nodes() const { return static_cast<PetscInt>(original_nodes_.size()); }
  /// The first ones of nodes(); every node is owned by one rank.
  [[nodiscard]] PetscInt owned_nodes() const { return owned_nodes_; }
  [[nodiscard]] PetscInt all_cells() const { return all_cells_; }
  [[nodiscard]] PetscInt all_nodes() const { return all_nodes_; }

  /// cells x nodes_per_cell local node numbers in gmsh's order.
  [[nodiscard]] std::span<const PetscInt> cell_nodes() const { return cell_nodes_; }
  /// nodes x 3.
  [[nodiscard]] std::span<const double> coordinates() const { return coordinates_; }
  /// nodes x 3: (xi, eta, zeta) of a mapped mesh (BoxMap says their ranges); empty for read meshes.
  [[nodiscard]] std::span<const double> parametric() const { return parametric_; }
  /// Per local node g: its unknowns are 3g, 3g+1, 3g+2 of a global Vec.
  [[nodiscard]] std::span<const PetscInt> global_nodes() const { return global_nodes_; }
  [[nodiscard]] std::span<const PetscInt> original_nodes() const { return original_nodes_; }
  [[nodiscard]] std::span<const PetscInt> original_cells() const { return original_cells_; }

  /// Names of the physical volumes, the same on all ranks.
  [[nodiscard]] const std::vector<std::string>& regions() const { return regions_; }
  /// Per local cell, index into regions().
  [[nodiscard]] std::span<const int> cell_regions() const { return cell_regions_; }

  /// Names of the surfaces, curves and points, the same on all ranks.
  [[nodiscard]] std::vector<std::string> group_names() const;
  [[nodiscard]] bool has_group(std::string_view group) const;
  /// Faces of this rank's cells on the named surface. A face between two cells appears once for
  /// each of them. @throws core::Error when there is no such surface. Not collective, but fails on
  /// all ranks alike.
  [[nodiscard]] const std::vector<CellFace>& faces(std::string_view group) const;
  /// Local nodes (owned and not) of the named surface, curve or points, ascending. @throws
  /// likewise.
  [[nodiscard]] const std::vector<PetscInt>& nodes_of(std::string_view group) const;

  /// 32 hexadecimal digits from nodes, cells, regions and groups in original numbering: the same on
  /// any number of ranks.
  [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }

private:
  friend class MeshBuilder;
  struct Group {
    std::string name;
    int dimension;
    std::vector<CellFace> faces;
    std::vector<PetscInt> nodes;
  };
  Mesh() = default;
  [[nodiscard]] const Group& group(std::string_view name, int dimension) const;

  core::Owned<DM> dm_;
  CellShape shape_ = CellShape::hex8;
  PetscInt owned_nodes_ = 0, all_cells_ = 0, all_nodes_ = 0;
  std::vector<PetscInt> cell_nodes_, global_nodes_, original_nodes_, original_cells_;
  std::vector<double> coordinates_, parametric_;
  std::vector<std::string> regions_;
  std::vector<int> cell_regions_;
  std::vector<Group> groups_;
  std::string source_, fingerprint_;
};

/// Reads a volume mesh in gmsh's formats 2.2 and 4.1, ASCII or binary. Physical groups go by name,
/// unnamed ones by their number in text; without physical volumes there is one region "solid".
/// @throws core::Error (one line, on all ranks) for first-order tetrahedra, other and mixed cells,
/// inverted cells, damaged files. Collective.
Mesh read_mesh(MPI_Comm comm, const std::string& path);

} // namespace linnet::fem
