// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/cg_fused.hpp>

#include <linnet/krylov/cg_passes.hpp>

#include <cmath>

namespace linnet::krylov {
namespace {

struct CgFusedData {
  PetscBool flexible = PETSC_FALSE;
};

CgFusedData* data_of(KSP ksp) { return static_cast<CgFusedData*>(ksp->data); }

/// One solve. The order of norms, tests and preconditioning is that of PETSc's cg.
class Solve {
public:
  explicit Solve(KSP ksp) : ksp_(ksp), passes_(make_field_passes(ksp)) {
    if (passes_) return;
    if (ksp->nwork < 4) LINNET_CHECK(KSPSetWorkVecs(ksp, 4));
    passes_ = make_vec_passes(ksp);
  }

  void run() {
    ksp_->its = 0;
    compute_residual();
    double rr = 0.0;
    if (ksp_->normtype == KSP_NORM_UNPRECONDITIONED) {
      PetscReal norm;
      LINNET_CHECK(VecNorm(passes_->residual(), NORM_2, &norm));
      rr = norm * norm;
    }
    if (has_ended(0, rr)) return;
    double beta = 0.0, alpha = 0.0, zr_before = 0.0;
    for (int i = 0; i < ksp_->max_it; ++i) {
      ksp_->its = i + 1;
      if (!preconditioned_) precondition();
      if (zr_ == 0.0) return end(KSP_CONVERGED_ATOL);
      if (i > 0) {
        if (zr_ * zr_before < 0.0) return end(KSP_DIVERGED_INDEFINITE_PC);
        beta = data_of(ksp_)->flexible ? -alpha * passes_->z_dot_w() / zr_before : zr_ / zr_before;
      }
      const double pw = passes_->turn(beta);
      if (std::isnan(pw) || std::isinf(pw)) return end(KSP_DIVERGED_NANORINF);
      if (pw <= 0.0) return end(KSP_DIVERGED_INDEFINITE_MAT);
      alpha = zr_ / pw;
      rr = passes_->update(alpha, ksp_->vec_sol);
      preconditioned_ = false;
      zr_before = zr_;
      if (has_ended(i + 1, rr)) return;
    }
    end(KSP_DIVERGED_ITS);
  }

private:
  void compute_residual() {
    Vec r = passes_->residual();
    Mat a;
    LINNET_CHECK(PCGetOperators(ksp_->pc, &a, nullptr));
    if (ksp_->guess_zero) {
      LINNET_CHECK(VecCopy(ksp_->vec_rhs, r));
    } else {
      LINNET_CHECK(KSP_MatMult(ksp_, a, ksp_->vec_sol, r));
      LINNET_CHECK(VecAYPX(r, -1.0, ksp_->vec_rhs));
    }
  }

  void precondition() {
    passes_->precondition();
    zr_ = passes_->z_dot_r();
    preconditioned_ = true;
  }

  /// The norm that the user chose; those of the preconditioned residual precondition first.
  double norm(double rr) {
    switch (ksp_->normtype) {
    case KSP_NORM_PRECONDITIONED: precondition(); return std::sqrt(passes_->z_dot_z());
    case KSP_NORM_NATURAL: precondition(); return std::sqrt(std::abs(zr_));
    case KSP_NORM_UNPRECONDITIONED: return std::sqrt(rr);
    default: return 0.0;
    }
  }

  bool has_ended(int iteration, double rr) {
    const double size = norm(rr);
    ksp_->rnorm = size;
    if (std::isnan(size) || std::isinf(size)) {
      end(KSP_DIVERGED_NANORINF);
      return true;
    }
    LINNET_CHECK(KSPLogResidualHistory(ksp_, size));
    LINNET_CHECK(KSPMonitor(ksp_, iteration, size));
    LINNET_CHECK((*ksp_->converged)(ksp_, iteration, size, &ksp_->reason, ksp_->cnvP));
    return ksp_->reason != KSP_CONVERGED_ITERATING;
  }

  void end(KSPConvergedReason reason) { ksp_->reason = reason; }

  KSP ksp_;
  std::unique_ptr<CgPasses> passes_;
  double zr_ = 0.0;
  bool preconditioned_ = false; // z and zr_ belong to the present residual
};

PetscErrorCode KSPSolve_CGFused(KSP ksp) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(Solve(ksp).run());
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPSetUp_CGFused(KSP ksp) {
  PetscFunctionBegin;
  PetscCall(KSPSetWorkVecs(ksp, 3));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPSetFromOptions_CGFused(KSP ksp, core::OptionItems PetscOptionsObject) {
  PetscFunctionBegin;
  PetscOptionsHeadBegin(PetscOptionsObject, "Options of the fused conjugate gradient method");
  PetscCall(PetscOptionsBool(
      "-ksp_cgfused_flexible", "Bear preconditioners that vary from step to step",
      "KSPCGFusedSetFlexible", data_of(ksp)->flexible, &data_of(ksp)->flexible, nullptr));
  PetscOptionsHeadEnd();
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPView_CGFused(KSP ksp, PetscViewer viewer) {
  PetscBool ascii;
  PetscFunctionBegin;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (ascii && data_of(ksp)->flexible)
    PetscCall(PetscViewerASCIIPrintf(viewer, "  flexible: beta by Polak and Ribiere\n"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPDestroy_CGFused(KSP ksp) {
  PetscFunctionBegin;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(ksp),
                                       "KSPCGFusedSetFlexible_C", nullptr));
  delete data_of(ksp);
  ksp->data = nullptr;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_flexible(KSP ksp, PetscBool flexible) {
  data_of(ksp)->flexible = flexible;
  return PETSC_SUCCESS;
}

} // namespace

PetscErrorCode KSPCGFusedSetFlexible(KSP ksp, PetscBool flexible) {
  PetscFunctionBegin;
  PetscTryMethod(ksp, "KSPCGFusedSetFlexible_C", (KSP, PetscBool), (ksp, flexible));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPCreate_CGFused(KSP ksp) {
  PetscFunctionBegin;
  ksp->data = new CgFusedData;
  PetscCall(KSPSetSupportedNorm(ksp, KSP_NORM_PRECONDITIONED, PC_LEFT, 3));
  PetscCall(KSPSetSupportedNorm(ksp, KSP_NORM_UNPRECONDITIONED, PC_LEFT, 2));
  PetscCall(KSPSetSupportedNorm(ksp, KSP_NORM_NATURAL, PC_LEFT, 2));
  PetscCall(KSPSetSupportedNorm(ksp, KSP_NORM_NONE, PC_LEFT, 1));
  ksp->ops->setup = KSPSetUp_CGFused;
  ksp->ops->solve = KSPSolve_CGFused;
  ksp->ops->destroy = KSPDestroy_CGFused;
  ksp->ops->view = KSPView_CGFused;
  ksp->ops->setfromoptions = KSPSetFromOptions_CGFused;
  ksp->ops->buildsolution = KSPBuildSolutionDefault;
  ksp->ops->buildresidual = KSPBuildResidualDefault;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(ksp),
                                       "KSPCGFusedSetFlexible_C", set_flexible));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::krylov
