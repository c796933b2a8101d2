// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/held_dofs.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/owned.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/kernels/solid/scatter.hpp>

#include <string>

namespace linnet::fem {

HeldDofs::HeldDofs(const Mesh& mesh) : flags_(static_cast<std::size_t>(3 * mesh.nodes()), 0) {}

HeldDofs::HeldDofs(const Mesh& mesh, std::span<const PetscInt> dofs) : HeldDofs(mesh) {
  core::together(mesh.comm(), [&] {
    for (const PetscInt dof : dofs)
      if (dof < 0 || dof >= 3 * mesh.nodes())
        throw core::Error(core::ExitCode::internal,
                          "held unknown " + std::to_string(dof) + " is none of the " +
                              std::to_string(3 * mesh.nodes()) + " local ones");
  });
  // A rank may share a node of a group without having one of its faces.
  const core::Owned<Vec> local = local_vector(mesh.dm());
  const core::Owned<Vec> global = global_vector(mesh.dm());
  {
    const HostValues marks(local.get());
    for (const PetscInt dof : dofs) marks[dof] = 1.0;
  }
  LINNET_CHECK(DMLocalToGlobal(mesh.dm(), local.get(), ADD_VALUES, global.get()));
  LINNET_CHECK(DMGlobalToLocal(mesh.dm(), global.get(), INSERT_VALUES, local.get()));
  {
    const HostValues marks(local.get());
    for (PetscInt i = 0; i < 3 * mesh.nodes(); ++i)
      flags_[static_cast<std::size_t>(i)] = marks[i] > 0.0;
  }
  for (PetscInt i = 0; i < 3 * mesh.owned_nodes(); ++i)
    if (is_held(i)) owned_.push_back(i);
  places_ = device_copy<int>("linnet::fem::held", owned_);
  const auto mine = static_cast<std::int64_t>(owned_.size());
  MPI_Allreduce(&mine, &all_, 1, MPI_INT64_T, MPI_SUM, mesh.comm());
}

void HeldDofs::zero(Vec global) const {
  KernelValues values(global, grid::Access::read_write);
  if (places_.extent(0) > 0) kernels::zero_entries(places_, values.data());
  values.restore();
}

} // namespace linnet::fem
