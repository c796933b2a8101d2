// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Sums of matrices.
#include <linnet/grid/mat_stencil_impl.hpp>

namespace linnet::grid::stencil {
namespace {

bool is_same_form(const Matrix& y, const Matrix& x) {
  return !y.is_general && !x.is_general && y.symmetric.pattern == x.symmetric.pattern &&
         y.symmetric.partition == x.symmetric.partition;
}

void add_field(double factor, const kernels::Field<double>& x, const kernels::Field<double>& y) {
  const double* from = x.values.data();
  double* to = y.values.data();
  Kokkos::parallel_for(
      "linnet::grid::axpy", Kokkos::RangePolicy<kernels::ExecutionSpace>(0, x.values.extent(0)),
      KOKKOS_LAMBDA(std::size_t i) { to[i] += factor * from[i]; });
}

void add_couplings(Matrix& y, double factor, const Matrix& x) {
  for (std::size_t m = 0; m < y.symmetric.couplings.size(); ++m)
    add_field(factor, x.symmetric.couplings[m], y.symmetric.couplings[m]);
  add_field(factor, x.symmetric.row_sum, y.symmetric.row_sum);
  Kokkos::fence();
  values_changed(y);
}

// Row by row; the sum is general.
PetscErrorCode add_rows(Mat Y, PetscScalar factor, Mat X) {
  PetscFunctionBegin;
  PetscInt first, last;
  PetscCall(MatGetOwnershipRange(X, &first, &last));
  for (PetscInt row = first; row < last; ++row) {
    PetscInt count;
    const PetscInt* columns;
    const PetscScalar* values;
    PetscCall(MatGetRow(X, row, &count, &columns, &values));
    for (PetscInt c = 0; c < count; ++c)
      if (values[c] != 0.0)
        PetscCall(MatSetValue(Y, row, columns[c], factor * values[c], ADD_VALUES));
    PetscCall(MatRestoreRow(X, row, &count, &columns, &values));
  }
  PetscCall(MatAssemblyBegin(Y, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(Y, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode axpy(Mat Y, PetscScalar factor, Mat X, MatStructure) {
  PetscFunctionBegin;
  if (is_same_form(matrix(Y), matrix(X)))
    LINNET_PETSC_GUARD(add_couplings(matrix(Y), factor, matrix(X)));
  else
    PetscCall(add_rows(Y, factor, X));
  Y->spd = PETSC_BOOL3_UNKNOWN;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::grid::stencil
