// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/stiffness_assembly.hpp>

#include <linnet/fem/support/vec_views.hpp>

namespace linnet::fem {

namespace {

std::size_t block_entries(const Mesh& mesh) {
  const auto size = static_cast<std::size_t>(3 * mesh.nodes_per_cell());
  return size * size;
}

} // namespace

StiffnessAssembly::StiffnessAssembly(const Mesh& mesh)
    : mesh_(&mesh),
      blocks_(kernels::zeros<double>("linnet::fem::blocks", static_cast<std::size_t>(mesh.cells()) *
                                                                block_entries(mesh))) {}

core::Owned<Mat> StiffnessAssembly::create_matrix(const HeldDofs& held) const {
  Mat raw = nullptr;
  LINNET_CHECK(MatCreate(mesh_->comm(), &raw));
  core::Owned<Mat> matrix(raw);
  const PetscInt mine = 3 * mesh_->owned_nodes();
  LINNET_CHECK(MatSetSizes(raw, mine, mine, PETSC_DETERMINE, PETSC_DETERMINE));
  LINNET_CHECK(MatSetBlockSize(raw, 3));
  MatType type = nullptr;
  LINNET_CHECK(DMGetMatType(mesh_->dm(), &type));
  LINNET_CHECK(MatSetType(raw, type ? type : MATAIJ));
  LINNET_CHECK(MatSetFromOptions(raw));
  set_pattern(held, raw);
  set_rigid_body_modes(*mesh_, raw);
  return matrix;
}

// PETSc may overwrite the index arrays, and copies what it needs of them.
void StiffnessAssembly::set_pattern(const HeldDofs& held, Mat matrix) const {
  const auto per_cell = static_cast<std::size_t>(mesh_->nodes_per_cell());
  const auto cells = static_cast<std::size_t>(mesh_->cells());
  std::vector<PetscInt> rows, columns;
  rows.reserve(cells * block_entries(*mesh_));
  columns.reserve(cells * block_entries(*mesh_));
  std::vector<PetscInt> global(3 * per_cell);
  std::vector<char> is_held(3 * per_cell);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    for (std::size_t i = 0; i < 3 * per_cell; ++i) {
      const PetscInt node = mesh_->cell_nodes()[cell * per_cell + i / 3];
      const auto c = static_cast<PetscInt>(i % 3);
      global[i] = 3 * mesh_->global_nodes()[static_cast<std::size_t>(node)] + c;
      is_held[i] = held.is_held(3 * node + c);
    }
    for (std::size_t i = 0; i < 3 * per_cell; ++i)
      for (std::size_t j = 0; j < 3 * per_cell; ++j) {
        const bool left_out = i != j && (is_held[i] || is_held[j]);
        rows.push_back(left_out ? -1 : global[i]);
        columns.push_back(left_out ? -1 : global[j]);
      }
  }
  LINNET_CHECK(MatSetPreallocationCOO(matrix, static_cast<PetscCount>(rows.size()), rows.data(),
                                      columns.data()));
}

void StiffnessAssembly::assemble(Mat matrix) const {
  Kokkos::fence();
  LINNET_CHECK(MatSetValuesCOO(matrix, blocks_.data(), INSERT_VALUES));
}

std::size_t StiffnessAssembly::bytes() const {
  return blocks_.extent(0) * (sizeof(double) + sizeof(PetscCount));
}

void set_rigid_body_modes(const Mesh& mesh, Mat matrix) {
  const core::Owned<Vec> coordinates = global_vector(mesh.dm());
  {
    const HostValues x(coordinates.get());
    for (PetscInt i = 0; i < 3 * mesh.owned_nodes(); ++i)
      x[i] = mesh.coordinates()[static_cast<std::size_t>(i)];
  }
  MatNullSpace modes = nullptr;
  LINNET_CHECK(MatNullSpaceCreateRigidBody(coordinates.get(), &modes));
  const core::Owned<MatNullSpace> owned(modes);
  LINNET_CHECK(MatSetNearNullSpace(matrix, modes));
}

} // namespace linnet::fem
