// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the sources of Mat "stencil" share. Not for use outside of them.
#pragma once

#include <linnet/grid/field_view.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/grid/point_numbering.hpp>
#include <linnet/grid/stencil_product.hpp>
#include <linnet/kernels/stencil/stencil_rows.hpp>

#include <petsc/private/matimpl.h>

#include <optional>

namespace linnet::grid::stencil {

using kernels::Field;
using HostValues = kernels::HostArray<double>;

/// A value for a row of another rank, until the next assembly.
struct RemoteEntry {
  PetscInt row, column;
  double value;
  InsertMode mode;
};

/// A row as PETSc sees it: sorted global columns, no duplicates.
struct Row {
  int count = 0;
  PetscInt columns[kernels::max_entries];
  PetscScalar values[kernels::max_entries];
};

struct Matrix {
  StencilData symmetric; ///< pattern and partition are valid in both modes
  bool is_general = true;
  std::vector<Field<double>> entries; ///< general mode; laid out like the couplings
  int rank = 0;
  IndexBox box;
  PointNumbering numbering;
  kernels::Layout layout; ///< of all coefficient fields
  std::optional<StencilProduct> product;
  std::optional<Halo> halo; ///< of coefficient fields

  std::vector<HostValues> image; ///< the fields of the mode on the host; empty: not made
  bool image_changed = false;
  std::vector<Field<double>> transposed; ///< entries of the transpose; empty: not made
  std::vector<RemoteEntry> remote;
  bool row_oriented = true;
  Row row; ///< lent out by MatGetRow

  Mat aij = nullptr;
  PetscObjectState aij_state = -1;
  PetscErrorCode (*foreign_view)(Mat, PetscViewer) = nullptr;
};

inline Matrix& matrix(Mat A) { return *static_cast<Matrix*>(A->data); }

// mat_stencil.cpp
void use_pattern(Mat A, kernels::StencilPattern pattern);
/// Forgets everything derived from the values. Call it after changing them.
void values_changed(Matrix& m);
PetscErrorCode duplicate(Mat A, MatDuplicateOption option, Mat* B);

// mat_stencil_rows.cpp
const std::vector<HostValues>& host_image(Matrix& m);
/// Row of the local point (i,j,k).
void make_row(Matrix& m, int i, int j, int k, Row& row);
/// Global neighbour of a global point; false beyond the boundary.
bool neighbour(const Partition& p, const core::Index3& point, const kernels::Offset& o,
               core::Index3& q);
void make_general(Matrix& m);
void install_row_operations(Mat A);

// mat_stencil_algebra.cpp
void install_algebra(Mat A);

// mat_stencil_axpy.cpp
/// Y += factor X for two matrices of this type. Collective.
PetscErrorCode axpy(Mat Y, PetscScalar factor, Mat X, MatStructure structure);

// mat_stencil_aij.cpp
/// The AIJ copy, up to date; it belongs to @p A. Collective.
PetscErrorCode aij_copy(Mat A, Mat* aij);
PetscErrorCode install_aij_operations(Mat A);

} // namespace linnet::grid::stencil
