// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Products, norms and changes of whole matrices for Mat "stencil".
#include <linnet/core/log.hpp>
#include <linnet/grid/mat_stencil_impl.hpp>
#include <linnet/kernels/box_copy.hpp>

#include <cmath>

namespace linnet::grid::stencil {

using core::Index3;
using kernels::Layout;
using kernels::Offset;
using kernels::Range;

namespace {

// ---- products
// ------------------------------------------------------------------------------------

/// Entries of the transpose: that of offset o at i is the one of -o at i+o, which a halo exchange
/// brings from other ranks.
const std::vector<Field<double>>& transposed_entries(Matrix& m) {
  if (!m.transposed.empty()) return m.transposed;
  m.halo->exchange(m.entries);
  const auto pattern = m.symmetric.pattern;
  const int n = kernels::entry_count(pattern);
  for (int e = 0; e < n; ++e) {
    const Offset o = kernels::full_offset(pattern, e);
    Field<double> t("linnet::grid::transposed", m.layout);
    const double* from = m.entries[static_cast<std::size_t>(n - 1 - e)].values.data();
    double* to = t.values.data();
    const Layout l = m.layout;
    const Range all = Range::box(l.n);
    kernels::detail::for_each_pair(
        "linnet::grid::transpose", l, all, all, KOKKOS_LAMBDA(std::ptrdiff_t at, std::ptrdiff_t) {
          to[at] = from[at + o.x + static_cast<std::ptrdiff_t>(o.y) * l.pitch_y +
                        static_cast<std::ptrdiff_t>(o.z) * l.pitch_z];
        });
    m.transposed.push_back(t);
  }
  return m.transposed;
}

/// y = A x, or y = z + factor A x; A transposed on request. z may be y.
PetscErrorCode apply(Mat A, Vec x, Vec z, double factor, bool transpose, Vec y) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  PetscCall(PetscLogEventBegin(core::events().stencil_mult, A, x, y, 0));
  LINNET_PETSC_GUARD({
    const Index3 n = m.box.extent();
    FieldView vx(x, n, Access::read);
    FieldView vy(y, n, z == y ? Access::read_write : Access::write);
    std::optional<FieldView> vz;
    if (z && z != y) vz.emplace(z, n, Access::read);
    const double* zdata =
        z == y && z ? vy.field().values.data() : (vz ? vz->field().values.data() : nullptr);
    if (!m.is_general)
      m.product->symmetric(m.symmetric.couplings, m.symmetric.row_sum, vx.field(), vy.field(),
                           zdata, factor);
    else
      m.product->general(transpose ? transposed_entries(m) : m.entries, vx.field(), vy.field(),
                         zdata, factor);
    vy.restore();
    vx.restore();
    if (vz) vz->restore();
  });
  const int n = kernels::entry_count(m.symmetric.pattern);
  const double per_point = (m.is_general ? 2 * n - 1 : 3 * n - 2) + (z ? 2 : 0);
  PetscCall(PetscLogFlops(per_point * static_cast<double>(m.box.size())));
  PetscCall(PetscLogEventEnd(core::events().stencil_mult, A, x, y, 0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode mult(Mat A, Vec x, Vec y) { return apply(A, x, nullptr, 1.0, false, y); }
PetscErrorCode mult_add(Mat A, Vec x, Vec z, Vec y) { return apply(A, x, z, 1.0, false, y); }
PetscErrorCode mult_transpose(Mat A, Vec x, Vec y) { return apply(A, x, nullptr, 1.0, true, y); }
PetscErrorCode mult_transpose_add(Mat A, Vec x, Vec z, Vec y) {
  return apply(A, x, z, 1.0, true, y);
}
PetscErrorCode residual(Mat A, Vec b, Vec x, Vec r) { return apply(A, x, b, -1.0, false, r); }

// ---- diagonal
// ------------------------------------------------------------------------------------

PetscErrorCode get_diagonal(Mat A, Vec d) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  LINNET_PETSC_GUARD({
    FieldView view(d, m.box.extent(), Access::write);
    double* out = view.field().values.data();
    const Layout l = m.layout;
    const Range all = Range::box(l.n);
    const auto pattern = m.symmetric.pattern;
    const auto middle = static_cast<std::size_t>(kernels::coupling_count(pattern));
    const double* first =
        m.is_general ? m.entries[middle].values.data() : m.symmetric.row_sum.values.data();
    kernels::detail::for_each_pair(
        "linnet::grid::diagonal", l, all, all,
        KOKKOS_LAMBDA(std::ptrdiff_t at, std::ptrdiff_t p) { out[p] = first[at]; });
    for (std::size_t c = 0; !m.is_general && c < middle; ++c) {
      const Offset o = kernels::upper_offset(pattern, static_cast<int>(c));
      const double* coupling = m.symmetric.couplings[c].values.data();
      const std::ptrdiff_t step = l(o.x, o.y, o.z) - l(0, 0, 0);
      kernels::detail::for_each_pair(
          "linnet::grid::diagonal", l, all, all,
          KOKKOS_LAMBDA(std::ptrdiff_t at, std::ptrdiff_t p) {
            out[p] += coupling[at] + coupling[at - step];
          });
    }
    view.restore();
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Adds @p value, or the values of @p d, to the diagonal.
PetscErrorCode add_to_diagonal(Mat A, double value, Vec d, InsertMode mode) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  Vec difference = d;
  if (d && mode == INSERT_VALUES) { // d - diagonal, for the diagonal itself is not kept
    PetscCall(VecDuplicate(d, &difference));
    PetscCall(get_diagonal(A, difference));
    PetscCall(VecAYPX(difference, -1.0, d));
  }
  LINNET_PETSC_GUARD({
    if (m.is_general) make_general(m);
    const auto middle = static_cast<std::size_t>(kernels::coupling_count(m.symmetric.pattern));
    double* diagonal =
        m.is_general ? m.entries[middle].values.data() : m.symmetric.row_sum.values.data();
    const Range all = Range::box(m.layout.n);
    if (difference) {
      FieldView view(difference, m.box.extent(), Access::read);
      const double* in = view.field().values.data();
      kernels::detail::for_each_pair(
          "linnet::grid::shift", m.layout, all, all,
          KOKKOS_LAMBDA(std::ptrdiff_t at, std::ptrdiff_t p) { diagonal[at] += in[p]; });
      view.restore();
    } else {
      kernels::detail::for_each_pair(
          "linnet::grid::shift", m.layout, all, all,
          KOKKOS_LAMBDA(std::ptrdiff_t at, std::ptrdiff_t) { diagonal[at] += value; });
    }
    Kokkos::fence();
    values_changed(m);
  });
  if (difference != d) PetscCall(VecDestroy(&difference));
  // A shifted symmetric matrix stays symmetric; whether it is still positive is not known.
  A->spd = PETSC_BOOL3_UNKNOWN;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode shift(Mat A, PetscScalar value) {
  return add_to_diagonal(A, value, nullptr, ADD_VALUES);
}
PetscErrorCode set_diagonal(Mat A, Vec d, InsertMode mode) {
  return add_to_diagonal(A, 0.0, d, mode);
}

// ---- whole matrices
// ------------------------------------------------------------------------------

std::vector<Field<double>> value_fields(const Matrix& m) {
  auto fields = m.is_general ? m.entries : m.symmetric.couplings;
  if (!m.is_general) fields.push_back(m.symmetric.row_sum);
  return fields;
}

PetscErrorCode scale(Mat A, PetscScalar factor) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  LINNET_PETSC_GUARD({
    for (const auto& f : value_fields(m)) {
      double* v = f.values.data();
      Kokkos::parallel_for(
          "linnet::grid::scale",
          Kokkos::RangePolicy<kernels::ExecutionSpace>(0, f.values.extent(0)),
          KOKKOS_LAMBDA(std::size_t i) { v[i] *= factor; });
    }
    Kokkos::fence();
    values_changed(m);
  });
  if (factor <= 0.0) A->spd = PETSC_BOOL3_UNKNOWN;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode zero_entries(Mat A) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  for (const auto& f : value_fields(m)) Kokkos::deep_copy(f.values, 0.0);
  m.remote.clear();
  values_changed(m);
  A->spd = PETSC_BOOL3_UNKNOWN;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode copy(Mat A, Mat B, MatStructure structure) {
  PetscFunctionBegin;
  PetscBool same;
  PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(B), MATSTENCIL, &same));
  if (!same || !(matrix(A).symmetric.partition == matrix(B).symmetric.partition)) {
    Mat aij = nullptr;
    PetscCall(aij_copy(A, &aij));
    PetscCall(MatCopy(aij, B, structure));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  Matrix& a = matrix(A);
  Matrix& b = matrix(B);
  LINNET_PETSC_GUARD({
    if (a.symmetric.pattern != b.symmetric.pattern) use_pattern(B, a.symmetric.pattern);
    const bool fits =
        a.is_general == b.is_general && value_fields(a).size() == value_fields(b).size();
    if (!fits) {
      b.is_general = a.is_general;
      b.entries.clear();
      b.symmetric.couplings.clear();
      b.symmetric.row_sum = {};
      for (std::size_t f = 0; f < a.entries.size(); ++f)
        b.entries.emplace_back("linnet::grid::stencil_entry", a.layout);
      for (std::size_t f = 0; f < a.symmetric.couplings.size(); ++f)
        b.symmetric.couplings.emplace_back("linnet::grid::coupling", a.layout);
      if (!a.is_general) b.symmetric.row_sum = Field<double>("linnet::grid::row_sum", a.layout);
    }
    const auto from = value_fields(a);
    const auto to = value_fields(b);
    for (std::size_t f = 0; f < from.size(); ++f) Kokkos::deep_copy(to[f].values, from[f].values);
    values_changed(b);
  });
  // B may be a fresh duplicate without values.
  B->assembled = B->preallocated = PETSC_TRUE;
  PetscCall(MatPropagateSymmetryOptions(A, B));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode norm(Mat A, NormType type, PetscReal* value) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  if (type == NORM_1 && m.is_general) { // column sums
    Mat aij = nullptr;
    PetscCall(aij_copy(A, &aij));
    PetscCall(MatNorm(aij, type, value));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCheck(type == NORM_1 || type == NORM_INFINITY || type == NORM_FROBENIUS,
             PetscObjectComm(reinterpret_cast<PetscObject>(A)), PETSC_ERR_SUP,
             "a stencil matrix has the norms 1, infinity and Frobenius");
  double result = 0.0;
  LINNET_PETSC_GUARD({
    Row row;
    for (int k = 0; k < m.layout.n[2]; ++k)
      for (int j = 0; j < m.layout.n[1]; ++j)
        for (int i = 0; i < m.layout.n[0]; ++i) {
          make_row(m, i, j, k, row);
          double sum = 0.0;
          double squares = 0.0;
          for (int e = 0; e < row.count; ++e) {
            sum += std::abs(row.values[e]);
            squares += row.values[e] * row.values[e];
          }
          if (type == NORM_FROBENIUS)
            result += squares;
          else if (!(sum <= result))
            result = sum;
        }
  });
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &result, 1, MPI_DOUBLE,
                             type == NORM_FROBENIUS ? MPI_SUM : MPI_MAX,
                             PetscObjectComm(reinterpret_cast<PetscObject>(A))));
  *value = type == NORM_FROBENIUS ? std::sqrt(result) : result;
  PetscFunctionReturn(PETSC_SUCCESS);
}

// ---- rows taken out
// ------------------------------------------------------------------------------

/// A padded field with the values of @p v and, in its ghosts, those of the neighbours.
Field<double> with_ghosts(Matrix& m, Vec v) {
  Field<double> f("linnet::grid::ghosted", m.layout);
  FieldView view(v, m.box.extent(), Access::read);
  const Range all = Range::box(m.layout.n);
  kernels::unpack_box<double>(f, all, all, view.field().values.data());
  view.restore();
  m.halo->exchange(f);
  return f;
}

HostValues to_host(const Field<double>& f) {
  auto host = Kokkos::create_mirror_view(f.values);
  Kokkos::deep_copy(host, f.values);
  return host;
}

/// Takes the marked rows (and columns) out of the entries; @p b, when given, gets what the removed
/// columns contributed, and diagonal * x in the marked rows.
void take_out(Matrix& m, const HostValues& marked, const HostValues* x, double* b, double diagonal,
              bool columns) {
  const auto pattern = m.symmetric.pattern;
  const int n = kernels::entry_count(pattern);
  host_image(m);
  std::size_t point = 0;
  for (int k = 0; k < m.layout.n[2]; ++k)
    for (int j = 0; j < m.layout.n[1]; ++j)
      for (int i = 0; i < m.layout.n[0]; ++i, ++point) {
        const auto at = m.layout(i, j, k);
        const bool row = marked(at) > 0.0;
        for (int e = 0; e < n; ++e) {
          const Offset o = kernels::full_offset(pattern, e);
          const auto there = m.layout(i + o.x, j + o.y, k + o.z);
          double& a = m.image[static_cast<std::size_t>(e)](at);
          if (!row && columns && marked(there) > 0.0) {
            if (b && x) b[point] -= a * (*x)(there);
            a = 0.0;
          }
          if (row) a = e == n / 2 ? diagonal : 0.0;
        }
        if (row && b && x) b[point] = diagonal * (*x)(at);
      }
  for (std::size_t f = 0; f < m.entries.size(); ++f)
    Kokkos::deep_copy(m.entries[f].values, m.image[f]);
  values_changed(m);
}

/// Both zeroing calls; the matrix becomes general.
PetscErrorCode zero(Mat A, PetscInt n, const PetscInt rows[], PetscScalar diagonal, Vec x, Vec b,
                    bool columns) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  Vec marks;
  PetscCall(MatCreateVecs(A, &marks, nullptr));
  for (PetscInt r = 0; r < n; ++r) PetscCall(VecSetValue(marks, rows[r], 1.0, INSERT_VALUES));
  PetscCall(VecAssemblyBegin(marks));
  PetscCall(VecAssemblyEnd(marks));
  const bool with_b = x && b;
  LINNET_PETSC_GUARD({
    make_general(m);
    const HostValues marked = to_host(with_ghosts(m, marks));
    HostValues known;
    if (with_b) known = to_host(with_ghosts(m, x));
    std::optional<FieldView> right;
    HostValues values;
    if (with_b) {
      right.emplace(b, m.box.extent(), Access::read_write);
      values = to_host(right->field());
    }
    take_out(m, marked, with_b ? &known : nullptr, with_b ? values.data() : nullptr, diagonal,
             columns);
    if (right) {
      Kokkos::deep_copy(right->field().values, values);
      right->restore();
    }
  });
  PetscCall(VecDestroy(&marks));
  A->spd = PETSC_BOOL3_UNKNOWN;
  if (!columns) A->symmetric = PETSC_BOOL3_UNKNOWN;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode zero_rows(Mat A, PetscInt n, const PetscInt rows[], PetscScalar diagonal, Vec x,
                         Vec b) {
  return zero(A, n, rows, diagonal, x, b, false);
}
PetscErrorCode zero_rows_columns(Mat A, PetscInt n, const PetscInt rows[], PetscScalar diagonal,
                                 Vec x, Vec b) {
  return zero(A, n, rows, diagonal, x, b, true);
}

PetscErrorCode missing_diagonal(Mat, PetscBool* missing, PetscInt* row) {
  PetscFunctionBegin;
  *missing = PETSC_FALSE;
  if (row) *row = -1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode is_symmetric(Mat A, PetscReal tolerance, PetscBool* flag) {
  PetscFunctionBegin;
  *flag = PETSC_TRUE;
  if (matrix(A).is_general) {
    Mat aij = nullptr;
    PetscCall(aij_copy(A, &aij));
    PetscCall(MatIsSymmetric(aij, tolerance, flag));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

void install_algebra(Mat A) {
  A->ops->mult = mult;
  A->ops->multadd = mult_add;
  A->ops->multtranspose = mult_transpose;
  A->ops->multtransposeadd = mult_transpose_add;
  A->ops->residual = residual;
  A->ops->getdiagonal = get_diagonal;
  A->ops->shift = shift;
  A->ops->diagonalset = set_diagonal;
  A->ops->scale = scale;
  A->ops->zeroentries = zero_entries;
  A->ops->axpy = axpy;
  A->ops->copy = copy;
  A->ops->norm = norm;
  A->ops->zerorows = zero_rows;
  A->ops->zerorowscolumns = zero_rows_columns;
  A->ops->missingdiagonal = missing_diagonal;
  A->ops->issymmetric = is_symmetric;
}

} // namespace linnet::grid::stencil
