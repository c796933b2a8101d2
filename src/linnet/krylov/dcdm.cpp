// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/dcdm.hpp>

#include <linnet/krylov/direction_window.hpp>
#include <linnet/krylov/known_norm.hpp>
#include <linnet/krylov/progress_guard.hpp>

#include <petsc/private/kspimpl.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace linnet::krylov {

namespace {

const char* const gram_schmidt_names[] = {"cgs", "mgs", "GramSchmidt", "", nullptr};

struct DcdmData {
  DcdmOptions options;
  DcdmStatistics statistics;
};

DcdmData* data_of(KSP ksp) { return static_cast<DcdmData*>(ksp->data); }

// The residual's norm by its recursion loses digits to cancellation: below this share of the last
// norm that was computed as such it is computed again.
constexpr double trusted_share = 1e-2;
// Of |q| |r|: less counts as orthogonal.
constexpr double least_cosine = 1e-12;

/// What one look at a direction q tells.
struct Direction {
  double qr = 0.0, energy = 0.0, image_square = 0.0, r_image = 0.0, square = 0.0;

  [[nodiscard]] bool is_finite() const {
    return std::isfinite(qr) && std::isfinite(energy) && std::isfinite(image_square) &&
           std::isfinite(r_image) && std::isfinite(square);
  }
  /// What a step along it takes off the squared energy error.
  [[nodiscard]] double gain() const { return qr * qr / energy; }
  [[nodiscard]] bool is_good(double residual) const {
    return is_finite() && energy > 0.0 &&
           std::abs(qr) > least_cosine * std::sqrt(square) * residual;
  }
};

class Solve {
public:
  explicit Solve(KSP ksp)
      : ksp_(ksp), options_(data_of(ksp)->options), statistics_(data_of(ksp)->statistics),
        r_(ksp->work[0]), q_(ksp->work[1]), aq_(ksp->work[2]), unit_(ksp->work[3]),
        window_(ksp->vec_rhs, options_.mmax) {
    statistics_ = {};
    LINNET_CHECK(PCGetOperators(ksp->pc, &a_, nullptr));
    LINNET_CHECK(MatGetNullSpace(a_, &null_space_));
  }

  void run() {
    ksp_->its = 0;
    compute_residual(ksp_->guess_zero == PETSC_TRUE);
    if (has_ended(0)) return;
    for (PetscInt i = 0; i < ksp_->max_it; ++i) {
      ksp_->its = i + 1;
      const std::optional<Direction> found = find_direction();
      if (!found) return;
      step(*found, i + 1);
      if (has_ended(i + 1)) return;
    }
    if (ksp_->reason == KSP_CONVERGED_ITERATING)
      ksp_->reason = ksp_->normtype == KSP_NORM_NONE ? KSP_CONVERGED_ITS : KSP_DIVERGED_ITS;
  }

private:
  void remove_null_space(Vec v) const {
    if (null_space_) LINNET_CHECK(MatNullSpaceRemove(null_space_, v));
  }

  /// r = b - A x and its norm, computed anew.
  void compute_residual(bool from_zero = false) {
    if (from_zero) {
      LINNET_CHECK(VecCopy(ksp_->vec_rhs, r_));
    } else {
      LINNET_CHECK(KSP_MatMult(ksp_, a_, ksp_->vec_sol, r_));
      LINNET_CHECK(VecAYPX(r_, -1.0, ksp_->vec_rhs));
    }
    remove_null_space(r_);
    compute_norm();
    recursion_ = false;
  }

  void compute_norm() {
    LINNET_CHECK(VecNorm(r_, NORM_2, &norm_));
    exact_norm_ = norm_;
  }

  /// q = f(r / |r|). The null space is removed by KSP_PCApply.
  void ask() {
    Vec residual = r_;
    double norm = norm_;
    if (options_.normalise && norm_ > 0.0) {
      LINNET_CHECK(VecCopy(r_, unit_));
      LINNET_CHECK(VecScale(unit_, 1.0 / norm_));
      residual = unit_;
      norm = 1.0;
    }
    LINNET_CHECK(tell_norm(ksp_->pc, norm));
    LINNET_CHECK(KSP_PCApply(ksp_, residual, q_));
  }

  /// q = D^-1 r; entries of the diagonal that are not positive count as 1.
  void fall_back() {
    if (!inverse_diagonal_) {
      Vec d = nullptr;
      LINNET_CHECK(VecDuplicate(r_, &d));
      inverse_diagonal_.reset(d);
      PetscBool has = PETSC_FALSE;
      LINNET_CHECK(VecSet(d, 1.0));
      LINNET_CHECK(MatHasOperation(a_, MATOP_GET_DIAGONAL, &has));
      if (has) LINNET_CHECK(MatGetDiagonal(a_, d));
      PetscScalar* values = nullptr;
      PetscInt count = 0;
      LINNET_CHECK(VecGetLocalSize(d, &count));
      LINNET_CHECK(VecGetArray(d, &values));
      for (PetscInt i = 0; i < count; ++i) values[i] = values[i] > 0.0 ? 1.0 / values[i] : 1.0;
      LINNET_CHECK(VecRestoreArray(d, &values));
    }
    LINNET_CHECK(VecPointwiseMult(q_, inverse_diagonal_.get(), r_));
    remove_null_space(q_);
  }

  /// q -= sum over the window of (q.Ap_j) / (p_j.Ap_j) p_j, and Aq.
  void make_conjugate() {
    const PetscInt count = window_.size();
    if (options_.gram_schmidt == GramSchmidt::modified) {
      for (PetscInt j = 0; j < count; ++j) {
        PetscScalar dot = 0.0;
        LINNET_CHECK(VecDot(q_, window_.image(j), &dot));
        LINNET_CHECK(VecAXPY(q_, -dot / window_.energy(j), window_.direction(j)));
      }
    } else if (count > 0) {
      const std::vector<Vec> images = window_.images(), directions = window_.directions();
      std::vector<PetscScalar> dots(static_cast<std::size_t>(count));
      LINNET_CHECK(VecMDot(q_, count, images.data(), dots.data()));
      for (PetscInt j = 0; j < count; ++j) dots[static_cast<std::size_t>(j)] /= -window_.energy(j);
      LINNET_CHECK(VecMAXPY(q_, count, dots.data(), const_cast<Vec*>(directions.data())));
    }
    multiply();
  }

  void multiply() { LINNET_CHECK(KSP_MatMult(ksp_, a_, q_, aq_)); }

  /// In one sum over the ranks.
  [[nodiscard]] Direction look() const {
    Direction d;
    LINNET_CHECK(VecDotBegin(q_, r_, &d.qr));
    LINNET_CHECK(VecDotBegin(q_, aq_, &d.energy));
    LINNET_CHECK(VecDotBegin(aq_, aq_, &d.image_square));
    LINNET_CHECK(VecDotBegin(r_, aq_, &d.r_image));
    LINNET_CHECK(VecDotBegin(q_, q_, &d.square));
    LINNET_CHECK(VecDotEnd(q_, r_, &d.qr));
    LINNET_CHECK(VecDotEnd(q_, aq_, &d.energy));
    LINNET_CHECK(VecDotEnd(aq_, aq_, &d.image_square));
    LINNET_CHECK(VecDotEnd(r_, aq_, &d.r_image));
    LINNET_CHECK(VecDotEnd(q_, q_, &d.square));
    return d;
  }

  /// The direction of this step, or, where there is none, the reason.
  std::optional<Direction> find_direction() {
    learned_ = false;
    if (guard_.takes_classical()) return classical_direction();
    if (guard_.is_suspicious()) {
      // The window stays with the preconditioner: without it a good one, whose residual rests for
      // a while as that of conjugate gradients does, would lose what it has built up.
      fall_back();
      multiply();
      const Direction d = look();
      if (d.is_good(norm_) && guard_.prefers_classical(d.gain(), norm_)) {
        ++statistics_.abandoned;
        window_.clear();
        return d;
      }
    }
    ask();
    make_conjugate();
    const Direction d = look();
    if (d.is_good(norm_)) {
      learned_ = true;
      fell_back_ = false;
      return d;
    }
    ++statistics_.rejected;
    // A window may be at fault once; behind fallbacks it makes them conjugate gradients.
    if (!fell_back_) window_.clear();
    fell_back_ = true;
    return classical_direction();
  }

  /// D^-1 r, at the second attempt without the window.
  std::optional<Direction> classical_direction() {
    Direction d;
    for (int attempt = 0; attempt < 2; ++attempt) {
      fall_back();
      make_conjugate();
      d = look();
      if (d.is_good(norm_)) return d;
      window_.clear();
    }
    const bool indefinite = d.is_finite() && d.square > 0.0 && d.energy <= 0.0;
    ksp_->reason = !d.is_finite() ? KSP_DIVERGED_NANORINF
                   : indefinite   ? KSP_DIVERGED_INDEFINITE_MAT
                                  : KSP_DIVERGED_BREAKDOWN;
    return std::nullopt;
  }

  /// x += alpha q, to the least energy error along q.
  void step(const Direction& d, PetscInt iteration) {
    const double alpha = d.qr / d.energy;
    LINNET_CHECK(VecAXPY(ksp_->vec_sol, alpha, q_));
    if (options_.monitor_conjugacy) measure_conjugacy(d.energy);
    window_.add(q_, aq_, d.energy);
    advance_residual(d, alpha, iteration);
    if (learned_) guard_.record(d.gain(), norm_);
  }

  void advance_residual(const Direction& d, double alpha, PetscInt iteration) {
    const PetscInt every = options_.true_residual_every;
    if (every > 0 && iteration % every == 0) return compute_residual();
    LINNET_CHECK(VecAXPY(r_, -alpha, aq_));
    recursion_ = true;
    const double square = norm_ * norm_ - 2.0 * alpha * d.r_image + alpha * alpha * d.image_square;
    norm_ = std::sqrt(std::max(square, 0.0));
    if (!(norm_ > trusted_share * exact_norm_)) compute_norm();
  }

  void measure_conjugacy(double energy) {
    double largest = 0.0;
    for (PetscInt j = 0; j < window_.size(); ++j) {
      PetscScalar dot = 0.0;
      LINNET_CHECK(VecDot(q_, window_.image(j), &dot));
      largest = std::max(largest, std::abs(dot) / std::sqrt(energy * window_.energy(j)));
    }
    statistics_.conjugacy = std::max(statistics_.conjugacy, largest);
    LINNET_CHECK(PetscPrintf(PetscObjectComm(reinterpret_cast<PetscObject>(ksp_)),
                             "%3" PetscInt_FMT " DCDM conjugacy %.3e over %" PetscInt_FMT
                             " directions\n",
                             ksp_->its, largest, window_.size()));
  }

  bool judge(PetscInt iteration) {
    ksp_->rnorm = ksp_->normtype == KSP_NORM_NONE ? 0.0 : norm_;
    LINNET_CHECK((*ksp_->converged)(ksp_, iteration, ksp_->rnorm, &ksp_->reason, ksp_->cnvP));
    return ksp_->reason != KSP_CONVERGED_ITERATING;
  }

  bool has_ended(PetscInt iteration) {
    if (!std::isfinite(norm_)) {
      ksp_->reason = KSP_DIVERGED_NANORINF;
      return true;
    }
    const bool claimed = judge(iteration);
    if (claimed && ksp_->reason > 0 && recursion_ && ksp_->normtype != KSP_NORM_NONE)
      confirm(iteration);
    LINNET_CHECK(KSPLogResidualHistory(ksp_, ksp_->rnorm));
    LINNET_CHECK(KSPMonitor(ksp_, iteration, ksp_->rnorm));
    return ksp_->reason != KSP_CONVERGED_ITERATING;
  }

  /// The recursion claims convergence: b - A x decides.
  void confirm(PetscInt iteration) {
    const double before = confirmed_norm_;
    compute_residual();
    ksp_->reason = KSP_CONVERGED_ITERATING;
    if (judge(iteration)) return;
    ++statistics_.corrected;
    window_.clear(); // its directions are not orthogonal to this residual
    confirmed_norm_ = norm_;
    // Rounding does not let it fall any further.
    if (!(norm_ < 0.5 * before)) ksp_->reason = KSP_DIVERGED_BREAKDOWN;
  }

  KSP ksp_;
  const DcdmOptions& options_;
  DcdmStatistics& statistics_;
  Vec r_, q_, aq_, unit_;
  Mat a_ = nullptr;
  MatNullSpace null_space_ = nullptr;
  DirectionWindow window_;
  core::Owned<Vec> inverse_diagonal_;
  double norm_ = 0.0, exact_norm_ = 0.0, confirmed_norm_ = HUGE_VAL;
  ProgressGuard guard_;
  bool recursion_ = false, fell_back_ = false;
  bool learned_ = false; ///< this step's direction is the preconditioner's
};

PetscErrorCode KSPSolve_DCDM(KSP ksp) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(Solve(ksp).run());
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPSetUp_DCDM(KSP ksp) {
  PetscFunctionBegin;
  PetscCall(KSPSetWorkVecs(ksp, 4));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPSetFromOptions_DCDM(KSP ksp, core::OptionItems PetscOptionsObject) {
  PetscFunctionBegin;
  DcdmOptions o = data_of(ksp)->options;
  PetscOptionsHeadBegin(PetscOptionsObject, "Options of the deep conjugate direction method");
  PetscCall(PetscOptionsInt("-ksp_dcdm_mmax", "Directions that are kept", "KSPDCDMSetOptions",
                            o.mmax, &o.mmax, nullptr));
  PetscCall(PetscOptionsEnum("-ksp_dcdm_gs", "How directions are made conjugate",
                             "KSPDCDMSetOptions", gram_schmidt_names,
                             static_cast<PetscEnum>(o.gram_schmidt),
                             reinterpret_cast<PetscEnum*>(&o.gram_schmidt), nullptr));
  PetscCall(PetscOptionsInt("-ksp_dcdm_true_residual_every",
                            "Iterations between residuals computed anew; 0: at the end alone",
                            "KSPDCDMSetOptions", o.true_residual_every, &o.true_residual_every,
                            nullptr));
  PetscCall(PetscOptionsBool("-ksp_dcdm_normalise", "Hand the preconditioner a residual of norm 1",
                             "KSPDCDMSetOptions", o.normalise, &o.normalise, nullptr));
  PetscCall(PetscOptionsBool(
      "-ksp_dcdm_monitor_conjugacy", "Print how conjugate each direction is to the window",
      "KSPDCDMSetOptions", o.monitor_conjugacy, &o.monitor_conjugacy, nullptr));
  PetscOptionsHeadEnd();
  PetscCall(KSPDCDMSetOptions(ksp, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPView_DCDM(KSP ksp, PetscViewer viewer) {
  PetscFunctionBegin;
  PetscBool ascii;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (!ascii) PetscFunctionReturn(PETSC_SUCCESS);
  const DcdmOptions& o = data_of(ksp)->options;
  const DcdmStatistics& s = data_of(ksp)->statistics;
  PetscCall(PetscViewerASCIIPrintf(
      viewer, "  conjugate to the last %" PetscInt_FMT " directions by %s Gram-Schmidt\n", o.mmax,
      o.gram_schmidt == GramSchmidt::modified ? "modified" : "classical"));
  if (o.true_residual_every > 0)
    PetscCall(PetscViewerASCIIPrintf(
        viewer, "  residual computed anew every %" PetscInt_FMT " iterations\n",
        o.true_residual_every));
  PetscCall(PetscViewerASCIIPrintf(
      viewer,
      "  last solve: %" PetscInt_FMT " directions of the preconditioner rejected, %" PetscInt_FMT
      " times left for those of Jacobi, %" PetscInt_FMT " false claims of convergence\n",
      s.rejected, s.abandoned, s.corrected));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPDestroy_DCDM(KSP ksp) {
  PetscFunctionBegin;
  delete data_of(ksp);
  ksp->data = nullptr;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode require_dcdm(KSP ksp) {
  PetscFunctionBegin;
  PetscBool is_dcdm;
  PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(ksp), KSPDCDM, &is_dcdm));
  PetscCheck(is_dcdm, PetscObjectComm(reinterpret_cast<PetscObject>(ksp)), PETSC_ERR_ARG_WRONG,
             "this needs a KSP of type dcdm");
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode KSPDCDMSetOptions(KSP ksp, const DcdmOptions& options) {
  PetscFunctionBegin;
  PetscCall(require_dcdm(ksp));
  PetscCheck(options.mmax >= 0, PetscObjectComm(reinterpret_cast<PetscObject>(ksp)),
             PETSC_ERR_USER_INPUT, "-ksp_dcdm_mmax: must not be negative, got %" PetscInt_FMT,
             options.mmax);
  PetscCheck(options.true_residual_every >= 0, PetscObjectComm(reinterpret_cast<PetscObject>(ksp)),
             PETSC_ERR_USER_INPUT,
             "-ksp_dcdm_true_residual_every: must not be negative, got %" PetscInt_FMT,
             options.true_residual_every);
  data_of(ksp)->options = options;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPDCDMGetOptions(KSP ksp, DcdmOptions* options) {
  PetscFunctionBegin;
  PetscCall(require_dcdm(ksp));
  *options = data_of(ksp)->options;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPDCDMGetStatistics(KSP ksp, DcdmStatistics* statistics) {
  PetscFunctionBegin;
  PetscCall(require_dcdm(ksp));
  *statistics = data_of(ksp)->statistics;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPCreate_DCDM(KSP ksp) {
  PetscFunctionBegin;
  ksp->data = new DcdmData;
  PetscCall(KSPSetSupportedNorm(ksp, KSP_NORM_UNPRECONDITIONED, PC_LEFT, 3));
  PetscCall(KSPSetSupportedNorm(ksp, KSP_NORM_NONE, PC_LEFT, 1));
  ksp->ops->setup = KSPSetUp_DCDM;
  ksp->ops->solve = KSPSolve_DCDM;
  ksp->ops->destroy = KSPDestroy_DCDM;
  ksp->ops->view = KSPView_DCDM;
  ksp->ops->setfromoptions = KSPSetFromOptions_DCDM;
  ksp->ops->buildsolution = KSPBuildSolutionDefault;
  ksp->ops->buildresidual = KSPBuildResidualDefault;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::krylov
