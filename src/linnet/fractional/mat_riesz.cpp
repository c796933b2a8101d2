// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/mat_riesz.hpp>

#include <linnet/core/log.hpp>
#include <linnet/fractional/riesz_terms.hpp>
#include <linnet/io/vec_array.hpp>

#include <petsc/private/matimpl.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

namespace linnet::fractional {

namespace {

struct RieszMatrix {
  RieszOptions options;
  std::optional<RieszTerms> terms;
  std::optional<BorderedToeplitz> product;
};

RieszMatrix& matrix(Mat A) { return *static_cast<RieszMatrix*>(A->data); }

MPI_Comm comm_of(Mat A) { return PetscObjectComm(reinterpret_cast<PetscObject>(A)); }

PetscErrorCode require_riesz(Mat A) {
  PetscFunctionBegin;
  PetscBool is_riesz;
  PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(A), MATRIESZ, &is_riesz));
  PetscCheck(is_riesz, comm_of(A), PETSC_ERR_ARG_WRONG, "this needs a matrix of type riesz, not %s",
             reinterpret_cast<PetscObject>(A)->type_name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_from_options(Mat A, core::OptionItems PetscOptionsObject) {
  PetscFunctionBegin;
  RieszOptions o = matrix(A).options;
  PetscBool given[6] = {};
  PetscOptionsHeadBegin(PetscOptionsObject, "Riesz options");
  PetscCall(PetscOptionsInt("-mat_riesz_n", "knot spans", "MatRieszSetOptions", o.spans, &o.spans,
                            &given[0]));
  PetscCall(PetscOptionsInt("-mat_riesz_degree", "degree of the splines, 2 to 15",
                            "MatRieszSetOptions", o.degree, &o.degree, &given[1]));
  PetscCall(PetscOptionsReal("-mat_riesz_alpha", "order of the operator, between 1 and 2",
                             "MatRieszSetOptions", o.alpha, &o.alpha, &given[2]));
  PetscCall(PetscOptionsReal("-mat_riesz_length", "of the interval", "MatRieszSetOptions", o.length,
                             &o.length, &given[3]));
  PetscCall(PetscOptionsReal("-mat_riesz_coefficient", "in front of the operator",
                             "MatRieszSetOptions", o.coefficient, &o.coefficient, &given[4]));
  PetscCall(PetscOptionsReal("-mat_riesz_reaction", "in front of the mass matrix",
                             "MatRieszSetOptions", o.reaction, &o.reaction, &given[5]));
  PetscOptionsHeadEnd();
  if (std::find(std::begin(given), std::end(given), PETSC_TRUE) != std::end(given))
    PetscCall(MatRieszSetOptions(A, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_up(Mat A) {
  PetscFunctionBegin;
  RieszMatrix& m = matrix(A);
  LINNET_PETSC_GUARD({
    m.terms.emplace(m.options);
    const auto unknowns = static_cast<PetscInt>(m.terms->basis.unknowns());
    for (PetscLayout layout : {A->rmap, A->cmap}) {
      if (layout->N < 0 && layout->n < 0) LINNET_CHECK(PetscLayoutSetSize(layout, unknowns));
      LINNET_CHECK(PetscLayoutSetUp(layout));
      if (layout->N != unknowns)
        core::throw_usage("a riesz matrix of degree " + std::to_string(m.options.degree) +
                          " with " + std::to_string(m.options.spans) + " knot spans has " +
                          std::to_string(unknowns) + " rows and columns, not " +
                          std::to_string(layout->N));
    }
    PetscBool alike;
    LINNET_CHECK(PetscLayoutCompare(A->rmap, A->cmap, &alike));
    if (!alike) core::throw_usage("rows and columns of a riesz matrix must be distributed alike");
    m.product.emplace(comm_of(A), A->rmap->rstart, A->rmap->rend, m.terms->terms);
  });
  A->preallocated = A->assembled = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode multiply(Mat A, Vec x, Vec y, bool transposed) {
  PetscFunctionBegin;
  PetscCall(PetscLogEventBegin(core::events().riesz_mult, A, x, y, nullptr));
  LINNET_PETSC_GUARD({
    const io::VecReadArray from(x);
    const io::VecWriteArray to(y);
    matrix(A).product->multiply(from.data(), to.data(), transposed);
  });
  PetscCall(PetscLogEventEnd(core::events().riesz_mult, A, x, y, nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode mult(Mat A, Vec x, Vec y) { return multiply(A, x, y, false); }
PetscErrorCode mult_transpose(Mat A, Vec x, Vec y) { return multiply(A, x, y, true); }

PetscErrorCode get_diagonal(Mat A, Vec d) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD({
    const auto values = matrix(A).product->diagonal();
    const io::VecWriteArray to(d);
    std::copy(values.begin(), values.end(), to.data());
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode view(Mat A, PetscViewer viewer) {
  PetscFunctionBegin;
  PetscBool ascii;
  PetscViewerFormat format;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (!ascii) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscViewerGetFormat(viewer, &format));
  const RieszOptions& o = matrix(A).options;
  PetscCall(PetscViewerASCIIPrintf(viewer,
                                   "  %g (-Laplace)^(%g/2) + %g on an interval of length %g\n",
                                   o.coefficient, o.alpha, o.reaction, o.length));
  PetscCall(PetscViewerASCIIPrintf(
      viewer, "  B-splines of degree %" PetscInt_FMT " on %" PetscInt_FMT " knot spans\n", o.degree,
      o.spans));
  if (matrix(A).product && format == PETSC_VIEWER_ASCII_INFO_DETAIL) {
    double bytes = matrix(A).product->memory();
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &bytes, 1, MPI_DOUBLE, MPI_SUM, comm_of(A)));
    PetscCall(PetscViewerASCIIPrintf(viewer, "  memory: %.1f MB over all ranks\n", bytes / 1e6));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode destroy(Mat A) {
  PetscFunctionBegin;
  delete static_cast<RieszMatrix*>(A->data);
  A->data = nullptr;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(A), "MatConvert_riesz_dense_C",
                                       nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode duplicate(Mat A, MatDuplicateOption, Mat* B) {
  PetscFunctionBegin;
  const RieszOptions& o = matrix(A).options;
  PetscCall(MatRieszCreateSimilar(A, o.coefficient, o.reaction, B));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode assembly_end(Mat A, MatAssemblyType) {
  PetscFunctionBegin;
  if (!matrix(A).product) PetscCall(MatSetUp(A));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// For small matrices: N^2 numbers.
PetscErrorCode convert_to_dense(Mat A, MatType, MatReuse reuse, Mat* B) {
  PetscFunctionBegin;
  const PetscInt n = A->rmap->N, begin = A->rmap->rstart, end = A->rmap->rend;
  Mat dense = reuse == MAT_REUSE_MATRIX ? *B : nullptr;
  if (!dense) PetscCall(MatCreateDense(comm_of(A), A->rmap->n, A->cmap->n, n, n, nullptr, &dense));
  LINNET_PETSC_GUARD({
    const auto rows = dense_rows(matrix(A).terms->terms, begin, end);
    std::vector<PetscInt> columns(static_cast<std::size_t>(n));
    for (PetscInt j = 0; j < n; ++j) columns[static_cast<std::size_t>(j)] = j;
    for (PetscInt i = begin; i < end; ++i)
      LINNET_CHECK(MatSetValues(dense, 1, &i, n, columns.data(),
                                rows.data() + static_cast<std::ptrdiff_t>(i - begin) * n,
                                INSERT_VALUES));
  });
  PetscCall(MatAssemblyBegin(dense, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(dense, MAT_FINAL_ASSEMBLY));
  if (reuse == MAT_INPLACE_MATRIX)
    PetscCall(MatHeaderReplace(A, &dense));
  else
    *B = dense;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode MatRieszSetOptions(Mat A, const RieszOptions& options) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  PetscCheck(!matrix(A).product, comm_of(A), PETSC_ERR_ORDER,
             "the options of a riesz matrix must be set before it is set up");
  matrix(A).options = options;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszGetOptions(Mat A, RieszOptions* options) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  *options = matrix(A).options;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszGetTerms(Mat A, const RieszTerms** terms) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  PetscCheck(matrix(A).product, comm_of(A), PETSC_ERR_ARG_WRONGSTATE,
             "the riesz matrix has not been set up");
  *terms = &*matrix(A).terms;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszCreateSimilar(Mat A, PetscReal coefficient, PetscReal reaction, Mat* B) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  RieszOptions o = matrix(A).options;
  o.coefficient = coefficient;
  o.reaction = reaction;
  PetscCall(MatCreate(comm_of(A), B));
  PetscCall(MatSetSizes(*B, A->rmap->n, A->cmap->n, A->rmap->N, A->cmap->N));
  PetscCall(MatSetType(*B, MATRIESZ));
  PetscCall(MatSetVecType(*B, A->defaultvectype));
  PetscCall(MatRieszSetOptions(*B, o));
  PetscCall(MatSetUp(*B));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszGetPoints(Mat A, Vec points) {
  PetscFunctionBegin;
  const RieszTerms* terms;
  PetscCall(MatRieszGetTerms(A, &terms));
  const double scale = matrix(A).options.length / static_cast<double>(terms->basis.spans());
  LINNET_PETSC_GUARD({
    const io::VecWriteArray to(points);
    for (PetscInt i = A->rmap->rstart; i < A->rmap->rend; ++i)
      to.data()[i - A->rmap->rstart] = scale * terms->basis.greville(i);
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszEvaluate(Mat A, Vec coefficients, PetscInt count, const PetscReal x[],
                                PetscReal values[]) {
  PetscFunctionBegin;
  const RieszTerms* terms;
  PetscCall(MatRieszGetTerms(A, &terms));
  const double scale = static_cast<double>(terms->basis.spans()) / matrix(A).options.length;
  Vec all = nullptr;
  VecScatter scatter = nullptr;
  PetscCall(VecScatterCreateToAll(coefficients, &scatter, &all));
  PetscCall(VecScatterBegin(scatter, coefficients, all, INSERT_VALUES, SCATTER_FORWARD));
  PetscCall(VecScatterEnd(scatter, coefficients, all, INSERT_VALUES, SCATTER_FORWARD));
  LINNET_PETSC_GUARD({
    const io::VecReadArray c(all);
    const long n = terms->basis.unknowns();
    for (PetscInt q = 0; q < count; ++q) {
      double sum = 0.0;
      values[q] = 0.0; // outside
      if (!(x[q] >= 0.0 && x[q] <= matrix(A).options.length)) continue;
      const SplineBasis::Values v = terms->basis.values(scale * x[q]);
      for (int k = 0; k < v.count; ++k)
        if (v.first + k >= 0 && v.first + k < n)
          sum += v.value[static_cast<std::size_t>(k)] * c.data()[v.first + k];
      values[q] = sum;
    }
  });
  PetscCall(VecScatterDestroy(&scatter));
  PetscCall(VecDestroy(&all));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatCreate_Riesz(Mat A) {
  PetscFunctionBegin;
  A->data = new RieszMatrix;
  A->ops->setup = set_up;
  A->ops->setfromoptions = set_from_options;
  A->ops->mult = mult;
  A->ops->multtranspose = mult_transpose;
  A->ops->getdiagonal = get_diagonal;
  A->ops->view = view;
  A->ops->destroy = destroy;
  A->ops->duplicate = duplicate;
  A->ops->assemblyend = assembly_end;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(A), "MatConvert_riesz_dense_C",
                                       convert_to_dense));
  PetscCall(PetscObjectChangeTypeName(reinterpret_cast<PetscObject>(A), MATRIESZ));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::fractional
