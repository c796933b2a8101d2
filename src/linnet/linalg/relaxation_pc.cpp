// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/relaxation_pc.hpp>

#include <linnet/linalg/sparse_rows.hpp>

#include <petsc/private/pcimpl.h>

#include <algorithm>
#include <cmath>

namespace linnet::linalg {

RelaxationPc::~RelaxationPc() { static_cast<void>(PCDestroy(&pc_)); }

PetscErrorCode RelaxationPc::get(PC outer, PC* inner) {
  PetscFunctionBegin;
  if (!pc_) {
    const auto object = reinterpret_cast<PetscObject>(outer);
    const char* prefix = nullptr;
    PetscCall(PCCreate(PetscObjectComm(object), &pc_));
    PetscCall(PetscObjectIncrementTabLevel(reinterpret_cast<PetscObject>(pc_), object, 1));
    PetscCall(PCGetOptionsPrefix(outer, &prefix));
    PetscCall(PCSetOptionsPrefix(pc_, prefix));
    PetscCall(PCAppendOptionsPrefix(pc_, name_.c_str()));
  }
  *inner = pc_;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Without a type, PETSc would take its own standard, incomplete factors.
PetscErrorCode RelaxationPc::set_from_options(PC outer) {
  PC unused = nullptr;
  PCType type = nullptr;
  const char* prefix = nullptr;
  PetscBool asked = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(get(outer, &unused));
  PetscCall(PCGetType(pc_, &type));
  PetscCall(PCGetOptionsPrefix(pc_, &prefix));
  PetscCall(PetscOptionsHasName(nullptr, prefix, "-pc_type", &asked));
  if (!type) {
    PetscCall(PCSetType(pc_, PCSOR));
    standard_ = true;
  }
  if (asked) standard_ = false;
  PetscCall(PCSetFromOptions(pc_));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Gauss-Seidel where the matrix has it, else Jacobi, where the user has chosen none.
PetscErrorCode RelaxationPc::choose_type(Mat P) {
  PCType type = nullptr;
  PetscBool has_sor = PETSC_FALSE, has_diagonal = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(PCGetType(pc_, &type));
  if (type && !standard_) PetscFunctionReturn(PETSC_SUCCESS);
  standard_ = true;
  PetscCall(MatHasOperation(P, MATOP_SOR, &has_sor));
  PetscCall(MatHasOperation(P, MATOP_GET_DIAGONAL, &has_diagonal));
  PetscCall(PCSetType(pc_, has_sor ? PCSOR : has_diagonal ? PCJACOBI : PCNONE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode RelaxationPc::prepare(PC outer, Mat A, Mat P) {
  PC unused = nullptr;
  PetscFunctionBegin;
  PetscCall(get(outer, &unused));
  PetscCall(PCSetOperators(pc_, A, P));
  if (outer->dm) PetscCall(PCSetDM(pc_, outer->dm));
  PetscCall(choose_type(P));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode RelaxationPc::reset() {
  PetscFunctionBegin;
  if (pc_) PetscCall(PCReset(pc_));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode RelaxationPc::begin_solve(KSP ksp) {
  PetscBool changes = PETSC_FALSE;
  PetscFunctionBegin;
  if (!pc_ || !pc_->mat) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PCSetUp(pc_));
  // What transforms the system itself (eisenstat) would do so behind the outer preconditioner.
  PetscTryMethod(pc_, "PCPreSolveChangeRHS_C", (PC, PetscBool*), (pc_, &changes));
  if (changes) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PCPreSolve(pc_, ksp));
  ++begun_;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode RelaxationPc::end_solve(KSP ksp) {
  PetscFunctionBegin;
  if (begun_ == 0) PetscFunctionReturn(PETSC_SUCCESS);
  --begun_;
  PetscCall(PCPostSolve(pc_, ksp));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode jacobi_bound(Mat P, double* bound) {
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

} // namespace linnet::linalg
