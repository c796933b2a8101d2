// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nonlinear/diffusion_newton.hpp>

#include <linnet/nonlinear/guarded_guess.hpp>
#include <linnet/nonlinear/state_network.hpp>
#include <linnet/problems/diffusion/diffusion_matrix.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace linnet::nonlinear {

using problems::LawKind;

namespace {

core::Owned<Mat> matrix_of(DM dm, MatType type) {
  MatType before = nullptr;
  LINNET_CHECK(DMGetMatType(dm, &before));
  const std::string kept = before;
  if (type) LINNET_CHECK(DMSetMatType(dm, type));
  Mat A = nullptr;
  LINNET_CHECK(DMCreateMatrix(dm, &A));
  if (type) LINNET_CHECK(DMSetMatType(dm, kept.c_str()));
  return core::Owned<Mat>(A);
}

/// Of all solves so far: PETSc never resets what a nonlinear preconditioner counts.
PetscInt inner_linear_iterations(SNES snes) {
  PetscBool has_inner = PETSC_FALSE;
  PetscInt count = 0;
  SNES inner = nullptr;
  LINNET_CHECK(SNESHasNPC(snes, &has_inner));
  if (!has_inner) return 0;
  LINNET_CHECK(SNESGetNPC(snes, &inner));
  LINNET_CHECK(SNESGetLinearSolveIterations(inner, &count));
  return count;
}

} // namespace

DiffusionNewton::DiffusionNewton(problems::NonlinearDiffusion& equations, bool rows,
                                 const char* prefix)
    : equations_(equations) {
  DM dm = equations.dm();
  LINNET_CHECK(SNESCreate(PetscObjectComm(reinterpret_cast<PetscObject>(dm)), &snes_));
  LINNET_CHECK(SNESSetOptionsPrefix(snes_, prefix));
  set_fields();
  residual_ = problems::make_cell_vector(dm, "residual");
  LINNET_CHECK(SNESSetFunction(snes_, residual_.get(), form_function, this));
  set_matrices(rows);
  LINNET_CHECK(SNESSetConvergenceHistory(snes_, nullptr, nullptr, PETSC_DECIDE, PETSC_TRUE));
  LINNET_CHECK(SNESSetFromOptions(snes_));
}

DiffusionNewton::~DiffusionNewton() { static_cast<void>(SNESDestroy(&snes_)); }

// A clone: PETSc keeps the function of a SNES with its DM, and there may be several on one grid.
void DiffusionNewton::set_fields() {
  DM dm = nullptr;
  LINNET_CHECK(DMClone(equations_.dm(), &dm));
  fields_.reset(dm);
  source_ = problems::make_cell_vector(equations_.dm(), "source");
  const auto carry = [&](const char* name, Vec v) {
    LINNET_CHECK(PetscObjectCompose(reinterpret_cast<PetscObject>(dm), name,
                                    reinterpret_cast<PetscObject>(v)));
  };
  carry("coefficient", equations_.kappa());
  carry("source", source_.get());
  if (equations_.mask()) carry(mask_key, equations_.mask());
  LINNET_CHECK(SNESSetDM(snes_, dm));
}

void DiffusionNewton::set_matrices(bool rows) {
  picard_ = matrix_of(equations_.dm(), rows ? MATAIJ : nullptr);
  Mat J = nullptr;
  switch (equations_.law().kind) {
  case LawKind::reaction:
    LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(picard_.get())));
    jacobian_.reset(picard_.get());
    break;
  case LawKind::quasilinear: jacobian_ = matrix_of(equations_.dm(), nullptr); break;
  case LawKind::p_laplacian:
    LINNET_CHECK(MatCreateSNESMF(snes_, &J));
    jacobian_.reset(J);
    LINNET_CHECK(MatSetFromOptions(J));
    break;
  }
  LINNET_CHECK(SNESSetJacobian(snes_, jacobian_.get(), picard_.get(), form_jacobian, this));
}

PetscErrorCode DiffusionNewton::form_function(SNES snes, Vec u, Vec f, void* self) {
  auto& equations = static_cast<DiffusionNewton*>(self)->equations_;
  PetscFunctionBegin;
  bool allowed = true;
  LINNET_PETSC_GUARD(allowed = equations.assemble(u));
  if (!allowed) {
    PetscCall(SNESSetFunctionDomainError(snes));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  LINNET_PETSC_GUARD(equations.residual(u, f));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode DiffusionNewton::form_jacobian(SNES snes, Vec u, Mat J, Mat P, void* self) {
  auto& equations = static_cast<DiffusionNewton*>(self)->equations_;
  PetscFunctionBegin;
  // A line search has assembled at its trial points since.
  bool allowed = true;
  LINNET_PETSC_GUARD(allowed = equations.assemble(u));
  if (!allowed) {
    PetscCall(SNESSetJacobianDomainError(snes));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  LINNET_PETSC_GUARD(equations.set_picard_matrix(u, P));
  if (equations.law().kind == LawKind::quasilinear)
    LINNET_PETSC_GUARD(equations.set_jacobian(u, J));
  PetscCall(MatAssemblyBegin(J, MAT_FINAL_ASSEMBLY)); // tells differences their base
  PetscCall(MatAssemblyEnd(J, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void DiffusionNewton::start(Vec u) {
  KSP ksp = nullptr;
  equations_.assemble_linear();
  set_matrix(equations_.system(), false, picard_.get());
  LINNET_CHECK(SNESGetKSP(snes_, &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, picard_.get(), picard_.get()));
  LINNET_CHECK(KSPSolve(ksp, equations_.system().rhs(), u));
  guard_guess(snes_, u);
}

/// The residual of a good guess may be near rounding: what is small relative to |F(0)| will do.
double DiffusionNewton::set_absolute_tolerance(Vec like) {
  Vec zero = nullptr;
  LINNET_CHECK(VecDuplicate(like, &zero));
  const core::Owned<Vec> owner(zero);
  LINNET_CHECK(VecZeroEntries(zero));
  double load = residual_norm(snes_, zero);
  if (!std::isfinite(load)) load = 0.0;
  PetscReal absolute = 0.0, relative = 0.0, step = 0.0;
  PetscInt iterations = 0, evaluations = 0;
  PetscBool given = PETSC_FALSE;
  const char* prefix = nullptr;
  LINNET_CHECK(SNESGetOptionsPrefix(snes_, &prefix));
  LINNET_CHECK(PetscOptionsHasName(nullptr, prefix, "-snes_atol", &given));
  LINNET_CHECK(SNESGetTolerances(snes_, &absolute, &relative, &step, &iterations, &evaluations));
  if (given) return load;
  LINNET_CHECK(SNESSetTolerances(snes_, relative * load, relative, step, iterations, evaluations));
  return load;
}

DiffusionNewton::Outcome DiffusionNewton::solve(Vec u) {
  Outcome outcome;
  const PetscInt inner_before = inner_linear_iterations(snes_);
  const double load = set_absolute_tolerance(u);
  equations_.source(source_.get());
  LINNET_CHECK(SNESSolve(snes_, nullptr, u));
  LINNET_CHECK(SNESGetConvergedReason(snes_, &outcome.reason));
  LINNET_CHECK(SNESGetIterationNumber(snes_, &outcome.iterations));
  LINNET_CHECK(SNESGetLinearSolveIterations(snes_, &outcome.linear_iterations));
  outcome.linear_iterations += inner_linear_iterations(snes_) - inner_before;
  PetscReal* history = nullptr;
  PetscInt length = 0;
  LINNET_CHECK(SNESGetConvergenceHistory(snes_, &history, nullptr, &length));
  outcome.residuals.assign(history, history + length);
  outcome.scale = outcome.residuals.empty() ? load : std::max(load, outcome.residuals.front());
  return outcome;
}

} // namespace linnet::nonlinear
