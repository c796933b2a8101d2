// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/coarse/smoother.hpp>

#include <linnet/core/random.hpp>
#include <linnet/io/vec_array.hpp>

#include <petsc/private/petscimpl.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace linnet::coarse {

using core::Owned;
using linalg::damping_factor;

namespace {

constexpr int power_steps = 8, most_dampings = 8;
/// A map that is symmetric but for rounding.
constexpr double symmetry = 1e-8;

MPI_Comm comm_of(PC pc) { return PetscObjectComm(reinterpret_cast<PetscObject>(pc)); }

PetscErrorCode is_type(PC pc, const char* type, bool* is) {
  PetscBool same = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc), type, &same));
  *is = same == PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

bool is_forward(MatSORType sweep) {
  return sweep == SOR_FORWARD_SWEEP || sweep == SOR_LOCAL_FORWARD_SWEEP;
}
bool is_backward(MatSORType sweep) {
  return sweep == SOR_BACKWARD_SWEEP || sweep == SOR_LOCAL_BACKWARD_SWEEP;
}

} // namespace

PetscErrorCode fill_noise(Vec v, std::uint64_t stream) {
  PetscInt first = 0, last = 0;
  PetscFunctionBegin;
  PetscCall(VecGetOwnershipRange(v, &first, &last));
  const core::RandomStream random(20, stream);
  LINNET_PETSC_GUARD({
    const io::VecWriteArray to(v);
    for (PetscInt i = first; i < last; ++i)
      to.data()[i - first] = 2.0 * random.uniform(static_cast<std::uint64_t>(i)) - 1.0;
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

Smoother::~Smoother() { static_cast<void>(PCDestroy(&backward_)); }

PetscErrorCode Smoother::get(PC outer, PC* smoother) { return relaxation_.get(outer, smoother); }

PetscErrorCode Smoother::set_from_options(PC outer) { return relaxation_.set_from_options(outer); }

/// Forward for S, backward for S^T; both in one for a single application.
PetscErrorCode Smoother::set_up_sweeps(PC outer, Mat A, Mat P, const Options& options) {
  MatSORType sweep = SOR_LOCAL_FORWARD_SWEEP;
  PetscReal omega = 1.0;
  PetscInt iterations = 1, local_iterations = 1;
  PetscFunctionBegin;
  PetscCall(PCSORGetSymmetric(pc(), &sweep));
  if (options.once && options.symmetric)
    PetscCall(PCSORSetSymmetric(pc(), SOR_LOCAL_SYMMETRIC_SWEEP));
  PetscCall(PCDestroy(&backward_));
  if (options.once) PetscFunctionReturn(PETSC_SUCCESS);
  // PETSc's standard sweeps forward and backward: here one before and one after the correction.
  if (!is_forward(sweep) && !is_backward(sweep))
    PetscCall(PCSORSetSymmetric(pc(), sweep = SOR_LOCAL_FORWARD_SWEEP));
  PetscCall(PCSORGetOmega(pc(), &omega));
  PetscCall(PCSORGetIterations(pc(), &iterations, &local_iterations));
  PetscCall(PCCreate(comm_of(outer), &backward_));
  PetscCall(PCSetOperators(backward_, A, P));
  PetscCall(PCSetType(backward_, PCSOR));
  PetscCall(PCSORSetSymmetric(backward_, is_forward(sweep) ? SOR_LOCAL_BACKWARD_SWEEP
                                                           : SOR_LOCAL_FORWARD_SWEEP));
  PetscCall(PCSORSetOmega(backward_, omega));
  PetscCall(PCSORSetIterations(backward_, iterations, local_iterations));
  PetscCall(PCSetUp(backward_));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Compares x . S y with y . S x where S^T cannot be applied, or where S alone must be symmetric.
PetscErrorCode Smoother::find_transpose(Mat A, const Options& options) {
  PetscBool exists = PETSC_FALSE;
  Vec x = nullptr, y = nullptr;
  PetscFunctionBegin;
  transposes_ = false;
  if (!options.symmetric || backward_) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(MatCreateVecs(A, &x, nullptr));
  const Owned<Vec> first(x);
  Vec vectors[3];
  for (Vec& v : vectors) PetscCall(VecDuplicate(x, &v));
  const Owned<Vec> owners[] = {Owned<Vec>(vectors[0]), Owned<Vec>(vectors[1]),
                               Owned<Vec>(vectors[2])};
  y = vectors[0];
  PetscScalar xy = 0.0, yx = 0.0, xx = 0.0, yy = 0.0;
  PetscCall(fill_noise(x, 1));
  PetscCall(fill_noise(y, 2));
  PetscCall(PCApply(pc(), x, vectors[1]));
  PetscCall(PCApply(pc(), y, vectors[2]));
  PetscCall(VecDot(vectors[1], y, &yx));
  PetscCall(VecDot(vectors[2], x, &xy));
  PetscCall(VecDot(vectors[1], x, &xx));
  PetscCall(VecDot(vectors[2], y, &yy));
  if (std::abs(xy - yx) <= symmetry * std::sqrt(std::abs(xx * yy)))
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PCApplyTransposeExists(pc(), &exists));
  transposes_ = exists == PETSC_TRUE && !options.once;
  PetscCheck(transposes_, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "basis: -basis_smoother_pc_type %s is not symmetric%s; take sor, jacobi or icc",
             reinterpret_cast<PetscObject>(pc())->type_name,
             options.once ? ", which this -pc_basis_variant needs"
                          : ", and its transpose cannot be applied");
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// By how much (I - S^T A)(I - S A) makes the energy norm of the worst vector that the power method
/// finds larger, from below.
PetscErrorCode Smoother::measure(Mat A, double* growth) {
  Vec v[3] = {nullptr, nullptr, nullptr};
  PetscFunctionBegin;
  *growth = 0.0;
  PetscCall(MatCreateVecs(A, &v[0], nullptr));
  PetscCall(VecDuplicate(v[0], &v[1]));
  PetscCall(VecDuplicate(v[0], &v[2]));
  const Owned<Vec> owners[] = {Owned<Vec>(v[0]), Owned<Vec>(v[1]), Owned<Vec>(v[2])};
  PetscCall(fill_noise(v[0], 3));
  const auto energy = [&](double* norm) -> PetscErrorCode {
    PetscScalar square = 0.0;
    PetscFunctionBegin;
    PetscCall(MatMult(A, v[0], v[1]));
    PetscCall(VecDot(v[0], v[1], &square));
    *norm = std::sqrt(std::max(square, 0.0));
    PetscFunctionReturn(PETSC_SUCCESS);
  };
  for (int step = 0; step < power_steps; ++step) {
    double before = 0.0, after = 0.0;
    PetscCall(energy(&before));
    if (!(before > 0.0) || !std::isfinite(before)) break;
    PetscCall(VecScale(v[0], 1.0 / before));
    PetscCall(VecScale(v[1], 1.0 / before));
    PetscCall(apply(v[1], v[2]));
    PetscCall(VecAXPY(v[0], -1.0, v[2]));
    PetscCall(MatMult(A, v[0], v[1]));
    PetscCall(apply_transposed(v[1], v[2]));
    PetscCall(VecAXPY(v[0], -1.0, v[2]));
    PetscCall(energy(&after));
    *growth = after;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// By how much S A makes the vector larger that the power method comes to.
PetscErrorCode Smoother::radius(Mat A, double* largest) {
  Vec v[2] = {nullptr, nullptr};
  PetscReal norm = 0.0;
  PetscFunctionBegin;
  *largest = 0.0;
  PetscCall(MatCreateVecs(A, &v[0], nullptr));
  PetscCall(VecDuplicate(v[0], &v[1]));
  const Owned<Vec> owners[] = {Owned<Vec>(v[0]), Owned<Vec>(v[1])};
  PetscCall(fill_noise(v[0], 3));
  for (int step = 0; step <= power_steps; ++step) {
    PetscCall(VecNorm(v[0], NORM_2, &norm));
    *largest = step > 0 ? norm : 0.0;
    if (!(norm > 0.0) || !std::isfinite(norm)) break;
    PetscCall(VecScale(v[0], 1.0 / norm));
    PetscCall(MatMult(A, v[0], v[1]));
    PetscCall(apply(v[1], v[0]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode Smoother::find_damping(Mat A, Mat P, const Options& options) {
  bool is_sor = false, is_jacobi = false;
  PetscMPIInt ranks = 1;
  PetscFunctionBegin;
  damping_ = options.damping > 0.0 ? options.damping : 1.0;
  remark_ = "as given";
  if (options.damping > 0.0) PetscFunctionReturn(PETSC_SUCCESS);
  if (!options.symmetric) {
    double largest = 0.0;
    if (!options.once) PetscCall(radius(A, &largest));
    if (largest > damping_factor) {
      damping_ = damping_factor / largest;
      remark_ = "by the spectral radius of S A, as far as the power method sees it";
    }
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(is_type(pc(), PCSOR, &is_sor));
  PetscCall(is_type(pc(), PCJACOBI, &is_jacobi));
  MPI_Comm_size(comm_of(pc()), &ranks);
  if (options.once) {
    remark_ = "symmetric by itself";
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (is_sor && ranks == 1 && A == P) {
    remark_ = "contracts for every symmetric positive definite matrix";
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  double bound = 0.0;
  if (is_jacobi && A == P) PetscCall(linalg::jacobi_bound(P, &bound));
  if (bound > 0.0) {
    damping_ = damping_factor / bound;
    char text[80];
    std::snprintf(text, sizeof text, "contracts: D^-1 A has no eigenvalue above %.3g", bound);
    remark_ = text;
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  double growth = 0.0;
  for (int n = 0; n < most_dampings; ++n) {
    PetscCall(measure(A, &growth));
    if (growth <= 1.0) break;
    // With a symmetric S, the largest eigenvalue of S A is (1 + sqrt(growth)) / damping.
    damping_ *= damping_factor / (1.0 + std::sqrt(growth));
  }
  PetscCheck(growth <= 1.0, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "basis: -basis_smoother_pc_type %s does not contract, damped by %g; take sor or "
             "jacobi, or a matrix that is positive definite",
             reinterpret_cast<PetscObject>(pc())->type_name, damping_);
  remark_ = "contracts as far as the power method sees";
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode Smoother::set_up(PC outer, Mat A, Mat P, const Options& options) {
  bool is_sor = false;
  PetscFunctionBegin;
  PetscCall(relaxation_.prepare(outer, A, P));
  PetscCall(is_type(pc(), PCSOR, &is_sor));
  if (is_sor) PetscCall(set_up_sweeps(outer, A, P, options));
  PetscCall(PCSetUp(pc()));
  damping_ = 1.0;
  PetscCall(find_transpose(A, options));
  PetscCall(find_damping(A, P, options));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode Smoother::apply(Vec r, Vec z) {
  PetscFunctionBegin;
  PetscCall(PCApply(pc(), r, z));
  if (damping_ != 1.0) PetscCall(VecScale(z, damping_));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode Smoother::apply_transposed(Vec r, Vec z) {
  PetscFunctionBegin;
  if (transposes_)
    PetscCall(PCApplyTranspose(pc(), r, z));
  else
    PetscCall(PCApply(backward_ ? backward_ : pc(), r, z));
  if (damping_ != 1.0) PetscCall(VecScale(z, damping_));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode Smoother::reset() {
  PetscFunctionBegin;
  PetscCall(relaxation_.reset());
  PetscCall(PCDestroy(&backward_));
  remark_.clear();
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::coarse
