// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/coarse/smoother.hpp>

#include <linnet/core/random.hpp>
#include <linnet/io/vec_array.hpp>

#include <petsc/private/petscimpl.h>
#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

namespace linnet::coarse {

using core::Owned;
using linalg::damping_factor;

namespace {

constexpr int power_steps = 8, lanczos_steps = 30, most_dampings = 8;
/// A map that is symmetric but for rounding.
constexpr double symmetry = 1e-8;
/// From a random start, that many steps see the largest eigenvalue of n = 1e6 to 5 % in the mean
/// (Kuczynski and Wozniakowski, SIAM J. Matrix Anal. Appl. 13 (1992) 1094), isolated ones to
/// rounding.
constexpr double margin = 1.1;
/// Of a bound that must not be reached.
constexpr double just_below = 0.99;
/// Of the largest eigenvalue in size: nearer to zero is rounding.
constexpr double rounding = 1e-10;

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

/// The largest sum of |a_ij| / a_ii in a row over the columns of other ranks; below 0 where the
/// matrix is not stored by rows.
PetscErrorCode outside_part(Mat A, double* part) {
  PetscBool is_aij = PETSC_FALSE;
  PetscInt first = 0, last = 0;
  PetscFunctionBegin;
  *part = -1.0;
  PetscCall(PetscObjectTypeCompareAny(reinterpret_cast<PetscObject>(A), &is_aij, MATSEQAIJ,
                                      MATMPIAIJ, ""));
  if (!is_aij) PetscFunctionReturn(PETSC_SUCCESS);
  double largest = 0.0;
  PetscCall(MatGetOwnershipRange(A, &first, &last));
  for (PetscInt row = first; row < last; ++row) {
    PetscInt count = 0;
    const PetscInt* columns = nullptr;
    const PetscScalar* values = nullptr;
    double sum = 0.0, diagonal = 0.0;
    PetscCall(MatGetRow(A, row, &count, &columns, &values));
    for (PetscInt c = 0; c < count; ++c) {
      if (columns[c] < first || columns[c] >= last) sum += std::abs(values[c]);
      if (columns[c] == row) diagonal = values[c];
    }
    PetscCall(MatRestoreRow(A, row, &count, &columns, &values));
    if (sum > 0.0) largest = std::max(largest, diagonal > 0.0 ? sum / diagonal : HUGE_VAL);
  }
  PetscCallMPI(MPI_Allreduce(&largest, part, 1, MPI_DOUBLE, MPI_MAX,
                             PetscObjectComm(reinterpret_cast<PetscObject>(A))));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// The ends of the spectrum of the tridiagonal matrix T.
PetscErrorCode ends_of(std::vector<double> diagonal, std::vector<double> below, double ends[2]) {
  PetscFunctionBegin;
  ends[0] = ends[1] = 0.0;
  if (diagonal.empty()) PetscFunctionReturn(PETSC_SUCCESS);
  const auto n = static_cast<PetscBLASInt>(diagonal.size());
  const PetscBLASInt one = 1;
  PetscBLASInt info = 0;
  double unused = 0.0;
  std::vector<double> work(2 * diagonal.size());
  LAPACKsteqr_("N", &n, diagonal.data(), below.data(), &unused, &one, work.data(), &info);
  PetscCheck(info == 0, PETSC_COMM_SELF, PETSC_ERR_LIB, "basis: dsteqr ended with info %d",
             static_cast<int>(info));
  ends[0] = diagonal.front();
  ends[1] = diagonal.back();
  PetscFunctionReturn(PETSC_SUCCESS);
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
  bool is_asm = false;
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
  PetscCall(is_type(pc(), PCASM, &is_asm));
  PetscCheck(!is_asm, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "basis: restricted additive Schwarz is not symmetric, and need not contract; take "
             "-basis_smoother_pc_asm_type basic, or -basis_smoother_pc_type sor or jacobi");
  PetscCall(PCApplyTransposeExists(pc(), &exists));
  transposes_ = exists == PETSC_TRUE && !options.once;
  PetscCheck(transposes_, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "basis: -basis_smoother_pc_type %s is not symmetric%s; take sor, jacobi or icc",
             reinterpret_cast<PetscObject>(pc())->type_name,
             options.once ? ", which this -pc_basis_variant needs"
                          : ", and its transpose cannot be applied");
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// w = S A v, or with @p twice w = (I - S^T A)(I - S A) v, by the image A v; @p work is changed.
PetscErrorCode Smoother::error_map(Mat A, bool twice, const Vec v[4]) {
  const Vec from = v[0], image = v[1], to = v[2], work = v[3];
  PetscFunctionBegin;
  PetscCall(apply(image, to));
  if (!twice) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(VecAYPX(to, -1.0, from));
  PetscCall(MatMult(A, to, work));
  PetscCall(apply_transposed(work, image));
  PetscCall(VecAXPY(to, -1.0, image));
  PetscCall(MatMult(A, from, image));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Ends of the spectrum of S A, or of (I - S^T A)(I - S A), as Lanczos steps in the energy product
/// see them from the inside, started as conjugate gradients with S would.
PetscErrorCode Smoother::spectrum(Mat A, bool twice, double ends[2]) {
  Vec v[5] = {};
  PetscFunctionBegin;
  PetscCall(MatCreateVecs(A, &v[0], nullptr));
  for (int i = 1; i < 5; ++i) PetscCall(VecDuplicate(v[0], &v[i]));
  const Owned<Vec> owners[] = {Owned<Vec>(v[0]), Owned<Vec>(v[1]), Owned<Vec>(v[2]),
                               Owned<Vec>(v[3]), Owned<Vec>(v[4])};
  std::vector<double> diagonal, below;
  // v[0], of energy 1, and its image v[1]; v[2] the next one; v[4] the one before.
  PetscCall(fill_noise(v[1], 3));
  PetscCall(apply(v[1], v[2]));
  PetscCall(VecSet(v[4], 0.0));
  PetscCall(VecSet(v[0], 0.0));
  for (int step = 0; step < lanczos_steps; ++step) {
    PetscScalar square = 0.0, along = 0.0;
    PetscCall(MatMult(A, v[2], v[1]));
    PetscCall(VecDot(v[2], v[1], &square));
    const double beta = std::sqrt(square);
    const double scale = diagonal.empty() ? 0.0 : std::abs(diagonal.front());
    if (!(beta > rounding * scale) || !std::isfinite(beta)) break;
    if (step > 0) below.push_back(beta);
    PetscCall(VecCopy(v[0], v[4]));
    PetscCall(VecCopy(v[2], v[0]));
    PetscCall(VecScale(v[0], 1.0 / beta));
    PetscCall(VecScale(v[1], 1.0 / beta));
    PetscCall(error_map(A, twice, v));
    PetscCall(VecDot(v[2], v[1], &along));
    if (!std::isfinite(along)) break;
    diagonal.push_back(along);
    PetscCall(VecAXPBYPCZ(v[2], -along, step > 0 ? -beta : 0.0, 1.0, v[0], v[4]));
  }
  if (below.size() >= diagonal.size() && !below.empty()) below.pop_back();
  PetscCall(ends_of(std::move(diagonal), std::move(below), ends));
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
  if (options.once) {
    remark_ = "symmetric by itself";
    if (!is_sor && !is_jacobi) PetscCall(require_definite(A, nullptr));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  bool proven = false;
  if (is_sor && A == P) PetscCall(damp_sor(P, &proven));
  if (is_jacobi && A == P) PetscCall(damp_jacobi(P, &proven));
  if (proven) PetscFunctionReturn(PETSC_SUCCESS);
  if (backward_ || transposes_)
    PetscCall(damp_pair(A));
  else
    PetscCall(damp_symmetric(A));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// With D and the blocks B of the ranks, S^-1 + S^-T = (2/omega - 1) D + B for sweeps with omega.
/// Damped by d, S contracts where that over d is above A = B + O, so if d is below 1 and O below
/// (2/omega - 1) / d D, as it is by Gershgorin's bound of D^-1 O.
PetscErrorCode Smoother::damp_sor(Mat P, bool* proven) {
  PetscReal omega = 1.0;
  PetscInt iterations = 1, local_iterations = 1;
  PetscMPIInt ranks = 1;
  double outside = 0.0;
  PetscFunctionBegin;
  PetscCall(PCSORGetOmega(pc(), &omega));
  PetscCall(PCSORGetIterations(pc(), &iterations, &local_iterations));
  PetscCallMPI(MPI_Comm_size(comm_of(pc()), &ranks));
  if (ranks > 1) PetscCall(outside_part(P, &outside));
  const double inside = 2.0 / omega - 1.0;
  *proven = inside > 0.0 && outside >= 0.0 && std::isfinite(outside) &&
            ((iterations == 1 && local_iterations == 1) || outside == 0.0);
  if (!*proven) PetscFunctionReturn(PETSC_SUCCESS);
  if (outside >= just_below * inside) damping_ = just_below * inside / outside;
  remark_ = outside == 0.0 ? "contracts for every symmetric positive definite matrix"
                           : "contracts, by the couplings of ranks";
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode Smoother::damp_jacobi(Mat P, bool* proven) {
  double bound = 0.0;
  PetscFunctionBegin;
  PetscCall(linalg::jacobi_bound(P, &bound));
  *proven = bound > 0.0;
  if (!*proven) PetscFunctionReturn(PETSC_SUCCESS);
  damping_ = damping_factor / bound;
  char text[80];
  std::snprintf(text, sizeof text, "contracts: D^-1 A has no eigenvalue above %.3g", bound);
  remark_ = text;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// @p largest, if not null: the largest eigenvalue of S A.
PetscErrorCode Smoother::require_definite(Mat A, double* largest) {
  double ends[2] = {0.0, 0.0};
  PetscFunctionBegin;
  PetscCall(spectrum(A, false, ends));
  PetscCheck(ends[0] >= -rounding * ends[1], PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "basis: -basis_smoother_pc_type %s is not positive definite for this matrix: S A has "
             "the eigenvalue %.3g; take sor or jacobi",
             reinterpret_cast<PetscObject>(pc())->type_name, ends[0]);
  if (largest) *largest = ends[1];
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// I - S A contracts where the largest eigenvalue of S A is below 2.
PetscErrorCode Smoother::damp_symmetric(Mat A) {
  double largest = 0.0;
  PetscFunctionBegin;
  PetscCall(require_definite(A, &largest));
  if (margin * largest >= 2.0) damping_ = damping_factor / (margin * largest);
  char text[80];
  std::snprintf(text, sizeof text, "contracts: Lanczos steps find S A up to %.3g", largest);
  remark_ = text;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// What contracts with a larger factor does with a smaller one.
PetscErrorCode Smoother::damp_pair(Mat A) {
  double ends[2] = {0.0, 0.0}, found = 1.0;
  PetscFunctionBegin;
  for (int n = 0; n < most_dampings; ++n) {
    damping_ = margin * found;
    PetscCall(spectrum(A, true, ends));
    damping_ = found;
    if (ends[1] <= 1.0 + rounding) break;
    found *= damping_factor / (1.0 + std::sqrt(ends[1]));
  }
  PetscCheck(ends[1] <= 1.0 + rounding, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "basis: -basis_smoother_pc_type %s does not contract, damped by %g; take sor or "
             "jacobi, or a matrix that is positive definite",
             reinterpret_cast<PetscObject>(pc())->type_name, damping_);
  remark_ = "contracts as far as Lanczos steps see";
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
