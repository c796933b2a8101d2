// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/field_passes.hpp>

#include <linnet/core/petsc.hpp>
#include <linnet/grid/field_view.hpp>
#include <linnet/kernels/stencil/cg_kernels.hpp>
#include <linnet/kernels/stencil/planes.hpp>

#include <petsc/private/matimpl.h>

namespace linnet::krylov {

using grid::Access;
using grid::FieldView;

FieldPasses::FieldPasses(const FieldProblem& problem)
    : ksp_(problem.ksp), a_(problem.a), comm_(problem.comm), b_(*problem.preconditioner),
      dimension_(kernels::is_three_dimensional(problem.data->pattern) ? 3 : 2),
      couplings_(kernels::coupling_count(problem.data->pattern)),
      removes_mean_(problem.removes_mean), may_skip_(!problem.removes_mean) {
  const auto& n = b_.input().layout.n;
  extent_ = {n[0], n[1], n[2]};
}

void FieldPasses::precondition() {
  // What others have left outside of the spans is overwritten once.
  const bool is_first = !has_preconditioned_ || was_used_elsewhere();
  if (!has_input_ || was_used_elsewhere()) refill_input();
  if (may_skip_) find_spans();
  may_skip_ = false;
  if (is_first || spans_.everywhere())
    b_.apply();
  else
    b_.apply_within_occupied();
  has_preconditioned_ = true;
  has_input_ = b_.keeps_input();
  if (removes_mean_) remove_mean();
  claim_fields();
}

double FieldPasses::z_dot_z() {
  keep_z();
  const auto z = marched(b_.output());
  return z_scale() * z_scale() * sum(kernels::dot_with_single(z, z, spans_));
}

// Where the residual lies: what is zero in rows with a diagonal entry only stays so.
void FieldPasses::find_spans() {
  const kernels::RowSpans occupied = b_.occupied();
  int stays_zero = b_.is_set_up_for(a_) && is_zero_outside(occupied) ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &stays_zero, 1, MPI_INT, MPI_MIN, comm_);
  if (stays_zero == 1) spans_ = occupied;
}

// The projection on the complement of a constant null space.
void FieldPasses::remove_mean() {
  PetscInt size;
  LINNET_CHECK(MatGetSize(a_, &size, nullptr));
  const double mean = sum(kernels::sum_single(b_.output())) / static_cast<double>(size);
  kernels::shift_single(b_.output(), -mean);
}

double FieldPasses::sum(double mine) const {
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_SUM, comm_);
  return mine;
}

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

std::optional<FieldProblem> field_problem_of(KSP ksp) {
  FieldProblem problem;
  problem.ksp = ksp;
  PetscBool is_stencil;
  LINNET_CHECK(PCGetOperators(ksp->pc, &problem.a, nullptr));
  LINNET_CHECK(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(problem.a), MATSTENCIL, &is_stencil));
  const NullSpace null_space = null_space_of(problem.a);
  grid::GetFieldPreconditioner get = nullptr;
  LINNET_CHECK(PetscObjectQueryFunction(reinterpret_cast<PetscObject>(ksp->pc),
                                        grid::get_field_preconditioner, &get));
  if (!is_stencil || null_space == NullSpace::other || !get || ksp->transpose_solve) return {};
  LINNET_CHECK(grid::MatStencilGetData(problem.a, &problem.data));
  if (problem.data) LINNET_CHECK(get(ksp->pc, &problem.preconditioner));
  if (!problem.preconditioner) return {};
  problem.comm = PetscObjectComm(reinterpret_cast<PetscObject>(problem.a));
  problem.removes_mean = null_space == NullSpace::constants;
  return problem;
}

} // namespace linnet::krylov
