// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Bytes per point and iteration around a cycle in fp32: 68 to turn and multiply by a 5- or 7-point
// stencil (z 4, p 16, coefficients 24 or 32, w with its line fetched first 16), 56 to update, 12
// for z.r, 12 more to take the mean out of z where constants are the null space; against 208 with
// PETSc's operations one by one. Where the preconditioner knows rows with a diagonal entry only
// (solid cells, air) of the matrix as it is now, all vectors stay zero if the first residual is,
// and the passes leave them out.
#include <linnet/krylov/cg_passes.hpp>

#include <linnet/core/petsc.hpp>
#include <linnet/grid/field_preconditioner.hpp>
#include <linnet/grid/field_view.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/stencil/cg_kernels.hpp>
#include <linnet/kernels/stencil/planes.hpp>

#include <petsc/private/matimpl.h>

#include <cmath>

namespace linnet::krylov {
namespace {

using grid::Access;
using grid::FieldView;
using kernels::Range;

class FieldPasses final : public CgPasses {
public:
  FieldPasses(KSP ksp, Mat a, int dimension, grid::FieldPreconditioner& preconditioner,
              bool removes_mean)
      : comm_(PetscObjectComm(reinterpret_cast<PetscObject>(a))), a_(a), dimension_(dimension),
        b_(preconditioner), r_(ksp->work[0]), p_(ksp->work[1]), w_(ksp->work[2]),
        removes_mean_(removes_mean), may_skip_(!removes_mean) {
    const auto& n = b_.input().layout.n;
    extent_ = {n[0], n[1], n[2]};
  }

  Vec residual() override { return r_; }

  void precondition() override {
    // What others have left outside of the spans is overwritten once.
    const bool is_first = was_used_elsewhere();
    if (!cast_ || is_first) cast();
    cast_ = false;
    if (may_skip_) find_spans();
    may_skip_ = false;
    if (is_first || spans_.everywhere())
      b_.apply();
    else
      b_.apply_within_occupied();
    if (removes_mean_) remove_mean();
    applications_ = b_.applications();
  }
  double z_dot_r() override {
    keep_z();
    return scale() * dot(r_);
  }
  double z_dot_w() override {
    keep_z();
    return scale() * dot(w_);
  }
  double z_dot_z() override {
    keep_z();
    const auto z = marched(b_.output());
    return scale() * scale() * sum(kernels::dot_with_single(z, z, spans_));
  }

  double turn(double beta) override {
    keep_z();
    double pw = 0.0;
    // The first one makes p and w zero where the others leave them so.
    LINNET_CHECK(grid::MatStencilTurnAndMultiply(a_, b_.output(), scale(), beta, p_, w_,
                                                 has_turned_ ? spans_ : kernels::RowSpans(), &pw));
    has_turned_ = true;
    return pw;
  }

  double update(double alpha, Vec x) override {
    FieldView p(p_, extent_, Access::read), w(w_, extent_, Access::read);
    FieldView solution(x, extent_, Access::read_write), r(r_, extent_, Access::read_write);
    const double rr = kernels::update_and_cast(
        marched(p.field()), marched(w.field()), marched(solution.field()), marched(r.field()),
        alpha, marched(b_.input()), std::ldexp(1.0, -exponent_), spans_);
    r.restore();
    solution.restore();
    w.restore();
    p.restore();
    cast_exponent_ = exponent_;
    cast_ = true;
    applications_ = b_.applications();
    const double total = sum(rr);
    if (total > 0.0 && std::isfinite(total)) exponent_ = std::ilogb(std::sqrt(total));
    return total;
  }

private:
  // Monitors and convergence tests may apply the PC: then input and output are theirs.
  [[nodiscard]] bool was_used_elsewhere() const { return b_.applications() != applications_; }
  void keep_z() {
    if (was_used_elsewhere()) precondition();
  }

  template <class T>
  [[nodiscard]] kernels::Field<T> marched(const kernels::Field<T>& f) const {
    return kernels::marched(f, dimension_);
  }

  // Where the residual lies: what is zero in rows with a diagonal entry only stays so.
  void find_spans() {
    const kernels::RowSpans occupied = b_.occupied();
    int stays_zero = 0;
    if (b_.is_set_up_for(a_)) {
      FieldView r(r_, extent_, Access::read);
      stays_zero = kernels::is_zero_outside(marched(r.field()), occupied) ? 1 : 0;
      r.restore();
    }
    MPI_Allreduce(MPI_IN_PLACE, &stays_zero, 1, MPI_INT, MPI_MIN, comm_);
    if (stays_zero == 1) spans_ = occupied;
  }

  // The projection on the complement of a constant null space.
  void remove_mean() {
    PetscInt size;
    LINNET_CHECK(MatGetSize(a_, &size, nullptr));
    const double mean = sum(kernels::sum_single(b_.output())) / static_cast<double>(size);
    kernels::shift_single(b_.output(), -mean);
  }

  // Powers of two keep r within the range of fp32; the norm of the residual before is near enough.
  void cast() {
    PetscReal norm;
    LINNET_CHECK(VecNorm(r_, NORM_2, &norm));
    exponent_ = cast_exponent_ = norm > 0.0 && std::isfinite(norm) ? std::ilogb(norm) : 0;
    FieldView r(r_, extent_, Access::read);
    kernels::copy_scaled(r.field(), b_.input(), Range::box(b_.input().layout.n),
                         std::ldexp(1.0, -exponent_));
    r.restore();
  }
  [[nodiscard]] double scale() const { return std::ldexp(b_.output_factor(), cast_exponent_); }
  [[nodiscard]] double dot(Vec y) {
    FieldView view(y, extent_, Access::read);
    const double result =
        kernels::dot_with_single(marched(b_.output()), marched(view.field()), spans_);
    view.restore();
    return sum(result);
  }
  [[nodiscard]] double sum(double mine) const {
    MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_SUM, comm_);
    return mine;
  }

  MPI_Comm comm_;
  Mat a_;
  int dimension_;
  grid::FieldPreconditioner& b_;
  Vec r_, p_, w_; // borrowed from the KSP
  bool removes_mean_;
  bool may_skip_;           // and has not yet looked where
  kernels::RowSpans spans_; // vectors are zero outside, but for p and w before the first turn()
  bool has_turned_ = false;
  core::Index3 extent_;
  bool cast_ = false; // input() holds r
  int exponent_ = 0;  // of |r|, for the next cast
  int cast_exponent_ = 0;
  std::int64_t applications_ = -1; // of b_, when this object used its fields last
};

} // namespace

namespace {

enum class NullSpace { none, constants, other };

NullSpace null_space_of(Mat a) {
  MatNullSpace null_space = nullptr;
  LINNET_CHECK(MatGetNullSpace(a, &null_space));
  if (!null_space) return NullSpace::none;
  PetscBool has_constants;
  PetscInt vectors;
  const Vec* others;
  LINNET_CHECK(MatNullSpaceGetVecs(null_space, &has_constants, &vectors, &others));
  const bool constants = has_constants && vectors == 0 && !null_space->remove;
  return constants ? NullSpace::constants : NullSpace::other;
}

} // namespace

std::unique_ptr<CgPasses> make_field_passes(KSP ksp) {
  Mat a;
  PetscBool is_stencil;
  LINNET_CHECK(PCGetOperators(ksp->pc, &a, nullptr));
  LINNET_CHECK(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(a), MATSTENCIL, &is_stencil));
  const NullSpace null_space = null_space_of(a);
  grid::GetFieldPreconditioner get = nullptr;
  LINNET_CHECK(PetscObjectQueryFunction(reinterpret_cast<PetscObject>(ksp->pc),
                                        grid::get_field_preconditioner, &get));
  if (!is_stencil || null_space == NullSpace::other || !get || ksp->transpose_solve) return nullptr;
  const grid::StencilData* data;
  LINNET_CHECK(grid::MatStencilGetData(a, &data));
  grid::FieldPreconditioner* preconditioner = nullptr;
  if (data) LINNET_CHECK(get(ksp->pc, &preconditioner));
  if (!preconditioner) return nullptr;
  return std::make_unique<FieldPasses>(ksp, a, kernels::is_three_dimensional(data->pattern) ? 3 : 2,
                                       *preconditioner, null_space == NullSpace::constants);
}

} // namespace linnet::krylov
