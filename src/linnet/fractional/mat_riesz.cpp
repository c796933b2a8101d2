// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/mat_riesz.hpp>

#include <linnet/core/log.hpp>
#include <linnet/fractional/bordered_toeplitz.hpp>
#include <linnet/fractional/kronecker_sum.hpp>
#include <linnet/fractional/riesz_matrix.hpp>
#include <linnet/grid/kernel_values.hpp>
#include <linnet/io/vec_array.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace linnet::fractional {

namespace {

MPI_Comm comm_of(Mat A) { return PetscObjectComm(reinterpret_cast<PetscObject>(A)); }

/// Sizes of the layouts that are open: whole planes.
void set_layouts(Mat A, const RieszTerms& terms) {
  const auto plane = static_cast<PetscInt>(terms.plane_size());
  const auto unknowns = static_cast<PetscInt>(terms.unknowns());
  PetscInt local = PETSC_DECIDE, planes = unknowns / plane;
  LINNET_CHECK(PetscSplitOwnership(comm_of(A), &local, &planes));
  for (PetscLayout layout : {A->rmap, A->cmap}) {
    if (layout->N < 0 && layout->n < 0) LINNET_CHECK(PetscLayoutSetSize(layout, unknowns));
    if (layout->n < 0) LINNET_CHECK(PetscLayoutSetLocalSize(layout, local * plane));
    LINNET_CHECK(PetscLayoutSetUp(layout));
    if (layout->N != unknowns)
      core::throw_usage("this riesz matrix has " + std::to_string(unknowns) +
                        " rows and columns (the product of n + degree - 2 over the directions), "
                        "not " +
                        std::to_string(layout->N));
  }
  PetscBool alike;
  LINNET_CHECK(PetscLayoutCompare(A->rmap, A->cmap, &alike));
  if (!alike) core::throw_usage("rows and columns of a riesz matrix must be distributed alike");
  int whole = A->rmap->rstart % plane == 0 ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &whole, 1, MPI_INT, MPI_MIN, comm_of(A));
  if (whole == 0)
    core::throw_usage("each rank must have whole planes of a riesz matrix, multiples of " +
                      std::to_string(plane) + " rows; leave the local sizes to PETSc");
}

/// @p with_operator and @p reaction say what of the terms.
std::unique_ptr<RieszProduct> make_product(Mat A, bool with_operator, double reaction) {
  const RieszTerms& terms = *riesz_matrix(A).terms;
  if (terms.dim() == 1)
    return std::make_unique<BorderedToeplitz>(line_share(A), terms.sum(with_operator, reaction));
  return std::make_unique<KroneckerSum>(slab_layout(A, terms), terms, with_operator, reaction);
}

void make_products(Mat A) {
  RieszMatrix& m = riesz_matrix(A);
  const bool variable = m.has_field();
  m.product = make_product(A, m.terms->has_operator, variable ? 0.0 : m.options.reaction);
  m.mass.reset();
  if (variable && m.options.reaction > 0.0) m.mass = make_product(A, false, m.options.reaction);
}

PetscErrorCode set_up(Mat A) {
  PetscFunctionBegin;
  RieszMatrix& m = riesz_matrix(A);
  LINNET_PETSC_GUARD({
    m.terms.emplace(m.options);
    set_layouts(A, *m.terms);
    make_products(A);
  });
  A->preallocated = A->assembled = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode product_of(Mat A, RieszProduct& product, Vec x, Vec y, bool transposed) {
  PetscFunctionBegin;
  PetscCall(PetscLogEventBegin(core::events().riesz_mult, A, x, y, nullptr));
  LINNET_PETSC_GUARD({
    grid::KernelValues from(x, grid::Access::read), to(y, grid::Access::write);
    product.multiply(from.data(), to.data(), transposed);
    to.restore();
    from.restore();
  });
  PetscCall(PetscLogEventEnd(core::events().riesz_mult, A, x, y, nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode add_mass(Mat A, Vec x, Vec y, bool transposed) {
  PetscFunctionBegin;
  RieszMatrix& m = riesz_matrix(A);
  if (!m.mass) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(product_of(A, *m.mass, x, m.work, transposed));
  PetscCall(VecAXPY(y, 1.0, m.work));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode mult(Mat A, Vec x, Vec y) {
  PetscFunctionBegin;
  RieszMatrix& m = riesz_matrix(A);
  PetscCall(product_of(A, *m.product, x, y, false));
  if (!m.has_field()) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(VecPointwiseMult(y, y, m.coefficient));
  PetscCall(add_mass(A, x, y, false));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode mult_transpose(Mat A, Vec x, Vec y) {
  PetscFunctionBegin;
  RieszMatrix& m = riesz_matrix(A);
  Vec scaled = x;
  if (m.has_field()) {
    PetscCall(VecPointwiseMult(m.work, x, m.coefficient));
    scaled = m.work;
  }
  PetscCall(product_of(A, *m.product, scaled, y, true));
  PetscCall(add_mass(A, x, y, true));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// z = y + A x, or y + A^T x; z may be y.
PetscErrorCode add(Mat A, PetscErrorCode (*product)(Mat, Vec, Vec), Vec x, Vec y, Vec z) {
  PetscFunctionBegin;
  RieszMatrix& m = riesz_matrix(A);
  if (!m.image) PetscCall(VecDuplicate(y, &m.image));
  PetscCall(product(A, x, m.image));
  if (z == y)
    PetscCall(VecAXPY(z, 1.0, m.image));
  else
    PetscCall(VecWAXPY(z, 1.0, m.image, y));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode mult_add(Mat A, Vec x, Vec y, Vec z) { return add(A, mult, x, y, z); }
PetscErrorCode mult_transpose_add(Mat A, Vec x, Vec y, Vec z) {
  return add(A, mult_transpose, x, y, z);
}

PetscErrorCode copy_diagonal(const RieszProduct& product, Vec d) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD({
    const auto values = product.diagonal();
    const io::VecWriteArray to(d);
    std::copy(values.begin(), values.end(), to.data());
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode get_diagonal(Mat A, Vec d) {
  PetscFunctionBegin;
  RieszMatrix& m = riesz_matrix(A);
  PetscCall(copy_diagonal(*m.product, d));
  if (!m.has_field()) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(VecPointwiseMult(d, d, m.coefficient));
  if (!m.mass) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(copy_diagonal(*m.mass, m.work));
  PetscCall(VecAXPY(d, 1.0, m.work));
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
  const RieszOptions& o = riesz_matrix(A).options;
  for (PetscInt d = 0; d < o.dim; ++d) {
    const RieszAxis& axis = o.axis[static_cast<std::size_t>(d)];
    PetscCall(PetscViewerASCIIPrintf(
        viewer,
        "  %c: %s%g (-d2/d%c2)^(%g/2) on a length of %g, B-splines of degree %" PetscInt_FMT
        " on %" PetscInt_FMT " knot spans\n",
        "xyz"[d], riesz_matrix(A).coefficient ? "variable coefficient times " : "",
        axis.coefficient, "xyz"[d], axis.alpha, axis.length, axis.degree, axis.spans));
  }
  PetscCall(PetscViewerASCIIPrintf(viewer, "  reaction %g\n", o.reaction));
  if (riesz_matrix(A).product && format == PETSC_VIEWER_ASCII_INFO_DETAIL) {
    double bytes = riesz_matrix(A).product->memory();
    if (riesz_matrix(A).mass) bytes += riesz_matrix(A).mass->memory();
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &bytes, 1, MPI_DOUBLE, MPI_SUM, comm_of(A)));
    PetscCall(PetscViewerASCIIPrintf(viewer, "  memory: %.1f MB over all ranks\n", bytes / 1e6));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

// PETSc calls it without asking whether it is there.
PetscErrorCode get_row(Mat A, PetscInt, PetscInt*, PetscInt**, PetscScalar**) {
  PetscFunctionBegin;
  SETERRQ(comm_of(A), PETSC_ERR_SUP,
          "a riesz matrix has no rows to give; MatConvert() a small one to dense, or take "
          "-pc_type tau");
}

PetscErrorCode destroy(Mat A) {
  PetscFunctionBegin;
  PetscCall(VecDestroy(&riesz_matrix(A).coefficient));
  PetscCall(VecDestroy(&riesz_matrix(A).work));
  PetscCall(VecDestroy(&riesz_matrix(A).image));
  delete static_cast<RieszMatrix*>(A->data);
  A->data = nullptr;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(A), "MatConvert_riesz_dense_C",
                                       nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode duplicate(Mat A, MatDuplicateOption, Mat* B) {
  PetscFunctionBegin;
  PetscCall(MatRieszCreateSimilar(A, 1.0, riesz_matrix(A).options.reaction, B));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode assembly_end(Mat A, MatAssemblyType) {
  PetscFunctionBegin;
  if (!riesz_matrix(A).product) PetscCall(MatSetUp(A));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode require_riesz(Mat A) {
  PetscFunctionBegin;
  PetscBool is_riesz;
  PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(A), MATRIESZ, &is_riesz));
  PetscCheck(is_riesz, comm_of(A), PETSC_ERR_ARG_WRONG, "this needs a matrix of type riesz, not %s",
             reinterpret_cast<PetscObject>(A)->type_name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszSetOptions(Mat A, const RieszOptions& options) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  PetscCheck(!riesz_matrix(A).product, comm_of(A), PETSC_ERR_ORDER,
             "the options of a riesz matrix must be set before it is set up");
  riesz_matrix(A).options = options;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszGetOptions(Mat A, RieszOptions* options) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  *options = riesz_matrix(A).options;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszGetTerms(Mat A, const RieszTerms** terms) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  PetscCheck(riesz_matrix(A).product, comm_of(A), PETSC_ERR_ARG_WRONGSTATE,
             "the riesz matrix has not been set up");
  *terms = &*riesz_matrix(A).terms;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszSetCoefficientField(Mat A, Vec coefficient) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  RieszMatrix& m = riesz_matrix(A);
  if (coefficient) {
    PetscReal least, most;
    PetscCall(VecMin(coefficient, nullptr, &least));
    PetscCall(VecNorm(coefficient, NORM_INFINITY, &most));
    PetscCheck(least > 0.0 && std::isfinite(most), comm_of(A), PETSC_ERR_ARG_OUTOFRANGE,
               "the coefficient of a riesz matrix must be positive and finite, got values from %g "
               "to %g",
               least, most);
  }
  PetscCall(VecDestroy(&m.coefficient));
  PetscCall(VecDestroy(&m.work));
  if (coefficient) {
    PetscCall(VecDuplicate(coefficient, &m.coefficient));
    PetscCall(VecCopy(coefficient, m.coefficient));
    PetscCall(VecDuplicate(coefficient, &m.work));
  }
  if (m.product) LINNET_PETSC_GUARD(make_products(A));
  PetscCall(PetscObjectStateIncrease(reinterpret_cast<PetscObject>(A)));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszGetCoefficientField(Mat A, Vec* coefficient) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  *coefficient = riesz_matrix(A).coefficient;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszSetReaction(Mat A, PetscReal reaction) {
  PetscFunctionBegin;
  const RieszTerms* terms = nullptr;
  PetscCall(MatRieszGetTerms(A, &terms));
  RieszMatrix& m = riesz_matrix(A);
  PetscCheck(reaction >= 0.0 && std::isfinite(reaction), comm_of(A), PETSC_ERR_ARG_OUTOFRANGE,
             "the reaction must not be negative, got %g", reaction);
  PetscCheck(reaction > 0.0 || terms->has_operator, comm_of(A), PETSC_ERR_ARG_OUTOFRANGE,
             "coefficient and reaction must not both be zero");
  if (reaction == m.options.reaction) PetscFunctionReturn(PETSC_SUCCESS);
  m.options.reaction = reaction;
  LINNET_PETSC_GUARD({
    m.product.reset(); // it refers to the terms
    m.mass.reset();
    m.terms.emplace(m.options);
    make_products(A);
  });
  PetscCall(PetscObjectStateIncrease(reinterpret_cast<PetscObject>(A)));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszCreateSimilar(Mat A, PetscReal factor, PetscReal reaction, Mat* B) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  RieszOptions o = riesz_matrix(A).options;
  for (RieszAxis& axis : o.axis) axis.coefficient *= factor;
  o.reaction = reaction;
  PetscCall(MatCreate(comm_of(A), B));
  PetscCall(MatSetSizes(*B, A->rmap->n, A->cmap->n, A->rmap->N, A->cmap->N));
  PetscCall(MatSetType(*B, MATRIESZ));
  PetscCall(MatSetVecType(*B, A->defaultvectype));
  PetscCall(MatRieszSetOptions(*B, o));
  if (riesz_matrix(A).coefficient)
    PetscCall(MatRieszSetCoefficientField(*B, riesz_matrix(A).coefficient));
  PetscCall(MatSetUp(*B));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszGetPoints(Mat A, PetscInt direction, Vec points) {
  PetscFunctionBegin;
  const RieszTerms* terms = nullptr;
  PetscCall(MatRieszGetTerms(A, &terms));
  PetscCheck(direction >= 0 && direction < terms->dim(), comm_of(A), PETSC_ERR_ARG_OUTOFRANGE,
             "the matrix has %d directions, not one of number %" PetscInt_FMT, terms->dim(),
             direction);
  const auto axis = static_cast<std::size_t>(direction);
  const SplineBasis& basis = terms->axes[axis]->basis;
  const double scale =
      riesz_matrix(A).options.axis[axis].length / static_cast<double>(basis.spans());
  long stride = 1;
  for (std::size_t d = 0; d < axis; ++d) stride *= terms->axes[d]->size();
  LINNET_PETSC_GUARD({
    const io::VecWriteArray to(points);
    for (PetscInt i = A->rmap->rstart; i < A->rmap->rend; ++i)
      to.data()[i - A->rmap->rstart] = scale * basis.greville(i / stride % basis.unknowns());
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatCreate_Riesz(Mat A) {
  PetscFunctionBegin;
  A->data = new RieszMatrix;
  A->ops->setup = set_up;
  A->ops->setfromoptions = MatSetFromOptions_Riesz;
  A->ops->mult = mult;
  A->ops->multtranspose = mult_transpose;
  A->ops->multadd = mult_add;
  A->ops->multtransposeadd = mult_transpose_add;
  A->ops->getdiagonal = get_diagonal;
  A->ops->getrow = get_row;
  A->ops->view = view;
  A->ops->destroy = destroy;
  A->ops->duplicate = duplicate;
  A->ops->assemblyend = assembly_end;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(A), "MatConvert_riesz_dense_C",
                                       MatConvert_Riesz_Dense));
  PetscCall(PetscObjectChangeTypeName(reinterpret_cast<PetscObject>(A), MATRIESZ));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::fractional
