// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/sparse_rows.hpp>

#include <linnet/grid/mat_stencil.hpp>

namespace linnet::linalg {

PetscErrorCode has_sparse_rows(Mat matrix, bool* has) {
  const auto object = reinterpret_cast<PetscObject>(matrix);
  PetscBool sparse = PETSC_FALSE, stencil = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(PetscObjectBaseTypeCompareAny(object, &sparse, MATSEQAIJ, MATMPIAIJ, MATSEQBAIJ,
                                          MATMPIBAIJ, ""));
  PetscCall(PetscObjectTypeCompare(object, MATSTENCIL, &stencil));
  *has = sparse || stencil;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::linalg
