// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/mat_riesz.hpp>

#include <linnet/core/log.hpp>
#include <linnet/core/owned.hpp>
#include <linnet/fractional/bordered_toeplitz.hpp>
#include <linnet/fractional/kronecker_sum.hpp>
#include <linnet/io/vec_array.hpp>

#include <petsc/private/matimpl.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace linnet::fractional {

namespace {

struct RieszMatrix {
  RieszOptions options;
  std::optional<RieszTerms> terms;
  std::unique_ptr<RieszProduct> product; ///< all of it; with a variable coefficient without D and
                                         ///< without the reaction
  std::unique_ptr<RieszProduct> mass;    ///< reaction * mass, with a variable coefficient
  Vec coefficient = nullptr;             ///< D
  Vec work = nullptr;                    ///< with D
  Vec image = nullptr;                   ///< of sums y + A x
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

/// A list with one entry for all directions or one for each.
template <class T>
void set_each(const char* name, const std::vector<T>& given, RieszOptions& o, T RieszAxis::*field) {
  const auto dim = static_cast<std::size_t>(o.dim);
  if (given.size() != 1 && given.size() != dim)
    core::throw_usage(std::string(name) + ": must have 1 or " + std::to_string(dim) +
                      " entries, got " + std::to_string(given.size()));
  for (std::size_t d = 0; d < dim; ++d) o.axis[d].*field = given[given.size() == 1 ? 0 : d];
}

const char* const fft_names[] = {"auto", "replicated", "distributed", "RieszFft", "", nullptr};

constexpr PetscInt most_entries = 8; // one more than a list may have is seen, and refused

PetscErrorCode integers_option(core::OptionItems PetscOptionsObject, const char* name,
                               const char* text, RieszOptions& o, PetscInt RieszAxis::*field,
                               bool* any) {
  PetscFunctionBegin;
  PetscInt values[most_entries] = {o.axis[0].*field}, count = most_entries;
  PetscBool given = PETSC_FALSE;
  PetscCall(PetscOptionsIntArray(name, text, "MatRieszSetOptions", values, &count, &given));
  if (given)
    LINNET_PETSC_GUARD(set_each(name, std::vector<PetscInt>(values, values + count), o, field));
  *any = *any || given;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode reals_option(core::OptionItems PetscOptionsObject, const char* name,
                            const char* text, RieszOptions& o, PetscReal RieszAxis::*field,
                            bool* any) {
  PetscFunctionBegin;
  PetscReal values[most_entries] = {o.axis[0].*field};
  PetscInt count = most_entries;
  PetscBool given = PETSC_FALSE;
  PetscCall(PetscOptionsRealArray(name, text, "MatRieszSetOptions", values, &count, &given));
  if (given)
    LINNET_PETSC_GUARD(set_each(name, std::vector<PetscReal>(values, values + count), o, field));
  *any = *any || given;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_from_options(Mat A, core::OptionItems PetscOptionsObject) {
  PetscFunctionBegin;
  RieszOptions o = matrix(A).options;
  PetscBool dim = PETSC_FALSE, reaction = PETSC_FALSE, fft = PETSC_FALSE;
  bool any = false;
  PetscOptionsHeadBegin(PetscOptionsObject, "Riesz options");
  PetscCall(PetscOptionsInt("-mat_riesz_dim", "directions, 1 to 3", "MatRieszSetOptions", o.dim,
                            &o.dim, &dim));
  PetscCheck(o.dim >= 1 && o.dim <= 3, comm_of(A), PETSC_ERR_USER_INPUT,
             "-mat_riesz_dim: must be 1, 2 or 3, got %" PetscInt_FMT, o.dim);
  PetscCall(integers_option(PetscOptionsObject, "-mat_riesz_n", "knot spans", o, &RieszAxis::spans,
                            &any));
  PetscCall(integers_option(PetscOptionsObject, "-mat_riesz_degree",
                            "degree of the splines, 2 to 15", o, &RieszAxis::degree, &any));
  PetscCall(reals_option(PetscOptionsObject, "-mat_riesz_alpha",
                         "order of the operator, between 1 and 2", o, &RieszAxis::alpha, &any));
  PetscCall(reals_option(PetscOptionsObject, "-mat_riesz_length", "of the interval", o,
                         &RieszAxis::length, &any));
  PetscCall(reals_option(PetscOptionsObject, "-mat_riesz_coefficient", "in front of the operator",
                         o, &RieszAxis::coefficient, &any));
  PetscCall(PetscOptionsReal("-mat_riesz_reaction", "in front of the mass matrix",
                             "MatRieszSetOptions", o.reaction, &o.reaction, &reaction));
  PetscCall(PetscOptionsEnum("-mat_riesz_fft", "how transforms are spread over the ranks",
                             "MatRieszSetOptions", fft_names, static_cast<PetscEnum>(o.fft),
                             reinterpret_cast<PetscEnum*>(&o.fft), &fft));
  PetscOptionsHeadEnd();
  if (any || dim || reaction || fft) PetscCall(MatRieszSetOptions(A, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

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
  const RieszTerms& terms = *matrix(A).terms;
  if (terms.dim() == 1)
    return std::make_unique<BorderedToeplitz>(line_share(A), terms.sum(with_operator, reaction));
  return std::make_unique<KroneckerSum>(slab_layout(A, terms), terms, with_operator, reaction);
}

void make_products(Mat A) {
  RieszMatrix& m = matrix(A);
  const bool variable = m.coefficient && m.terms->has_operator;
  m.product = make_product(A, m.terms->has_operator, variable ? 0.0 : m.options.reaction);
  m.mass.reset();
  if (variable && m.options.reaction > 0.0) m.mass = make_product(A, false, m.options.reaction);
}

PetscErrorCode set_up(Mat A) {
  PetscFunctionBegin;
  RieszMatrix& m = matrix(A);
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
    const io::VecReadArray from(x);
    const io::VecWriteArray to(y);
    product.multiply(from.data(), to.data(), transposed);
  });
  PetscCall(PetscLogEventEnd(core::events().riesz_mult, A, x, y, nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

bool has_field(const RieszMatrix& m) { return m.coefficient && m.terms->has_operator; }

PetscErrorCode add_mass(Mat A, Vec x, Vec y, bool transposed) {
  PetscFunctionBegin;
  RieszMatrix& m = matrix(A);
  if (!m.mass) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(product_of(A, *m.mass, x, m.work, transposed));
  PetscCall(VecAXPY(y, 1.0, m.work));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode mult(Mat A, Vec x, Vec y) {
  PetscFunctionBegin;
  RieszMatrix& m = matrix(A);
  PetscCall(product_of(A, *m.product, x, y, false));
  if (!has_field(m)) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(VecPointwiseMult(y, y, m.coefficient));
  PetscCall(add_mass(A, x, y, false));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode mult_transpose(Mat A, Vec x, Vec y) {
  PetscFunctionBegin;
  RieszMatrix& m = matrix(A);
  Vec scaled = x;
  if (has_field(m)) {
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
  RieszMatrix& m = matrix(A);
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
  RieszMatrix& m = matrix(A);
  PetscCall(copy_diagonal(*m.product, d));
  if (!has_field(m)) PetscFunctionReturn(PETSC_SUCCESS);
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
  const RieszOptions& o = matrix(A).options;
  for (PetscInt d = 0; d < o.dim; ++d) {
    const RieszAxis& axis = o.axis[static_cast<std::size_t>(d)];
    PetscCall(PetscViewerASCIIPrintf(
        viewer,
        "  %c: %s%g (-d2/d%c2)^(%g/2) on a length of %g, B-splines of degree %" PetscInt_FMT
        " on %" PetscInt_FMT " knot spans\n",
        "xyz"[d], matrix(A).coefficient ? "variable coefficient times " : "", axis.coefficient,
        "xyz"[d], axis.alpha, axis.length, axis.degree, axis.spans));
  }
  PetscCall(PetscViewerASCIIPrintf(viewer, "  reaction %g\n", o.reaction));
  if (matrix(A).product && format == PETSC_VIEWER_ASCII_INFO_DETAIL) {
    double bytes = matrix(A).product->memory();
    if (matrix(A).mass) bytes += matrix(A).mass->memory();
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &bytes, 1, MPI_DOUBLE, MPI_SUM, comm_of(A)));
    PetscCall(PetscViewerASCIIPrintf(viewer, "  memory: %.1f MB over all ranks\n", bytes / 1e6));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode destroy(Mat A) {
  PetscFunctionBegin;
  PetscCall(VecDestroy(&matrix(A).coefficient));
  PetscCall(VecDestroy(&matrix(A).work));
  PetscCall(VecDestroy(&matrix(A).image));
  delete static_cast<RieszMatrix*>(A->data);
  A->data = nullptr;
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(A), "MatConvert_riesz_dense_C",
                                       nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode duplicate(Mat A, MatDuplicateOption, Mat* B) {
  PetscFunctionBegin;
  PetscCall(MatRieszCreateSimilar(A, 1.0, matrix(A).options.reaction, B));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode assembly_end(Mat A, MatAssemblyType) {
  PetscFunctionBegin;
  if (!matrix(A).product) PetscCall(MatSetUp(A));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// The rows begin .. end-1 of a matrix of one direction, or all of them.
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
  const RieszMatrix& m = matrix(A);
  std::vector<DenseAxis> axes;
  for (const auto& axis : m.terms->axes) axes.push_back(dense_axis(*axis));
  std::vector<PetscInt> columns(static_cast<std::size_t>(A->cmap->N));
  for (PetscInt j = 0; j < A->cmap->N; ++j) columns[static_cast<std::size_t>(j)] = j;
  std::optional<io::VecReadArray> field;
  if (has_field(m)) field.emplace(m.coefficient);
  for (PetscInt i = A->rmap->rstart; i < A->rmap->rend; ++i) {
    DenseRow row = dense_row(*m.terms, axes, i);
    const double scale = field ? field->data()[i - A->rmap->rstart] : 1.0;
    for (std::size_t j = 0; j < columns.size(); ++j)
      row.riesz[j] = scale * row.riesz[j] + m.options.reaction * row.mass[j];
    LINNET_CHECK(
        MatSetValues(dense, 1, &i, A->cmap->N, columns.data(), row.riesz.data(), INSERT_VALUES));
  }
}

/// For small matrices: N^2 numbers.
PetscErrorCode convert_to_dense(Mat A, MatType, MatReuse reuse, Mat* B) {
  PetscFunctionBegin;
  const PetscInt n = A->rmap->N;
  Mat dense = reuse == MAT_REUSE_MATRIX ? *B : nullptr;
  if (!dense) PetscCall(MatCreateDense(comm_of(A), A->rmap->n, A->cmap->n, n, n, nullptr, &dense));
  LINNET_PETSC_GUARD(fill_dense(A, dense));
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

PetscErrorCode MatRieszSetCoefficientField(Mat A, Vec coefficient) {
  PetscFunctionBegin;
  PetscCall(require_riesz(A));
  RieszMatrix& m = matrix(A);
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
  *coefficient = matrix(A).coefficient;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszSetReaction(Mat A, PetscReal reaction) {
  PetscFunctionBegin;
  const RieszTerms* terms;
  PetscCall(MatRieszGetTerms(A, &terms));
  RieszMatrix& m = matrix(A);
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
  RieszOptions o = matrix(A).options;
  for (RieszAxis& axis : o.axis) axis.coefficient *= factor;
  o.reaction = reaction;
  PetscCall(MatCreate(comm_of(A), B));
  PetscCall(MatSetSizes(*B, A->rmap->n, A->cmap->n, A->rmap->N, A->cmap->N));
  PetscCall(MatSetType(*B, MATRIESZ));
  PetscCall(MatSetVecType(*B, A->defaultvectype));
  PetscCall(MatRieszSetOptions(*B, o));
  if (matrix(A).coefficient) PetscCall(MatRieszSetCoefficientField(*B, matrix(A).coefficient));
  PetscCall(MatSetUp(*B));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatRieszGetPoints(Mat A, PetscInt direction, Vec points) {
  PetscFunctionBegin;
  const RieszTerms* terms;
  PetscCall(MatRieszGetTerms(A, &terms));
  PetscCheck(direction >= 0 && direction < terms->dim(), comm_of(A), PETSC_ERR_ARG_OUTOFRANGE,
             "the matrix has %d directions, not one of number %" PetscInt_FMT, terms->dim(),
             direction);
  const auto axis = static_cast<std::size_t>(direction);
  const SplineBasis& basis = terms->axes[axis]->basis;
  const double scale = matrix(A).options.axis[axis].length / static_cast<double>(basis.spans());
  long stride = 1;
  for (std::size_t d = 0; d < axis; ++d) stride *= terms->axes[d]->size();
  LINNET_PETSC_GUARD({
    const io::VecWriteArray to(points);
    for (PetscInt i = A->rmap->rstart; i < A->rmap->rend; ++i)
      to.data()[i - A->rmap->rstart] = scale * basis.greville(i / stride % basis.unknowns());
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

namespace {

/// The sum over the B-splines that are not zero at a point.
class Evaluator {
public:
  Evaluator(const RieszTerms& terms, const RieszOptions& options, const double* coefficients)
      : terms_(terms), options_(options), coefficients_(coefficients) {}

  double operator()(const PetscReal* x) const {
    std::array<SplineBasis::Values, 3> values;
    for (std::size_t d = 0; d < terms_.axes.size(); ++d) {
      const RieszAxis& axis = options_.axis[d];
      if (!(x[d] >= 0.0 && x[d] <= axis.length)) return 0.0; // outside
      values[d] =
          terms_.axes[d]->basis.values(x[d] * static_cast<double>(axis.spans) / axis.length);
    }
    return sum(values, terms_.axes.size(), 0);
  }

private:
  // Over the B-splines of the directions below @p directions; @p start: of those above.
  double sum(const std::array<SplineBasis::Values, 3>& values, std::size_t directions,
             long start) const {
    if (directions == 0) return coefficients_[start];
    const SplineBasis::Values& v = values[directions - 1];
    const long size = terms_.axes[directions - 1]->size();
    double total = 0.0;
    for (int k = 0; k < v.count; ++k)
      if (v.first + k >= 0 && v.first + k < size)
        total += v.value[static_cast<std::size_t>(k)] *
                 sum(values, directions - 1, start * size + v.first + k);
    return total;
  }

  const RieszTerms& terms_;
  const RieszOptions& options_;
  const double* coefficients_;
};

} // namespace

PetscErrorCode MatRieszEvaluate(Mat A, Vec coefficients, PetscInt count, const PetscReal x[],
                                PetscReal values[]) {
  PetscFunctionBegin;
  const RieszTerms* terms;
  PetscCall(MatRieszGetTerms(A, &terms));
  Vec whole = nullptr;
  VecScatter scatter = nullptr;
  PetscCall(VecScatterCreateToAll(coefficients, &scatter, &whole));
  const core::Owned<Vec> all(whole);
  PetscCall(VecScatterBegin(scatter, coefficients, whole, INSERT_VALUES, SCATTER_FORWARD));
  PetscCall(VecScatterEnd(scatter, coefficients, whole, INSERT_VALUES, SCATTER_FORWARD));
  PetscCall(VecScatterDestroy(&scatter));
  LINNET_PETSC_GUARD({
    const io::VecReadArray c(whole);
    const Evaluator evaluate(*terms, matrix(A).options, c.data());
    for (PetscInt q = 0; q < count; ++q)
      values[q] = evaluate(x + q * static_cast<PetscInt>(terms->dim()));
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatCreate_Riesz(Mat A) {
  PetscFunctionBegin;
  A->data = new RieszMatrix;
  A->ops->setup = set_up;
  A->ops->setfromoptions = set_from_options;
  A->ops->mult = mult;
  A->ops->multtranspose = mult_transpose;
  A->ops->multadd = mult_add;
  A->ops->multtransposeadd = mult_transpose_add;
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
