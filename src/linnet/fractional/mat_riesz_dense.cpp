// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/riesz_matrix.hpp>

#include <linnet/io/vec_array.hpp>

#include <optional>
#include <vector>

namespace linnet::fractional {

namespace {

/// The matrices of one direction.
struct DenseAxis {
  std::vector<double> riesz, mass; ///< N x N, row by row
};

DenseAxis dense_axis(const RieszAxisTerms& axis) {
  const long n = axis.size();
  DenseAxis dense{std::vector<double>(static_cast<std::size_t>(n * n), 0.0),
                  dense_rows(axis.mass_terms(), 0, n)};
  if (axis.factor > 0.0) dense.riesz = dense_rows(axis.operator_terms(), 0, n);
  return dense;
}

/// Row @p row of the operator without D, and of the mass matrix.
struct DenseRow {
  std::vector<double> riesz, mass;
};

DenseRow dense_row(const RieszTerms& terms, const std::vector<DenseAxis>& axes, long row) {
  DenseRow result{{0.0}, {1.0}};
  for (std::size_t d = 0; d < axes.size(); ++d) {
    const long n = terms.axes[d]->size();
    const double* a = axes[d].riesz.data() + row % n * n;
    const double* m = axes[d].mass.data() + row % n * n;
    row /= n;
    DenseRow next;
    for (long j = 0; j < n; ++j)
      for (std::size_t k = 0; k < result.mass.size(); ++k) {
        next.riesz.push_back(m[j] * result.riesz[k] + a[j] * result.mass[k]);
        next.mass.push_back(m[j] * result.mass[k]);
      }
    result = std::move(next);
  }
  return result;
}

void fill_dense(Mat A, Mat dense) {
  const RieszMatrix& m = riesz_matrix(A);
  std::vector<DenseAxis> axes;
  for (const auto& axis : m.terms->axes) axes.push_back(dense_axis(*axis));
  std::vector<PetscInt> columns(static_cast<std::size_t>(A->cmap->N));
  for (PetscInt j = 0; j < A->cmap->N; ++j) columns[static_cast<std::size_t>(j)] = j;
  std::optional<io::VecReadArray> field;
  if (m.has_field()) field.emplace(m.coefficient);
  for (PetscInt i = A->rmap->rstart; i < A->rmap->rend; ++i) {
    DenseRow row = dense_row(*m.terms, axes, i);
    const double scale = field ? field->data()[i - A->rmap->rstart] : 1.0;
    for (std::size_t j = 0; j < columns.size(); ++j)
      row.riesz[j] = scale * row.riesz[j] + m.options.reaction * row.mass[j];
    LINNET_CHECK(
        MatSetValues(dense, 1, &i, A->cmap->N, columns.data(), row.riesz.data(), INSERT_VALUES));
  }
}

} // namespace

// For small matrices: N^2 numbers.
PetscErrorCode MatConvert_Riesz_Dense(Mat A, MatType, MatReuse reuse, Mat* B) {
  PetscFunctionBegin;
  const PetscInt n = A->rmap->N;
  Mat dense = reuse == MAT_REUSE_MATRIX ? *B : nullptr;
  if (!dense)
    PetscCall(MatCreateDense(PetscObjectComm(reinterpret_cast<PetscObject>(A)), A->rmap->n,
                             A->cmap->n, n, n, nullptr, &dense));
  LINNET_PETSC_GUARD(fill_dense(A, dense));
  PetscCall(MatAssemblyBegin(dense, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(dense, MAT_FINAL_ASSEMBLY));
  if (reuse == MAT_INPLACE_MATRIX)
    PetscCall(MatHeaderReplace(A, &dense));
  else
    *B = dense;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::fractional
