// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/directions/direction_solver.hpp>

#include <linnet/core/petsc.hpp>
#include <linnet/kernels/network/channels.hpp>
#include <linnet/linalg/met_tolerance.hpp>

#include <cmath>

namespace linnet::nn {

namespace {

constexpr PetscInt window = 2;

} // namespace

DirectionSolver::DirectionSolver(const ResolvedGraph& graph, Domain& domain, DirectionLossType loss)
    : network_(graph, domain, NetworkMode::inference) {
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &ksp));
  method_.reset(ksp);
  if (loss == DirectionLossType::minimal_residual) {
    LINNET_CHECK(KSPSetType(ksp, KSPGCR));
  } else {
    LINNET_CHECK(KSPSetType(ksp, KSPFCG));
    LINNET_CHECK(KSPFCGSetMmax(ksp, window));
    LINNET_CHECK(KSPFCGSetTruncationType(ksp, KSP_FCD_TRUNC_TYPE_STANDARD));
  }
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCSHELL));
  LINNET_CHECK(PCShellSetContext(pc, this));
  LINNET_CHECK(PCShellSetApply(pc, apply));
}

PetscErrorCode DirectionSolver::apply(PC pc, Vec r, Vec d) {
  PetscFunctionBegin;
  DirectionSolver* self = nullptr;
  PetscCall(PCShellGetContext(pc, &self));
  LINNET_PETSC_GUARD(self->direction(r, d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Of r / |r|, as at use; its size does not matter.
void DirectionSolver::direction(Vec r, Vec d) {
  PetscReal norm = 0.0;
  LINNET_CHECK(VecNorm(r, NORM_2, &norm));
  LINNET_CHECK(VecCopy(r, d));
  if (norm > 0.0) LINNET_CHECK(VecScale(d, 1.0 / norm));
  geometry_->to_tensor(d, network_.input());
  if (is_first_ && geometry_->view().channels > 0)
    kernels::copy_tensor(geometry_->view(), network_.input(1), false);
  if (is_first_)
    network_.forward(*parameters_);
  else
    network_.forward_again(*parameters_);
  is_first_ = false;
  geometry_->from_tensor(network_.output(), d);
}

void DirectionSolver::run(const DirectionGeometry& geometry,
                          const kernels::Array<float>& parameters, Vec b, PetscInt steps, Vec x) {
  geometry_ = &geometry;
  parameters_ = &parameters;
  is_first_ = true;
  LINNET_CHECK(KSPSetOperators(method_.get(), geometry.matrix(), geometry.matrix()));
  LINNET_CHECK(KSPSetTolerances(method_.get(), linalg::met_tolerance, 1e-300, 1e300, steps));
  LINNET_CHECK(KSPSolve(method_.get(), b, x));
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  PetscReal norm = 0.0;
  LINNET_CHECK(KSPGetConvergedReason(method_.get(), &reason));
  LINNET_CHECK(VecNorm(x, NORM_2, &norm));
  const bool broke_down = reason < 0 && reason != KSP_DIVERGED_ITS;
  if (broke_down || !std::isfinite(norm)) LINNET_CHECK(VecSet(x, 0.0));
}

} // namespace linnet::nn
