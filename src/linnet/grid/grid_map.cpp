// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/grid_map.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/grid/field_view.hpp>
#include <linnet/kernels/copy.hpp>

#include <string>

namespace linnet::grid {

using core::Index3;
using kernels::Range;

namespace {

int size_of(MPI_Comm comm) {
  int size;
  MPI_Comm_size(comm, &size);
  return size;
}

int rank_of(MPI_Comm comm) {
  int rank;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

std::string text(const Index3& n, int dimension) {
  std::string s = std::to_string(n[0]);
  for (int d = 1; d < dimension; ++d)
    s += (d == 1 ? " x " : " x ") + std::to_string(n[static_cast<std::size_t>(d)]);
  return s;
}

Partition without_short_wraps(const Partition& p) {
  std::array<std::vector<int>, 3> starts{p.starts(0), p.starts(1), p.starts(2)};
  auto periodic = p.periodic();
  for (std::size_t d = 0; d < 3; ++d) periodic[d] = periodic[d] && p.points()[d] > 2;
  return {starts, periodic};
}

} // namespace

GridMap::GridMap(Mat matrix, DM da, const DeclaredGrid& declared, const std::string& type)
    : type_(type) {
  LINNET_CHECK(PetscObjectGetComm(reinterpret_cast<PetscObject>(matrix), &comm_));
  from_da_ = da != nullptr;
  if (from_da_)
    use_da(da);
  else
    use_declared(declared);
  check_sizes(matrix);
  find_box();
  if (!from_da_ && size_of(comm_) > 1) make_scatter(matrix);
}

GridMap::GridMap(DM da, const std::string& type)
    : comm_(PetscObjectComm(reinterpret_cast<PetscObject>(da))), type_(type), from_da_(true) {
  use_da(da);
  find_box();
}

void GridMap::find_box() {
  wraps_ = partition_.periodic();
  partition_ = without_short_wraps(partition_);
  box_ = partition_.box(rank_of(comm_));
}

GridMap::~GridMap() {
  VecScatterDestroy(&scatter_);
  VecDestroy(&box_values_);
}

void GridMap::use_da(DM da) {
  PetscInt dimension, dof;
  LINNET_CHECK(DMDAGetInfo(da, &dimension, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                           &dof, nullptr, nullptr, nullptr, nullptr, nullptr));
  if (dof != 1)
    core::throw_usage(type_ + ": the DMDA has " + std::to_string(dof) +
                      " unknowns per point, but " + type_ +
                      " solves scalar problems (1 per point)");
  dimension_ = std::max<int>(static_cast<int>(dimension), 2);
  partition_ = Partition::of(da);
  first_row_.assign(1, 0);
  for (int r = 0; r < partition_.ranks(); ++r)
    first_row_.push_back(first_row_.back() + static_cast<PetscInt>(partition_.box(r).size()));
}

void GridMap::use_declared(const DeclaredGrid& declared) {
  if (declared.points[0] < 1)
    core::throw_usage(type_ +
                      ": the matrix has no structured grid; attach a DMDA (KSPSetDM or "
                      "PCSetDM) or declare the grid of a naturally numbered matrix with -pc_" +
                      type_ + "_grid nx,ny[,nz]");
  dimension_ = declared.dimension;
  partition_ = Partition::balanced(declared.points, declared.periodic, size_of(comm_));
}

void GridMap::check_sizes(Mat matrix) const {
  PetscInt rows, columns;
  LINNET_CHECK(MatGetSize(matrix, &rows, &columns));
  if (rows != columns)
    core::throw_usage(type_ + ": the matrix is not square (" + std::to_string(rows) + " x " +
                      std::to_string(columns) + ")");
  const auto points = core::volume(partition_.points());
  if (points != rows)
    core::throw_usage(type_ + ": the " + (from_da_ ? "DMDA" : "grid -pc_" + type_ + "_grid") +
                      " has " + text(partition_.points(), dimension_) + " = " +
                      std::to_string(points) + " points, but the matrix has " +
                      std::to_string(rows) + " rows; they must be equal");
  if (!from_da_) return;
  PetscInt local;
  LINNET_CHECK(MatGetLocalSize(matrix, &local, nullptr));
  core::together(comm_, [&] {
    if (partition_.ranks() != size_of(comm_) || local != partition_.box(rank_of(comm_)).size())
      core::throw_usage(type_ +
                        ": the rows of the matrix are not distributed over the ranks like the "
                        "points of the DMDA; create both from the same DMDA");
  });
}

void GridMap::make_scatter(Mat matrix) {
  const Index3 n = partition_.points();
  std::vector<PetscInt> rows;
  for (int k = box_.lo[2]; k < box_.hi[2]; ++k)
    for (int j = box_.lo[1]; j < box_.hi[1]; ++j)
      for (int i = box_.lo[0]; i < box_.hi[0]; ++i)
        rows.push_back(i + static_cast<PetscInt>(n[0]) * (j + static_cast<PetscInt>(n[1]) * k));
  const auto count = static_cast<PetscInt>(rows.size());
  Vec natural;
  IS from;
  LINNET_CHECK(MatCreateVecs(matrix, nullptr, &natural));
  LINNET_CHECK(VecCreateSeq(PETSC_COMM_SELF, count, &box_values_));
  LINNET_CHECK(ISCreateGeneral(comm_, count, rows.data(), PETSC_COPY_VALUES, &from));
  LINNET_CHECK(VecScatterCreate(natural, from, box_values_, nullptr, &scatter_));
  LINNET_CHECK(ISDestroy(&from));
  LINNET_CHECK(VecDestroy(&natural));
}

IndexBox GridMap::numbered_box() const {
  return from_da_ ? box_ : IndexBox{{0, 0, 0}, partition_.points()};
}

Index3 GridMap::point_of(PetscInt row) const {
  const Index3 n = partition_.points();
  if (!from_da_) {
    const PetscInt nx = n[0], ny = n[1];
    return {static_cast<int>(row % nx), static_cast<int>(row / nx % ny),
            static_cast<int>(row / nx / ny)};
  }
  const auto next = std::upper_bound(first_row_.begin(), first_row_.end(), row);
  const auto rank = static_cast<int>(next - first_row_.begin()) - 1;
  const IndexBox b = partition_.box(rank);
  const Index3 e = b.extent();
  const PetscInt local = row - first_row_[static_cast<std::size_t>(rank)];
  return {b.lo[0] + static_cast<int>(local % e[0]), b.lo[1] + static_cast<int>(local / e[0] % e[1]),
          b.lo[2] + static_cast<int>(local / e[0] / e[1])};
}

Index3 GridMap::step(const Index3& from, const Index3& to) const {
  Index3 s;
  const Index3 n = partition_.points();
  for (std::size_t d = 0; d < 3; ++d) {
    s[d] = to[d] - from[d];
    if (!wraps_[d] || n[d] <= 2) continue;
    if (2 * s[d] > n[d]) s[d] -= n[d];
    if (2 * s[d] < -n[d]) s[d] += n[d];
  }
  return s;
}

template <class T>
void GridMap::to_box(Vec x, const kernels::Field<T>& field, double factor) {
  Vec source = x;
  if (scatter_) {
    LINNET_CHECK(VecScatterBegin(scatter_, x, box_values_, INSERT_VALUES, SCATTER_FORWARD));
    LINNET_CHECK(VecScatterEnd(scatter_, x, box_values_, INSERT_VALUES, SCATTER_FORWARD));
    source = box_values_;
  }
  FieldView view(source, box_.extent(), Access::read);
  kernels::copy_scaled(view.field(), field, Range::box(field.layout.n), factor);
  view.restore();
}

template <class T>
void GridMap::from_box(const kernels::Field<T>& field, Vec x, double factor) {
  FieldView view(scatter_ ? box_values_ : x, box_.extent(), Access::write);
  kernels::convert_scaled(field, view.field(), Range::box(field.layout.n), factor);
  view.restore();
  if (!scatter_) return;
  LINNET_CHECK(VecScatterBegin(scatter_, box_values_, x, INSERT_VALUES, SCATTER_REVERSE));
  LINNET_CHECK(VecScatterEnd(scatter_, box_values_, x, INSERT_VALUES, SCATTER_REVERSE));
}

template void GridMap::to_box(Vec, const kernels::Field<float>&, double);
template void GridMap::to_box(Vec, const kernels::Field<double>&, double);
template void GridMap::from_box(const kernels::Field<float>&, Vec, double);
template void GridMap::from_box(const kernels::Field<double>&, Vec, double);

} // namespace linnet::grid
