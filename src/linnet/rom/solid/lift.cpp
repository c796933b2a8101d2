// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/lift.hpp>

#include <linnet/fem/support/reproducible_multigrid.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/vec_array.hpp>

#include <algorithm>
#include <string>

namespace linnet::rom {

namespace {

core::Owned<KSP> lift_solver(Mat stiffness) {
  KSP raw = nullptr;
  LINNET_CHECK(KSPCreate(PetscObjectComm(reinterpret_cast<PetscObject>(stiffness)), &raw));
  core::Owned<KSP> ksp(raw);
  LINNET_CHECK(KSPSetOptionsPrefix(raw, "rom_lift_"));
  LINNET_CHECK(KSPSetOperators(raw, stiffness, stiffness));
  LINNET_CHECK(KSPSetType(raw, KSPCG));
  LINNET_CHECK(KSPSetTolerances(raw, 1e-10, PETSC_DEFAULT, PETSC_DEFAULT, 1000));
  PC pc = nullptr;
  LINNET_CHECK(KSPGetPC(raw, &pc));
  LINNET_CHECK(PCSetType(pc, PCGAMG));
  LINNET_CHECK(KSPSetFromOptions(raw));
  return ksp;
}

/// The answer to one field of held displacements, which is where it begins.
void append_lift(const fem::SolidModel& model, KSP ksp, std::span<const double> held, int term,
                 linalg::ColumnStore& lifts) {
  const DM dm = model.mesh().dm();
  const core::Owned<Vec> lift = fem::global_vector(dm), force = fem::global_vector(dm),
                         inside = fem::global_vector(dm);
  std::copy(held.begin(), held.end(), io::VecWriteArray(lift.get()).data());
  model.apply_tangent(lift.get(), force.get());
  LINNET_CHECK(VecScale(force.get(), -1.0));
  LINNET_CHECK(KSPSolve(ksp, force.get(), inside.get()));
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  if (reason < 0)
    throw core::Error(core::ExitCode::not_converged, "the elastic answer to held displacement " +
                                                         std::to_string(term) + " was not found (" +
                                                         KSPConvergedReasons[reason] +
                                                         "); try -rom_lift_pc_type cholesky");
  model.held().zero(inside.get()); // multigrid leaves errors of its tolerance there
  LINNET_CHECK(VecAXPY(lift.get(), 1.0, inside.get()));
  lifts.append(lift.get());
}

void hold(fem::SolidModel& model, const std::vector<double>& flags) {
  const DM dm = model.mesh().dm();
  const core::Owned<Vec> global = fem::global_vector(dm), local = fem::local_vector(dm);
  std::copy(flags.begin(), flags.end(), io::VecWriteArray(global.get()).data());
  LINNET_CHECK(DMGlobalToLocal(dm, global.get(), INSERT_VALUES, local.get()));
  const io::VecReadArray values(local.get());
  std::vector<PetscInt> dofs;
  for (PetscInt i = 0; i < 3 * model.mesh().nodes(); ++i)
    if (values.data()[i] != 0.0) dofs.push_back(i);
  model.hold(dofs);
}

} // namespace

linalg::ColumnStore elastic_lifts(fem::SolidModel& model, const DecomposedLoading& loading) {
  const LoadTerms& held = loading.held();
  linalg::ColumnStore lifts(held.fields.comm(), held.fields.local_rows());
  if (held.terms() == 0) return lifts;
  hold(model, loading.held_unknowns());
  Kokkos::deep_copy(model.old_state(), 0.0);
  const core::Owned<Vec> zero = fem::global_vector(model.mesh().dm());
  const core::Owned<Mat> stiffness = model.create_matrix();
  model.tangent(zero.get(), 1.0, stiffness.get());
  const core::Owned<KSP> ksp = lift_solver(stiffness.get());
  PC pc = nullptr;
  LINNET_CHECK(KSPGetPC(ksp.get(), &pc));
  const fem::ReproducibleMultigrid same_bits(loading.held().fields.comm(), pc);
  for (int k = 0; k < held.terms(); ++k)
    append_lift(model, ksp.get(), held.fields.column(k), k, lifts);
  return lifts;
}

} // namespace linnet::rom
