// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/coarse/smoother.hpp>

#include <linnet/coarse/sparse_rows.hpp>
#include <linnet/core/random.hpp>
#include <linnet/io/vec_array.hpp>

#include <petsc/private/pcimpl.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace linnet::coarse {

using core::Owned;

namespace {

/// Of the largest eigenvalue of S A: the smoother then takes 0.4 of the roughest error at least.
constexpr double damping_factor = 1.4;
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

Smoother::~Smoother() {
  static_cast<void>(PCDestroy(&forward_));
  static_cast<void>(PCDestroy(&backward_));
}

PetscErrorCode Smoother::get(PC outer, PC* smoother) {
  PetscFunctionBegin;
  if (!forward_) {
    const char* prefix = nullptr;
    PetscCall(PCCreate(comm_of(outer), &forward_));
    PetscCall(PetscObjectIncrementTabLevel(reinterpret_cast<PetscObject>(forward_),
                                           reinterpret_cast<PetscObject>(outer), 1));
    PetscCall(PCGetOptionsPrefix(outer, &prefix));
    PetscCall(PCSetOptionsPrefix(forward_, prefix));
    PetscCall(PCAppendOptionsPrefix(forward_, "basis_smoother_"));
  }
  *smoother = forward_;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Without a type, PETSc would take its own standard, incomplete factors.
PetscErrorCode Smoother::set_from_options(PC outer) {
  PC unused = nullptr;
  PCType type = nullptr;
  const char* prefix = nullptr;
  PetscBool asked = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(get(outer, &unused));
  PetscCall(PCGetType(forward_, &type));
  PetscCall(PCGetOptionsPrefix(forward_, &prefix));
  PetscCall(PetscOptionsHasName(nullptr, prefix, "-pc_type", &asked));
  if (!type) {
    PetscCall(PCSetType(forward_, PCSOR));
    standard_ = true;
  }
  if (asked) standard_ = false;
  PetscCall(PCSetFromOptions(forward_));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Gauss-Seidel where the matrix has it, else Jacobi, where the user has chosen none.
PetscErrorCode Smoother::choose_type(Mat P) {
  PCType type = nullptr;
  PetscBool has_sor = PETSC_FALSE, has_diagonal = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(PCGetType(forward_, &type));
  if (type && !standard_) PetscFunctionReturn(PETSC_SUCCESS);
  standard_ = true;
  PetscCall(MatHasOperation(P, MATOP_SOR, &has_sor));
  PetscCall(MatHasOperation(P, MATOP_GET_DIAGONAL, &has_diagonal));
  PetscCall(PCSetType(forward_, has_sor ? PCSOR : has_diagonal ? PCJACOBI : PCNONE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Forward for S, backward for S^T; both in one for a single application.
PetscErrorCode Smoother::set_up_sweeps(PC outer, Mat A, Mat P, const Options& options) {
  MatSORType sweep = SOR_LOCAL_FORWARD_SWEEP;
  PetscReal omega = 1.0;
  PetscInt iterations = 1, local_iterations = 1;
  PetscFunctionBegin;
  PetscCall(PCSORGetSymmetric(forward_, &sweep));
  if (options.once && options.symmetric)
    PetscCall(PCSORSetSymmetric(forward_, SOR_LOCAL_SYMMETRIC_SWEEP));
  PetscCall(PCDestroy(&backward_));
  if (options.once) PetscFunctionReturn(PETSC_SUCCESS);
  // PETSc's standard sweeps forward and backward: here one before and one after the correction.
  if (!is_forward(sweep) && !is_backward(sweep))
    PetscCall(PCSORSetSymmetric(forward_, sweep = SOR_LOCAL_FORWARD_SWEEP));
  PetscCall(PCSORGetOmega(forward_, &omega));
  PetscCall(PCSORGetIterations(forward_, &iterations, &local_iterations));
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
  PetscCall(PCApply(forward_, x, vectors[1]));
  PetscCall(PCApply(forward_, y, vectors[2]));
  PetscCall(VecDot(vectors[1], y, &yx));
  PetscCall(VecDot(vectors[2], x, &xy));
  PetscCall(VecDot(vectors[1], x, &xx));
  PetscCall(VecDot(vectors[2], y, &yy));
  if (std::abs(xy - yx) <= symmetry * std::sqrt(std::abs(xx * yy)))
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PCApplyTransposeExists(forward_, &exists));
  transposes_ = exists == PETSC_TRUE && !options.once;
  PetscCheck(transposes_, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "basis: -basis_smoother_pc_type %s is not symmetric%s; take sor, jacobi or icc",
             reinterpret_cast<PetscObject>(forward_)->type_name,
             options.once ? ", which this -pc_basis_variant needs"
                          : ", and its transpose cannot be applied");
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// The largest sum of |a_ij| / |a_ii| in a row; 0 for matrices without sparse rows.
PetscErrorCode Smoother::jacobi_bound(Mat P, double* bound) {
  bool has_rows = false;
  PetscInt first = 0, last = 0;
  PetscFunctionBegin;
  *bound = 0.0;
  PetscCall(has_sparse_rows(P, &has_rows));
  if (!has_rows) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(MatGetOwnershipRange(P, &first, &last));
  for (PetscInt row = first; row < last; ++row) {
    PetscInt count = 0;
    const PetscInt* columns = nullptr;
    const PetscScalar* values = nullptr;
    PetscCall(MatGetRow(P, row, &count, &columns, &values));
    double sum = 0.0, diagonal = 0.0;
    for (PetscInt c = 0; c < count; ++c) {
      sum += std::abs(values[c]);
      if (columns[c] == row) diagonal = std::abs(values[c]);
    }
    PetscCall(MatRestoreRow(P, row, &count, &columns, &values));
    if (diagonal > 0.0) *bound = std::max(*bound, sum / diagonal);
  }
  MPI_Allreduce(MPI_IN_PLACE, bound, 1, MPI_DOUBLE, MPI_MAX,
                PetscObjectComm(reinterpret_cast<PetscObject>(P)));
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
  PetscCall(is_type(forward_, PCSOR, &is_sor));
  PetscCall(is_type(forward_, PCJACOBI, &is_jacobi));
  MPI_Comm_size(comm_of(forward_), &ranks);
  if (options.once) {
    remark_ = "symmetric by itself";
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (is_sor && ranks == 1 && A == P) {
    remark_ = "contracts for every symmetric positive definite matrix";
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  double bound = 0.0;
  if (is_jacobi && A == P) PetscCall(jacobi_bound(P, &bound));
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
             reinterpret_cast<PetscObject>(forward_)->type_name, damping_);
  remark_ = "contracts as far as the power method sees";
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode Smoother::set_up(PC outer, Mat A, Mat P, const Options& options) {
  bool is_sor = false;
  PC unused = nullptr;
  PetscFunctionBegin;
  PetscCall(get(outer, &unused));
  PetscCall(PCSetOperators(forward_, A, P));
  if (outer->dm) PetscCall(PCSetDM(forward_, outer->dm));
  PetscCall(choose_type(P));
  PetscCall(is_type(forward_, PCSOR, &is_sor));
  if (is_sor) PetscCall(set_up_sweeps(outer, A, P, options));
  PetscCall(PCSetUp(forward_));
  damping_ = 1.0;
  PetscCall(find_transpose(A, options));
  PetscCall(find_damping(A, P, options));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode Smoother::apply(Vec r, Vec z) {
  PetscFunctionBegin;
  PetscCall(PCApply(forward_, r, z));
  if (damping_ != 1.0) PetscCall(VecScale(z, damping_));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode Smoother::apply_transposed(Vec r, Vec z) {
  PetscFunctionBegin;
  if (transposes_)
    PetscCall(PCApplyTranspose(forward_, r, z));
  else
    PetscCall(PCApply(backward_ ? backward_ : forward_, r, z));
  if (damping_ != 1.0) PetscCall(VecScale(z, damping_));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode Smoother::reset() {
  PetscFunctionBegin;
  if (forward_) PetscCall(PCReset(forward_));
  PetscCall(PCDestroy(&backward_));
  remark_.clear();
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::coarse
