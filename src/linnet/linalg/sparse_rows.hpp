// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which matrices can be looked at row by row.
#pragma once

#include <linnet/core/petsc.hpp>

namespace linnet::linalg {

/// True for sparse matrices with whole rows: PETSc's aij and baij on whatever device, and
/// "stencil". Matrix-free types may offer MatGetRow, too, for rows that are full. Not collective.
PetscErrorCode has_sparse_rows(Mat matrix, bool* has);

} // namespace linnet::linalg
