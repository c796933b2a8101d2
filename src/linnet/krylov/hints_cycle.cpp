// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/hints_cycle.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::krylov {
namespace {

/// Of the residual, that a step of the network may leave.
constexpr double most_left = 0.95;
constexpr int most_in_a_row = 3;

PetscErrorCode residual_of(Mat A, Vec r, Vec z, Vec rest) {
  PetscFunctionBegin;
  PetscCall(MatMult(A, z, rest));
  PetscCall(VecAYPX(rest, -1.0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode HintsCycle::set_up(PC outer, Mat A, Mat P, PetscInt sweeps, PetscReal damping) {
  PetscBool exists = PETSC_FALSE;
  PetscFunctionBegin;
  a_ = A;
  sweeps_ = sweeps;
  in_a_row_ = 0;
  trial_ = {};
  statistics_.left_at = 0;
  PetscCall(relaxation_.prepare(outer, A, P));
  PetscCall(PCSetUp(relaxation_.pc()));
  PetscCall(find_damping(damping));
  PetscCall(PCApplyRichardsonExists(relaxation_.pc(), &exists));
  richardson_ = exists == PETSC_TRUE && damping_ == 1.0 && A == P;
  if (rest_) PetscFunctionReturn(PETSC_SUCCESS);
  for (core::Owned<Vec>* vec : {&rest_, &step_, &image_}) {
    Vec v = nullptr;
    PetscCall(MatCreateVecs(A, nullptr, &v));
    vec->reset(v);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode HintsCycle::find_damping(PetscReal wanted) {
  PetscBool is_jacobi = PETSC_FALSE;
  Mat P = nullptr;
  double bound = 0.0;
  PetscFunctionBegin;
  damping_ = wanted > 0.0 ? wanted : 1.0;
  PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(relaxation_.pc()), PCJACOBI,
                                   &is_jacobi));
  if (wanted > 0.0 || !is_jacobi) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PCGetOperators(relaxation_.pc(), nullptr, &P));
  PetscCall(linalg::jacobi_bound(P, &bound));
  if (bound > 0.0) damping_ = linalg::damping_factor / bound;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// z += S (r - A z), so many times.
PetscErrorCode HintsCycle::relax(Vec r, Vec z, PetscInt sweeps, bool from_zero) {
  const PC pc = relaxation_.pc();
  PetscFunctionBegin;
  if (richardson_) {
    PetscInt done = 0;
    PCRichardsonConvergedReason reason;
    // Multigrid (gamg, mg, hypre) starts from z even where it is told that z is zero.
    if (from_zero) PetscCall(VecZeroEntries(z));
    PetscCall(PCApplyRichardson(pc, r, z, image_.get(), 0.0, 0.0, PETSC_MAX_REAL, sweeps,
                                from_zero ? PETSC_TRUE : PETSC_FALSE, &done, &reason));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (from_zero) {
    PetscCall(PCApply(pc, r, z));
    if (damping_ != 1.0) PetscCall(VecScale(z, damping_));
  }
  for (PetscInt sweep = from_zero ? 1 : 0; sweep < sweeps; ++sweep) {
    PetscCall(residual_of(a_, r, z, rest_.get()));
    PetscCall(PCApply(pc, rest_.get(), step_.get()));
    PetscCall(VecAXPY(z, damping_, step_.get()));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode HintsCycle::correct(Vec r, Vec z) {
  const Vec rest = rest_.get(), d = step_.get(), image = image_.get();
  PetscReal norm = 0.0;
  PetscScalar product = 0.0, square = 0.0;
  PetscFunctionBegin;
  PetscCall(residual_of(a_, r, z, rest));
  PetscCall(VecNorm(rest, NORM_2, &norm));
  if (!(norm > 0.0) || !std::isfinite(norm)) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(correction_(rest, norm, d));
  PetscCall(MatMult(a_, d, image));
  PetscCall(VecDotBegin(image, rest, &product));
  PetscCall(VecDotBegin(image, image, &square));
  PetscCall(VecDotEnd(image, rest, &product));
  PetscCall(VecDotEnd(image, image, &square));
  // |rest - alpha A d|^2 = |rest|^2 (1 - cosine^2); every comparison with NaN is false.
  const double alpha = product / square, cosine = product / norm / std::sqrt(square);
  const bool good = std::isfinite(alpha) && 1.0 - cosine * cosine <= most_left * most_left;
  if (good) PetscCall(VecAXPY(z, alpha, d));
  PetscCall(judge(good));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode HintsCycle::judge(bool good) {
  PetscFunctionBegin;
  if (good) {
    ++statistics_.accepted;
    in_a_row_ = 0;
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  ++statistics_.rejected;
  if (++in_a_row_ >= most_in_a_row) PetscCall(leave_out());
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode HintsCycle::leave_out() {
  PetscFunctionBegin;
  statistics_.left_at = statistics_.applications;
  PetscCall(PetscInfo(relaxation_.pc(), "network left out after application %" PetscInt_FMT "\n",
                      statistics_.left_at));
  PetscFunctionReturn(PETSC_SUCCESS);
}

namespace {

/// What the best multiple of a step leaves of the residual.
struct BestMultiple {
  double alpha = 0.0, left = 1.0;
  bool finite = false;

  /// The step has an image of that square and that product with a residual of norm @p norm.
  BestMultiple(double product, double square, double norm)
      : alpha(product / square), finite(std::isfinite(alpha)) {
    const double cosine = product / norm / std::sqrt(square);
    if (finite) left = std::sqrt(std::max(1.0 - cosine * cosine, 0.0));
  }
};

} // namespace

/// The smoother's step is made in any case: to be compared with, and in place of the network's.
PetscErrorCode HintsCycle::try_alone(Vec r, Vec z) {
  const Vec rest = rest_.get(), d = step_.get(), image = image_.get();
  PetscReal norm = 0.0;
  PetscScalar sums[4] = {};
  PetscFunctionBegin;
  PetscCall(relax(r, z, 1, true));
  PetscCall(VecNorm(r, NORM_2, &norm));
  if (!(norm > 0.0) || !std::isfinite(norm)) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(correction_(r, norm, d));
  PetscCall(MatMult(a_, z, rest));
  PetscCall(MatMult(a_, d, image));
  const Vec pairs[4][2] = {{image, r}, {image, image}, {rest, r}, {rest, rest}};
  for (int i = 0; i < 4; ++i) PetscCall(VecDotBegin(pairs[i][0], pairs[i][1], &sums[i]));
  for (int i = 0; i < 4; ++i) PetscCall(VecDotEnd(pairs[i][0], pairs[i][1], &sums[i]));
  const BestMultiple network(sums[0], sums[1], norm), smoother(sums[2], sums[3], norm);
  // Three applications of the network in place of two of the smoother are as much as is risked.
  const double needed = -2.0 / 3.0 * std::log(smoother.left);
  // Where the smoother does no better either, nothing is gained by a refusal.
  const double limit = smoother.left > most_left ? 1.0 : most_left;
  const bool gains = network.left <= limit && -std::log(network.left) >= needed;
  const bool works = trial_.rate() >= std::max(PhaseTrial::least_rate, needed);
  const bool stalls = trial_.recent_rate() < needed;
  const bool good =
      network.finite && network.alpha != 0.0 && (trial_.has_won() || (!stalls && (gains || works)));
  PetscCall(PetscInfo(relaxation_.pc(), "network leaves %.3g of the residual, smoother %.3g\n",
                      network.left, smoother.left));
  if (good) PetscCall(VecAXPBY(z, scaled_ ? network.alpha : 1.0, 0.0, d));
  by_network_ = good;
  PetscCall(judge(good));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode HintsCycle::apply_alone(Vec r, PetscReal residual, Vec z) {
  PetscFunctionBegin;
  ++statistics_.applications;
  if (statistics_.left_at == 0 && residual > 0.0) {
    trial_.look(residual, by_network_);
    if (trial_.is_lost()) PetscCall(leave_out());
  }
  by_network_ = false;
  if (statistics_.left_at > 0 || trial_.takes_other())
    PetscCall(relax(r, z, 1, true));
  else
    PetscCall(try_alone(r, z));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode HintsCycle::apply(Vec r, Vec z) {
  PetscFunctionBegin;
  ++statistics_.applications;
  if (statistics_.left_at > 0) {
    PetscCall(relax(r, z, 2 * sweeps_, true));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(relax(r, z, sweeps_, true));
  PetscCall(correct(r, z));
  PetscCall(relax(r, z, sweeps_, false));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode HintsCycle::reset() {
  PetscFunctionBegin;
  for (core::Owned<Vec>* vec : {&rest_, &step_, &image_}) vec->reset();
  damping_ = 0.0;
  PetscCall(relaxation_.reset());
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::krylov
