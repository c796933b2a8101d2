// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/stencil_rows.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/owned.hpp>
#include <linnet/grid/field_view.hpp>
#include <linnet/grid/row_steps.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::multigrid {

using core::Index3;
using grid::GridMap;
using kernels::Field;
using kernels::Layout;
using kernels::StencilPattern;

namespace {

std::string describe(const Index3& p, int dimension) {
  std::string s = "(" + std::to_string(p[0]);
  for (int d = 1; d < dimension; ++d) s += "," + std::to_string(p[static_cast<std::size_t>(d)]);
  return s + ")";
}

Layout layout_of(const GridMap& map) {
  return {map.box().extent(), {1, 1, map.dimension() == 3 ? 1 : 0}};
}

std::size_t as_size(int n) { return static_cast<std::size_t>(n); }

/// One row as entries by step: steps -1, 0, 1 per direction.
struct Row {
  double entries[27] = {};
  [[nodiscard]] double at(const kernels::Offset& o) const {
    return entries[kernel_index(o.x, o.y, o.z)];
  }
  static int kernel_index(int x, int y, int z) { return (x + 1) + 3 * (y + 1) + 9 * (z + 1); }
};

bool is_empty(const Row& r) {
  return std::all_of(std::begin(r.entries), std::end(r.entries), [](double e) { return e == 0.0; });
}

// Some types (hyprestruct, shells) have no rows to read.
void require_rows(Mat matrix) {
  PetscBool has_rows;
  MatType type;
  LINNET_CHECK(MatHasOperation(matrix, MATOP_GET_ROW, &has_rows));
  LINNET_CHECK(MatGetType(matrix, &type));
  PetscBool symmetric_storage = PETSC_FALSE;
  LINNET_CHECK(PetscObjectTypeCompareAny(reinterpret_cast<PetscObject>(matrix), &symmetric_storage,
                                         MATSBAIJ, MATSEQSBAIJ, MATMPISBAIJ, ""));
  if (!has_rows || symmetric_storage)
    core::throw_usage("boxmg: a matrix of type " + std::string(type) +
                      " does not give its rows; use -dm_mat_type aij or stencil");
}

Row read_row(Mat matrix, PetscInt row, const GridMap& map, const grid::RowSteps& steps) {
  Row r;
  const Index3& p = steps.point();
  PetscInt count;
  const PetscInt* columns;
  const PetscScalar* values;
  LINNET_CHECK(MatGetRow(matrix, row, &count, &columns, &values));
  for (PetscInt e = 0; e < count; ++e) {
    if (values[e] == 0.0) continue;
    if (!std::isfinite(values[e])) refuse_row(p, map.dimension(), "entry is not a finite number");
    const Index3 s = steps.step_to(columns[e]);
    if (std::abs(s[0]) > 1 || std::abs(s[1]) > 1 || std::abs(s[2]) > 1)
      refuse_row(
          p, map.dimension(),
          "couples to grid point " + describe(map.point_of(columns[e]), map.dimension()) +
              ", outside of the 3^d stencil; check -pc_boxmg_grid, -pc_boxmg_periodic and the "
              "numbering, which must be lexicographic with x fastest");
    r.entries[Row::kernel_index(s[0], s[1], s[2])] += values[e];
  }
  LINNET_CHECK(MatRestoreRow(matrix, row, &count, &columns, &values));
  // A row without entries is a piece of its own, with its own null vector.
  if (!(r.entries[13] > 0.0) && !is_empty(r))
    refuse_row(p, map.dimension(),
               "diagonal entry " + std::to_string(r.entries[13]) +
                   " is not positive; boxmg needs a symmetric positive definite matrix");
  return r;
}

bool is_star(const Row& r) {
  for (int n = 0; n < 27; ++n) {
    const int steps = (n % 3 != 1) + (n / 3 % 3 != 1) + (n / 9 != 1);
    if (steps > 1 && r.entries[n] != 0.0) return false;
  }
  return true;
}

bool is_diagonal(const Row& r) {
  for (int n = 0; n < 27; ++n)
    if (n != 13 && r.entries[n] != 0.0) return false;
  return true;
}

/// The rows of this rank into @p rows, at the points of the grid or, in a flat layout, one after
/// the other. False at a row with couplings outside of the pattern. Not collective.
bool fill_rows(Mat matrix, const GridMap& map, StencilPattern pattern, const RowFields& rows,
               bool flat) {
  std::vector<HostField> host;
  for (const Field<double>& field : rows.fields) host.emplace_back(field);
  PetscInt first, last;
  LINNET_CHECK(MatGetOwnershipRange(matrix, &first, &last));
  const Index3 lo = map.box().lo;
  const bool star = pattern == StencilPattern::star2d || pattern == StencilPattern::star3d;
  grid::RowSteps steps(map, first);
  for (PetscInt row = first; row < last; ++row, steps.advance()) {
    const Row r = read_row(matrix, row, map, steps);
    if (star && !is_star(r)) return false;
    const Index3& p = steps.point();
    const Index3 at = flat ? Index3{static_cast<int>(row - first), 0, 0}
                           : Index3{p[0] - lo[0], p[1] - lo[1], p[2] - lo[2]};
    const auto set = [&](std::size_t f, double value) { host[f](at[0], at[1], at[2]) = value; };
    for (int m = 0; m < rows.couplings; ++m) {
      const auto o = kernels::upper_offset(pattern, m);
      set(as_size(m), r.at(o));
      set(as_size(rows.couplings) + as_size(m), r.at({-o.x, -o.y, -o.z}));
    }
    set(2 * as_size(rows.couplings), r.entries[13]);
    set(2 * as_size(rows.couplings) + 1, is_diagonal(r) ? 1.0 : 0.0);
  }
  for (std::size_t f = 0; f < host.size(); ++f)
    Kokkos::deep_copy(rows.fields[f].values, host[f].values);
  return true;
}

/// A flat field of the rows of this rank as one on its box. Collective.
Field<double> on_box(const Field<double>& rows, Vec work, GridMap& map) {
  const auto all = std::pair(std::size_t{0}, rows.layout.size());
  grid::FieldView view(work, rows.layout, grid::Access::write);
  Kokkos::deep_copy(Kokkos::subview(view.field().values, all), Kokkos::subview(rows.values, all));
  view.restore();
  Field<double> field("linnet::multigrid::entries", layout_of(map));
  map.to_box(work, field, 1.0);
  return field;
}

} // namespace

void refuse_row(const Index3& point, int dimension, const std::string& what) {
  core::throw_usage("boxmg: matrix row of grid point " + describe(point, dimension) + ": " + what);
}

std::optional<RowFields> read_rows(Mat matrix, GridMap& map, StencilPattern pattern) {
  require_rows(matrix);
  MPI_Comm comm;
  LINNET_CHECK(PetscObjectGetComm(reinterpret_cast<PetscObject>(matrix), &comm));
  PetscInt count;
  LINNET_CHECK(MatGetLocalSize(matrix, &count, nullptr));
  // A declared grid is cut into boxes, and its matrix into rows.
  int flat = map.numbered_box() != map.box();
  MPI_Allreduce(MPI_IN_PLACE, &flat, 1, MPI_INT, MPI_MAX, comm);
  const Layout layout = flat ? Layout({static_cast<int>(count), 1, 1}, {0, 0, 0}) : layout_of(map);
  RowFields rows;
  rows.couplings = kernels::coupling_count(pattern);
  for (int f = 0; f < 2 * rows.couplings + 2; ++f)
    rows.fields.emplace_back("linnet::multigrid::entries", layout);
  int fits = 1;
  core::together(comm, [&] { fits = fill_rows(matrix, map, pattern, rows, flat != 0); });
  MPI_Allreduce(MPI_IN_PLACE, &fits, 1, MPI_INT, MPI_MIN, comm);
  if (!fits) return std::nullopt;
  if (flat) {
    Vec raw = nullptr;
    LINNET_CHECK(MatCreateVecs(matrix, nullptr, &raw));
    const core::Owned<Vec> work(raw);
    for (Field<double>& field : rows.fields) field = on_box(field, work.get(), map);
  }
  return rows;
}

} // namespace linnet::multigrid
