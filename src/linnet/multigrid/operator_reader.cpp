// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/operator_reader.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/owned.hpp>
#include <linnet/grid/field_view.hpp>
#include <linnet/grid/halo.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/grid/row_steps.hpp>
#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/extremes.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace linnet::multigrid {

using core::Index3;
using grid::GridMap;
using kernels::Field;
using kernels::Layout;
using kernels::Range;
using kernels::StencilOperator;
using kernels::StencilPattern;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
// Two entries of a symmetric matrix may differ by this fraction of their diagonals' geometric mean.
constexpr double symmetry_tolerance = 1e-10;

std::string describe(const Index3& p, int dimension) {
  std::string s = "(" + std::to_string(p[0]);
  for (int d = 1; d < dimension; ++d) s += "," + std::to_string(p[static_cast<std::size_t>(d)]);
  return s + ")";
}

[[noreturn]] void refuse(const Index3& p, int dimension, const std::string& what) {
  core::throw_usage("boxmg: matrix row of grid point " + describe(p, dimension) + ": " + what);
}

Layout layout_of(const GridMap& map) {
  return {map.box().extent(), {1, 1, map.dimension() == 3 ? 1 : 0}};
}

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
    if (!std::isfinite(values[e])) refuse(p, map.dimension(), "entry is not a finite number");
    const Index3 s = steps.step_to(columns[e]);
    if (std::abs(s[0]) > 1 || std::abs(s[1]) > 1 || std::abs(s[2]) > 1)
      refuse(p, map.dimension(),
             "couples to grid point " + describe(map.point_of(columns[e]), map.dimension()) +
                 ", outside of the 3^d stencil; check -pc_boxmg_grid, -pc_boxmg_periodic and the "
                 "numbering, which must be lexicographic with x fastest");
    r.entries[Row::kernel_index(s[0], s[1], s[2])] += values[e];
  }
  LINNET_CHECK(MatRestoreRow(matrix, row, &count, &columns, &values));
  // A row without entries is a piece of its own, with its own null vector.
  if (!(r.entries[13] > 0.0) && !is_empty(r))
    refuse(p, map.dimension(),
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

/// A host copy of a field that can be read point by point.
struct HostField {
  Kokkos::View<double*, kernels::HostSpace> values;
  Layout layout;
  explicit HostField(const Field<double>& f)
      : values(Kokkos::create_mirror_view_and_copy(kernels::HostSpace{}, f.values)),
        layout(f.layout) {}
  double& operator()(int i, int j, int k) const {
    return values(static_cast<std::size_t>(layout(i, j, k)));
  }
  double& operator()(int i, int j, int k, const kernels::Offset& o) const {
    return (*this)(i + o.x, j + o.y, k + o.z);
  }
};

std::size_t as_size(int n) { return static_cast<std::size_t>(n); }

/// Entries of all rows as fields on the box: upper half, diagonal, lower half, and the flag of rows
/// with a diagonal entry only.
struct RowFields {
  std::vector<Field<double>> fields;
  int couplings;
  [[nodiscard]] const Field<double>& upper(int m) const {
    return fields[static_cast<std::size_t>(m)];
  }
  [[nodiscard]] const Field<double>& lower(int m) const {
    return fields[as_size(couplings) + as_size(m)];
  }
  [[nodiscard]] const Field<double>& diagonal() const { return fields[2 * as_size(couplings)]; }
  [[nodiscard]] const Field<double>& decoupled() const {
    return fields[2 * as_size(couplings) + 1];
  }
};

/// The rows of this rank into @p fields, at the points of the grid or, in a flat layout, one after
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

/// Nothing where a row of any rank has couplings outside of the pattern. Collective.
std::optional<RowFields> read_rows(Mat matrix, GridMap& map, StencilPattern pattern,
                                   MPI_Comm comm) {
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

/// Couplings and row sums from entries with valid ghosts.
StencilOperator<double> symmetric_part(const RowFields& rows, StencilPattern pattern,
                                       const GridMap& map, std::vector<OneWayCoupling>& one_way,
                                       std::vector<Index3>& zero_rows) {
  StencilOperator<double> a = kernels::make_operator<double>(pattern, layout_of(map));
  const auto n = map.box().extent();
  const HostField diagonal(rows.diagonal()), decoupled(rows.decoupled());
  const HostField row_sum(a.row_sum);
  std::vector<HostField> upper, lower, coupling;
  for (int m = 0; m < rows.couplings; ++m) {
    upper.emplace_back(rows.upper(m));
    lower.emplace_back(rows.lower(m));
    coupling.emplace_back(a.couplings[static_cast<std::size_t>(m)]);
  }
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        double sum = diagonal(i, j, k), absolute = std::abs(sum);
        const bool cut = decoupled(i, j, k) != 0.0;
        if (diagonal(i, j, k) == 0.0) zero_rows.push_back({i, j, k});
        const auto add_one_way = [&](const kernels::Offset& o, double entry) {
          if (cut || decoupled(i, j, k, o) == 0.0 || entry == 0.0) return;
          if (diagonal(i, j, k, o) == 0.0)
            refuse({map.box().lo[0] + i, map.box().lo[1] + j, map.box().lo[2] + k}, map.dimension(),
                   "couples to a row without entries; boxmg needs a symmetric matrix");
          one_way.push_back({{i, j, k}, {i + o.x, j + o.y, k + o.z}, entry / diagonal(i, j, k, o)});
        };
        for (int m = 0; m < rows.couplings; ++m) {
          const auto o = kernels::upper_offset(pattern, m);
          const auto s = static_cast<std::size_t>(m);
          const kernels::Offset back{-o.x, -o.y, -o.z};
          add_one_way(o, upper[s](i, j, k));
          add_one_way(back, lower[s](i, j, k));
          if (!cut && decoupled(i, j, k, o) == 0.0) {
            const double ij = upper[s](i, j, k), ji = lower[s](i, j, k, o);
            const double scale = std::sqrt(diagonal(i, j, k) * diagonal(i, j, k, o));
            if (std::abs(ij - ji) > symmetry_tolerance * scale)
              refuse({map.box().lo[0] + i, map.box().lo[1] + j, map.box().lo[2] + k},
                     map.dimension(),
                     "entry " + std::to_string(ij) + " and its transpose " + std::to_string(ji) +
                         " differ; boxmg needs a symmetric matrix");
            coupling[s](i, j, k) = -0.5 * (ij + ji);
            sum += ij;
            absolute += std::abs(ij);
          }
          if (!cut && decoupled(i, j, k, back) == 0.0) {
            sum += lower[s](i, j, k);
            absolute += std::abs(lower[s](i, j, k));
          }
        }
        // A row sum that is all rounding error is zero: the constant is in the null space there.
        row_sum(i, j, k) = std::abs(sum) <= 8.0 * epsilon * absolute ? 0.0 : sum;
      }
  Kokkos::deep_copy(a.row_sum.values, row_sum.values);
  for (std::size_t m = 0; m < coupling.size(); ++m)
    Kokkos::deep_copy(a.couplings[m].values, coupling[m].values);
  return a;
}

std::int64_t count_flags(const Field<double>& flags, MPI_Comm comm) {
  auto count = static_cast<std::int64_t>(kernels::dot(flags, flags));
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_INT64_T, MPI_SUM, comm);
  return count;
}

StencilOperator<double> from_rows(Mat matrix, GridMap& map, MPI_Comm comm, ReadOperator& read,
                                  std::vector<Index3>& zero_rows) {
  require_rows(matrix);
  const bool solid = map.dimension() == 3;
  // Most matrices are stars; the others are read once more.
  StencilPattern pattern = solid ? StencilPattern::star3d : StencilPattern::star2d;
  std::optional<RowFields> read_fields = read_rows(matrix, map, pattern, comm);
  if (!read_fields) {
    pattern = solid ? StencilPattern::box3d : StencilPattern::box2d;
    read_fields = read_rows(matrix, map, pattern, comm);
  }
  RowFields& rows = *read_fields;
  Index3 width{1, 1, map.dimension() == 3 ? 1 : 0};
  for (std::size_t d = 0; d < 3; ++d)
    if (map.partition().points()[d] == 1) width[d] = 0;
  grid::Halo halo(comm, map.partition(), width, grid::HaloShape::box);
  halo.exchange(rows.fields);
  read.decoupled_rows = count_flags(rows.decoupled(), comm);
  StencilOperator<double> a;
  core::together(comm, [&] { a = symmetric_part(rows, pattern, map, read.one_way, zero_rows); });
  halo.exchange(a.couplings);
  return a;
}

// The coefficients themselves: views, no copies.
StencilOperator<double> from_stencil(const grid::StencilData& data) {
  StencilOperator<double> a;
  a.pattern = data.pattern;
  a.couplings = data.couplings;
  a.row_sum = data.row_sum;
  return a;
}

int find_exponent(const StencilOperator<double>& a, MPI_Comm comm) {
  double scale = kernels::largest_magnitude(a.row_sum);
  for (const auto& c : a.couplings) scale = std::max(scale, kernels::largest_magnitude(c));
  MPI_Allreduce(MPI_IN_PLACE, &scale, 1, MPI_DOUBLE, MPI_MAX, comm);
  return scale > 0.0 ? std::ilogb(scale) : 0;
}

// After the exponent has been found, which they must not change.
void fill_zero_rows(const std::vector<Index3>& rows, MPI_Comm comm, ReadOperator& read) {
  read.zero_rows = static_cast<std::int64_t>(rows.size());
  MPI_Allreduce(MPI_IN_PLACE, &read.zero_rows, 1, MPI_INT64_T, MPI_SUM, comm);
  read.decoupled_rows -= read.zero_rows;
  if (rows.empty()) return;
  const HostField row_sum(read.a.row_sum);
  for (const Index3& p : rows) row_sum(p[0], p[1], p[2]) = std::ldexp(1.0, read.exponent);
  Kokkos::deep_copy(read.a.row_sum.values, row_sum.values);
}

} // namespace

ReadOperator read_operator(Mat matrix, GridMap& map) {
  ReadOperator read;
  MPI_Comm comm;
  LINNET_CHECK(PetscObjectGetComm(reinterpret_cast<PetscObject>(matrix), &comm));
  PetscBool is_stencil;
  LINNET_CHECK(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(matrix), MATSTENCIL, &is_stencil));
  const grid::StencilData* data = nullptr;
  if (is_stencil && map.has_da() && !map.has_short_wrap())
    LINNET_CHECK(grid::MatStencilGetData(matrix, &data));
  std::vector<Index3> zero_rows;
  read.a = data ? from_stencil(*data) : from_rows(matrix, map, comm, read, zero_rows);
  read.exponent = find_exponent(read.a, comm);
  fill_zero_rows(zero_rows, comm, read);
  return read;
}

} // namespace linnet::multigrid
