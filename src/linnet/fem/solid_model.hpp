// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A solid in small strains: mesh, materials, and the history at the quadrature points, with its
/// internal force and tangent stiffness as PETSc objects.
///
/// Elements: hex8 with B-bar and 2x2x2 points, tet10 with 4 points. Unknowns: displacements, three
/// per node, in global Vecs of mesh().dm() (block size 3), the held ones among them with their
/// prescribed values. Tensors are stored 11, 22, 33, 12, 13, 23 as tensor components: shears have
/// no factor 2. Units are the user's, consistent.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/fem/held_dofs.hpp>
#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/mesh/mesh.hpp>
#include <linnet/fem/stiffness_assembly.hpp>
#include <linnet/kernels/solid/cell_integrals.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace linnet::fem {

struct SolidModelOptions {
  /// `-solid_tangent symmetric|full`: the consistent tangent is slightly unsymmetric where
  /// kinematic recovery turns the flow; its symmetric part serves conjugate gradients and costs
  /// Newton's method next to nothing.
  bool symmetric = true;
};

/// Distributed as the mesh is: a rank has the points of its cells, cell after cell,
/// points_per_cell() each, in the order of kernels::Hex8 and kernels::Tet10.
class SolidModel {
public:
  /// Keeps a reference to @p mesh, and shares the storage of @p materials. The state and the
  /// temperature begin at zero. Collective. @throws core::Error (data) for a region without
  /// material.
  SolidModel(const Mesh& mesh, const Materials& materials, const SolidModelOptions& options = {});
  SolidModel(const SolidModel&) = delete;
  SolidModel& operator=(const SolidModel&) = delete;

  [[nodiscard]] const Mesh& mesh() const { return *mesh_; }
  [[nodiscard]] const Materials& materials() const { return materials_; }
  [[nodiscard]] const SolidModelOptions& options() const { return options_; }
  /// Quadrature points of this rank, of all ranks, and of a cell.
  [[nodiscard]] PetscInt points() const;
  [[nodiscard]] std::int64_t all_points() const;
  [[nodiscard]] int points_per_cell() const;
  /// Original cell number * points_per_cell() + q for each point of this rank.
  [[nodiscard]] std::vector<std::int64_t> point_ids() const;

  /// w |J| of each point; their sum over all ranks is the volume.
  [[nodiscard]] const kernels::Array<double>& weights() const { return geometry_.weights; }
  /// points; to be written before update(), internal_force() and tangent().
  [[nodiscard]] const kernels::Array<double>& temperature() const { return points_.temperature; }
  /// points x state_size(): ep (6), p, then 6 for each backstress; at the begin of the step.
  [[nodiscard]] const kernels::Array<double>& old_state() const { return points_.old_state; }
  /// The same at the end of the step, as the last update() or internal_force() left it.
  [[nodiscard]] const kernels::Array<double>& new_state() const { return points_.new_state; }
  /// points x 6, at the end of the step.
  [[nodiscard]] const kernels::Array<double>& stress() const { return points_.stress; }
  /// Numbers of state at each point: of the material with the most backstresses.
  [[nodiscard]] int state_size() const { return points_.state_size; }
  /// What kernels of other modules need: shape gradients and the arrays above.
  [[nodiscard]] const kernels::CellGeometry& geometry() const { return geometry_; }
  [[nodiscard]] const kernels::SolidPoints& at_points() const { return points_; }

  /// Holds the unknowns @p dofs (3 * local node + component, ghosts may be among them; enough that
  /// one rank names them): their rows and columns leave the stiffness. Replaces those held before,
  /// and with them create_matrix()'s pattern. Collective.
  void hold(std::span<const PetscInt> dofs);
  [[nodiscard]] const HeldDofs& held() const { return held_; }

  /// strain (points x 6) of the global @p u. Collective.
  void strain(Vec u, const kernels::Array<double>& strain) const;
  /// The law alone: new_state() and stress() for @p u from old_state() over @p dt. Collective.
  void update(Vec u, double dt);
  /// update(), and the internal force sum_g w B^T sigma to the global @p force, held rows included:
  /// there, less the external force, it is the reaction. Collective.
  void internal_force(Vec u, double dt, Vec force);
  /// Tangent stiffness at @p u from old_state() over @p dt to @p stiffness, a matrix of
  /// create_matrix(). A held row and column is zero but for the diagonal entry, which is that of
  /// the unconstrained stiffness. Changes neither new_state() nor stress(). Collective.
  void tangent(Vec u, double dt, Mat stiffness);
  /// The rows of the last tangent() times @p increment, held columns included and held rows zero:
  /// what an increment of prescribed displacements does to the force. Collective.
  void apply_tangent(Vec increment, Vec force) const;
  /// The end of the step becomes the begin of the next: old_state() = new_state(). Not collective.
  void commit();
  /// Back to the last commit(): new_state() and stress() are what they were then. Not collective.
  void restore();

  /// Points whose law was not solved in the last pass, over all ranks; the same on all of them.
  [[nodiscard]] std::int64_t failures() const { return failures_; }
  /// Norm of the forces of the cells, mechanical and thermal, before they cancel at the nodes, in
  /// the last internal_force(): a scale for what balances to zero. The same on all ranks.
  [[nodiscard]] double force_scale() const { return force_scale_; }

  /// An empty stiffness matrix of type aij, or `-mat_type`, of block size 3, with the rigid-body
  /// modes as near null space; its pattern is that of the held unknowns of now. Collective.
  [[nodiscard]] core::Owned<Mat> create_matrix();
  /// Bytes of this rank for the values and the pattern of the stiffness; 0 before create_matrix().
  [[nodiscard]] std::size_t assembly_bytes() const;

private:
  template <kernels::CellTask task>
  kernels::CellSums sweep(Vec u, double dt, double* result);
  void agree_on(const kernels::CellSums& sums);
  void to_local(Vec u) const;

  const Mesh* mesh_;
  Materials materials_;
  SolidModelOptions options_;
  kernels::CellGeometry geometry_;
  kernels::SolidPoints points_;
  kernels::Array<double> old_stress_;
  HeldDofs held_;
  std::optional<StiffnessAssembly> assembly_;
  core::Owned<Vec> local_u_, local_force_;
  std::int64_t failures_ = 0;
  double force_scale_ = 0.0;
};

} // namespace linnet::fem
