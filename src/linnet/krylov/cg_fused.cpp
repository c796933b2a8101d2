// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/cg_fused.hpp>

#include <linnet/krylov/cg_passes.hpp>
#include <linnet/krylov/field_passes.hpp>

#include <cmath>

namespace linnet::krylov {
namespace {

struct CgFusedData {
  PetscBool flexible = PETSC_FALSE;
  CGFusedPrecision precision = CGFusedPrecision::fp64;
  SingleStorage storage; // of mixed precision
  CGFusedWork work;
};

CgFusedData* data_of(KSP ksp) { return static_cast<CgFusedData*>(ksp->data); }

/// One solve. The order of norms, tests and preconditioning is that of PETSc's cg.
class Solve {
public:
  explicit Solve(KSP ksp) : ksp_(ksp), problem_(field_problem_of(ksp)) {
    CGFusedWork& work = data_of(ksp)->work;
    work = {.renewals = work.renewals};
    choose_passes(data_of(ksp)->precision);
    work.is_mixed = passes_->renewal() != nullptr;
    work.bytes = passes_->bytes();
    work.renewal_bytes = work.is_mixed ? passes_->renewal()->renewal_bytes() : 0;
  }

  void run() {
    ksp_->its = 0;
    passes_->start(ksp_->guess_zero == PETSC_TRUE);
    double rr = passes_->r_dot_r();
    if (breaks_down(rr) || has_ended(0, rr)) return;
    double alpha = 0.0;
    for (int i = 0; i < ksp_->max_it; ++i) {
      ksp_->its = i + 1;
      if (!preconditioned_) precondition();
      if (zr_ == 0.0 && is_rounded()) {
        renew();
        precondition();
      }
      if (zr_ == 0.0) return end(KSP_CONVERGED_ATOL);
      double beta = 0.0;
      if (has_direction_) {
        if (zr_ * zr_before_ < 0.0) {
          if (goes_on_in_double()) continue;
          return end(KSP_DIVERGED_INDEFINITE_PC);
        }
        beta =
            data_of(ksp_)->flexible ? -alpha * passes_->z_dot_w() / zr_before_ : zr_ / zr_before_;
      }
      const double pw = passes_->turn(beta);
      if (std::isnan(pw) || std::isinf(pw)) return end(KSP_DIVERGED_NANORINF);
      if (pw <= 0.0) {
        if (goes_on_in_double()) continue;
        return end(KSP_DIVERGED_INDEFINITE_MAT);
      }
      alpha = zr_ / pw;
      rr = passes_->update(alpha, ksp_->vec_sol);
      if (breaks_down(rr)) return;
      preconditioned_ = false;
      has_direction_ = true;
      zr_before_ = zr_;
      if (passes_->renewal() && passes_->renewal()->is_due(rr)) rr = renew();
      if (has_ended(i + 1, rr)) return;
      if (passes_->renewal() && passes_->renewal()->has_drifted()) goes_on_in_double();
    }
    end(KSP_DIVERGED_ITS);
  }

private:
  void choose_passes(CGFusedPrecision precision) {
    passes_.reset();
    if (problem_ && precision == CGFusedPrecision::mixed)
      passes_ = make_single_passes(*problem_, data_of(ksp_)->storage);
    if (passes_) return;
    need_work_vecs(problem_ ? 3 : 4);
    passes_ = problem_ ? make_double_passes(*problem_) : make_vec_passes(ksp_);
  }

  void need_work_vecs(PetscInt count) {
    if (ksp_->nwork < count) LINNET_CHECK(KSPSetWorkVecs(ksp_, count));
  }

  void precondition() {
    passes_->precondition();
    zr_ = passes_->z_dot_r();
    preconditioned_ = true;
  }

  /// What is no number must not reach the preconditioner, whose fields would keep it.
  bool breaks_down(double rr) {
    if (std::isfinite(rr)) return false;
    ksp_->rnorm = rr;
    end(KSP_DIVERGED_NANORINF);
    return true;
  }

  /// True if the residual is not b - A x to double precision.
  [[nodiscard]] bool is_rounded() const {
    return passes_->renewal() && !passes_->renewal()->is_fresh();
  }

  double renew() {
    preconditioned_ = false;
    ++data_of(ksp_)->work.renewals;
    return passes_->renewal()->renew();
  }

  // Where single precision is not enough, from the solution reached. False if it was not in use.
  bool goes_on_in_double() {
    if (!passes_->renewal()) return false;
    data_of(ksp_)->work.went_on_in_double = true;
    choose_passes(CGFusedPrecision::fp64);
    preconditioned_ = has_direction_ = false;
    passes_->start(false);
    return true;
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
    double size = norm(rr);
    // Nothing but the true residual ends a solve as converged.
    const bool may_end = ksp_->normtype != KSP_NORM_NONE && is_rounded();
    if (may_end && test(iteration, size) > 0) size = norm(renew());
    ksp_->rnorm = size;
    if (std::isnan(size) || std::isinf(size)) {
      end(KSP_DIVERGED_NANORINF);
      return true;
    }
    LINNET_CHECK(KSPLogResidualHistory(ksp_, size));
    LINNET_CHECK(KSPMonitor(ksp_, iteration, size));
    ksp_->reason = test(iteration, size);
    // A test with a memory of its own may say now what it did not say before.
    if (may_end && ksp_->reason > 0 && is_rounded()) ksp_->reason = test(iteration, norm(renew()));
    return ksp_->reason != KSP_CONVERGED_ITERATING;
  }

  KSPConvergedReason test(int iteration, double size) {
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    ksp_->rnorm = size;
    LINNET_CHECK((*ksp_->converged)(ksp_, iteration, size, &reason, ksp_->cnvP));
    return reason;
  }

  void end(KSPConvergedReason reason) { ksp_->reason = reason; }

  KSP ksp_;
  std::optional<FieldProblem> problem_;
  std::unique_ptr<CgPasses> passes_;
  double zr_ = 0.0, zr_before_ = 0.0;
  bool has_direction_ = false;  // p and w are those of the step before
  bool preconditioned_ = false; // z and zr_ belong to the present residual
};

PetscErrorCode KSPSolve_CGFused(KSP ksp) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(Solve(ksp).run());
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPSetUp_CGFused(KSP ksp) {
  PetscFunctionBegin;
  // Three is what the fields of double precision need; those of single precision need none.
  if (data_of(ksp)->precision == CGFusedPrecision::fp64) PetscCall(KSPSetWorkVecs(ksp, 3));
  PetscFunctionReturn(PETSC_SUCCESS);
}

constexpr const char* precisions[] = {"fp64", "mixed"};

PetscErrorCode KSPSetFromOptions_CGFused(KSP ksp, core::OptionItems PetscOptionsObject) {
  PetscFunctionBegin;
  PetscOptionsHeadBegin(PetscOptionsObject, "Options of the fused conjugate gradient method");
  PetscCall(PetscOptionsBool(
      "-ksp_cgfused_flexible", "Bear preconditioners that vary from step to step",
      "KSPCGFusedSetFlexible", data_of(ksp)->flexible, &data_of(ksp)->flexible, nullptr));
  auto precision = static_cast<PetscInt>(data_of(ksp)->precision);
  PetscCall(PetscOptionsEList(
      "-ksp_cgfused_precision", "Precision of residual, direction and product",
      "KSPCGFusedSetPrecision", precisions, 2, precisions[precision], &precision, nullptr));
  data_of(ksp)->precision = static_cast<CGFusedPrecision>(precision);
  PetscOptionsHeadEnd();
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPView_CGFused(KSP ksp, PetscViewer viewer) {
  PetscBool ascii;
  PetscFunctionBegin;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (!ascii) PetscFunctionReturn(PETSC_SUCCESS);
  const CgFusedData& data = *data_of(ksp);
  if (data.flexible)
    PetscCall(PetscViewerASCIIPrintf(viewer, "  flexible: beta by Polak and Ribiere\n"));
  if (data.precision == CGFusedPrecision::mixed && !data.work.is_mixed)
    PetscCall(PetscViewerASCIIPrintf(viewer, "  mixed precision was not in effect%s\n",
                                     data.work.bytes > 0 ? "" : " so far"));
  if (data.work.is_mixed)
    PetscCall(PetscViewerASCIIPrintf(
        viewer,
        "  residual, direction and product in fp32, residual formed anew in fp64 %" PetscInt_FMT
        " times so far%s\n",
        data.work.renewals, data.work.went_on_in_double ? "; the last solve went on in fp64" : ""));
  if (data.work.bytes > 0)
    PetscCall(PetscViewerASCIIPrintf(viewer, "  vectors: %d bytes per point and iteration\n",
                                     data.work.bytes));
  if (data.work.renewal_bytes > 0)
    PetscCall(PetscViewerASCIIPrintf(viewer, "  a renewal: %d bytes per point\n",
                                     data.work.renewal_bytes));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPReset_CGFused(KSP ksp) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(data_of(ksp)->storage = {});
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPDestroy_CGFused(KSP ksp) {
  PetscFunctionBegin;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(ksp),
                                       "KSPCGFusedSetFlexible_C", nullptr));
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(ksp),
                                       "KSPCGFusedSetPrecision_C", nullptr));
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(ksp), "KSPCGFusedGetWork_C",
                                       nullptr));
  delete data_of(ksp);
  ksp->data = nullptr;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_flexible(KSP ksp, PetscBool flexible) {
  data_of(ksp)->flexible = flexible;
  return PETSC_SUCCESS;
}

PetscErrorCode set_precision(KSP ksp, CGFusedPrecision precision) {
  data_of(ksp)->precision = precision;
  return PETSC_SUCCESS;
}

PetscErrorCode get_work(KSP ksp, CGFusedWork* work) {
  *work = data_of(ksp)->work;
  return PETSC_SUCCESS;
}

} // namespace

PetscErrorCode KSPCGFusedGetWork(KSP ksp, CGFusedWork* work) {
  PetscFunctionBegin;
  PetscUseMethod(ksp, "KSPCGFusedGetWork_C", (KSP, CGFusedWork*), (ksp, work));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPCGFusedSetFlexible(KSP ksp, PetscBool flexible) {
  PetscFunctionBegin;
  PetscTryMethod(ksp, "KSPCGFusedSetFlexible_C", (KSP, PetscBool), (ksp, flexible));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPCGFusedSetPrecision(KSP ksp, CGFusedPrecision precision) {
  PetscFunctionBegin;
  PetscTryMethod(ksp, "KSPCGFusedSetPrecision_C", (KSP, CGFusedPrecision), (ksp, precision));
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
  ksp->ops->reset = KSPReset_CGFused;
  ksp->ops->destroy = KSPDestroy_CGFused;
  ksp->ops->view = KSPView_CGFused;
  ksp->ops->setfromoptions = KSPSetFromOptions_CGFused;
  ksp->ops->buildsolution = KSPBuildSolutionDefault;
  ksp->ops->buildresidual = KSPBuildResidualDefault;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(ksp),
                                       "KSPCGFusedSetFlexible_C", set_flexible));
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(ksp),
                                       "KSPCGFusedSetPrecision_C", set_precision));
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(ksp), "KSPCGFusedGetWork_C",
                                       get_work));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::krylov
