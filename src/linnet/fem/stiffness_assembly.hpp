// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The stiffness matrix from the blocks of the cells, by PETSc's assembly from coordinates (COO).
///
/// Memory of a rank that stays: 8 bytes per entry of a block for the values, and what PETSc keeps
/// for their places, 8 to 16 bytes per entry; 576 entries per hex8, 900 per tet10.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/fem/held_dofs.hpp>
#include <linnet/fem/mesh/mesh.hpp>
#include <linnet/kernels/allocation.hpp>

namespace linnet::fem {

class StiffnessAssembly {
public:
  /// Allocates the blocks. Keeps a reference to @p mesh. Not collective.
  explicit StiffnessAssembly(const Mesh& mesh);

  /// cells x n x n with n = 3 nodes_per_cell, row by row: what assemble() sums.
  [[nodiscard]] const kernels::Array<double>& blocks() const { return blocks_; }

  /// A matrix in which no entry couples a held unknown to another one; its diagonal entry is the
  /// sum of those of the blocks, so it stays positive and of the size of the others. Type aij, or
  /// `-mat_type`; near null space: the rigid-body modes. Collective.
  [[nodiscard]] core::Owned<Mat> create_matrix(const HeldDofs& held) const;
  /// matrix = sum of blocks(). Collective.
  void assemble(Mat matrix) const;

  /// Of this rank, for the blocks and what PETSc keeps for their places.
  [[nodiscard]] std::size_t bytes() const;

private:
  void set_pattern(const HeldDofs& held, Mat matrix) const;

  const Mesh* mesh_;
  kernels::Array<double> blocks_;
};

/// The rigid-body modes of the mesh as the matrix's near null space. Collective.
void set_rigid_body_modes(const Mesh& mesh, Mat matrix);

} // namespace linnet::fem
