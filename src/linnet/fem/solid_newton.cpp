// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// What SNES calls, and the defaults of its solvers.
#include <linnet/fem/solid_solver.hpp>

#include <linnet/fem/support/stopwatch.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::fem {

namespace {

constexpr PetscInt most_iterations = 25;
/// A residual that has grown so much will not come back.
constexpr double divergence = 1e4;
/// Part of the tolerance that holds against the cells' forces, and what rounding leaves of them.
constexpr double floor_part = 1e-4, rounding = 1e-14;

void set_multigrid(PC pc) {
  LINNET_CHECK(PCSetType(pc, PCGAMG));
  PetscReal threshold[] = {0.01};
  LINNET_CHECK(PCGAMGSetThreshold(pc, threshold, 1));
  // Aggregates of the first tangent serve all of a step: making them anew costs more than it saves,
  // and where their number changes PETSc 3.18 ends in an error.
  LINNET_CHECK(PCGAMGSetReuseInterpolation(pc, PETSC_TRUE));
}

} // namespace

void SolidSolver::create_snes() {
  SNES snes = nullptr;
  LINNET_CHECK(SNESCreate(model_->mesh().comm(), &snes));
  snes_.reset(snes);
  LINNET_CHECK(SNESSetType(snes, SNESNEWTONLS));
  SNESLineSearch search = nullptr;
  LINNET_CHECK(SNESGetLineSearch(snes, &search));
  LINNET_CHECK(SNESLineSearchSetType(search, SNESLINESEARCHBASIC));
  LINNET_CHECK(SNESSetFunction(snes, residual_.get(), &SolidSolver::form_residual, this));
  LINNET_CHECK(
      SNESSetJacobian(snes, stiffness_.get(), stiffness_.get(), &SolidSolver::form_tangent, this));
  LINNET_CHECK(SNESSetConvergenceTest(snes, &SolidSolver::test_convergence, this, nullptr));
  LINNET_CHECK(SNESSetTolerances(snes, PETSC_DEFAULT, PETSC_DEFAULT, PETSC_DEFAULT, most_iterations,
                                 PETSC_DEFAULT));
  LINNET_CHECK(SNESSetLagPreconditioner(snes, 2));
  set_linear_defaults();
  LINNET_CHECK(SNESSetFromOptions(snes));
  LINNET_CHECK(SNESGetLineSearch(snes, &search));
  LINNET_CHECK(SNESLineSearchSetPreCheck(search, &SolidSolver::keep_held, this));
}

// An iterative solver leaves errors of its tolerance at held unknowns, too: coarse corrections of
// multigrid reach them. No later residual would show these, so they are taken out of every step.
PetscErrorCode SolidSolver::keep_held(SNESLineSearch, Vec, Vec direction, PetscBool* changed,
                                      void* self) {
  PetscFunctionBeginUser;
  LINNET_PETSC_GUARD(static_cast<SolidSolver*>(self)->model_->held().zero(direction));
  *changed = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

void SolidSolver::set_linear_defaults() const {
  KSP ksp = nullptr;
  LINNET_CHECK(SNESGetKSP(snes_.get(), &ksp));
  LINNET_CHECK(KSPSetType(ksp, model_->options().symmetric ? KSPCG : KSPGMRES));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-6, PETSC_DEFAULT, PETSC_DEFAULT, 1000));
  PC pc = nullptr;
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  set_multigrid(pc);
}

// Algebraic multigrid keeps the aggregates of its first matrix. Made for each step, it hangs on
// that step alone, so that a run that goes on from a checkpoint has the bits of one that never
// stopped.
PC SolidSolver::renewed_multigrid() {
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(SNESGetKSP(snes_.get(), &ksp));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  PetscBool multigrid = PETSC_FALSE;
  LINNET_CHECK(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc), PCGAMG, &multigrid));
  if (multigrid == PETSC_FALSE) return pc;
  LINNET_CHECK(PCCreate(model_->mesh().comm(), &pc));
  set_multigrid(pc);
  LINNET_CHECK(PCSetFromOptions(pc));
  LINNET_CHECK(KSPSetPC(ksp, pc));
  PC held_by_ksp = pc;
  LINNET_CHECK(PCDestroy(&pc));
  return held_by_ksp;
}

double SolidSolver::threshold() const {
  const double floor = std::max(floor_part * options_.tolerance, rounding);
  return std::max(options_.tolerance * force_norm_, floor * model_->force_scale());
}

void SolidSolver::residual_at(Vec u, Vec residual) {
  const Stopwatch watch(outcome_.force_seconds);
  model_->internal_force(u, dt_, reactions_.get());
  LINNET_CHECK(VecAXPY(reactions_.get(), -1.0, force_.get()));
  LINNET_CHECK(VecCopy(reactions_.get(), residual));
  model_->held().zero(residual);
}

void SolidSolver::tangent_at(Vec u) {
  const Stopwatch watch(outcome_.tangent_seconds);
  model_->tangent(u, dt_, stiffness_.get());
}

PetscErrorCode SolidSolver::form_residual(SNES snes, Vec u, Vec residual, void* self) {
  PetscFunctionBeginUser;
  auto& solver = *static_cast<SolidSolver*>(self);
  LINNET_PETSC_GUARD(solver.residual_at(u, residual));
  if (solver.model_->failures() > 0) PetscCall(SNESSetFunctionDomainError(snes));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SolidSolver::form_tangent(SNES, Vec u, Mat, Mat, void* self) {
  PetscFunctionBeginUser;
  LINNET_PETSC_GUARD(static_cast<SolidSolver*>(self)->tangent_at(u));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SolidSolver::test_convergence(SNES, PetscInt iteration, PetscReal, PetscReal,
                                             PetscReal residual, SNESConvergedReason* reason,
                                             void* self) {
  PetscFunctionBeginUser;
  auto& solver = *static_cast<SolidSolver*>(self);
  if (iteration == 0) solver.first_residual_ = residual;
  solver.outcome_.residual = residual;
  solver.outcome_.reference = solver.threshold();
  *reason = SNES_CONVERGED_ITERATING;
  if (!std::isfinite(residual))
    *reason = SNES_DIVERGED_FNORM_NAN;
  else if (residual <= solver.outcome_.reference)
    *reason = SNES_CONVERGED_FNORM_ABS;
  else if (residual > divergence * solver.first_residual_)
    *reason = SNES_DIVERGED_DTOL;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::fem
