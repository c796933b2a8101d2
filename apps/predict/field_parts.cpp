// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_parts.hpp"

#include <linnet/core/petsc.hpp>
#include <linnet/io/vec_array.hpp>

#include <algorithm>

namespace app {

using linnet::core::Index3;
using linnet::core::Owned;
using linnet::grid::IndexBox;
using linnet::io::VecReadArray;
using linnet::io::VecWriteArray;

namespace {

Owned<DM> make_grid(MPI_Comm comm, const Index3& n) {
  constexpr DMBoundaryType none = DM_BOUNDARY_NONE;
  constexpr PetscInt any = PETSC_DECIDE;
  DM grid = nullptr;
  if (n[2] == 1)
    LINNET_CHECK(DMDACreate2d(comm, none, none, DMDA_STENCIL_STAR, n[0], n[1], any, any, 1, 0,
                              nullptr, nullptr, &grid));
  else
    LINNET_CHECK(DMDACreate3d(comm, none, none, none, DMDA_STENCIL_STAR, n[0], n[1], n[2], any, any,
                              any, 1, 0, nullptr, nullptr, nullptr, &grid));
  Owned<DM> owner(grid);
  LINNET_CHECK(DMSetUp(grid));
  return owner;
}

/// Numbers of the points of @p box in natural order.
std::vector<PetscInt> numbers_of(const IndexBox& box, const Index3& n) {
  std::vector<PetscInt> numbers;
  numbers.reserve(static_cast<std::size_t>(box.size()));
  for (PetscInt k = box.lo[2]; k < box.hi[2]; ++k)
    for (PetscInt j = box.lo[1]; j < box.hi[1]; ++j)
      for (PetscInt i = box.lo[0]; i < box.hi[0]; ++i) numbers.push_back((k * n[1] + j) * n[0] + i);
  return numbers;
}

void move(VecScatter scatter, Vec from, Vec to, ScatterMode mode) {
  LINNET_CHECK(VecScatterBegin(scatter, from, to, INSERT_VALUES, mode));
  LINNET_CHECK(VecScatterEnd(scatter, from, to, INSERT_VALUES, mode));
}

void fill(Vec v, std::span<const double> values) {
  const VecWriteArray array(v);
  std::copy(values.begin(), values.end(), array.data());
}

PetscInt local_size(Vec v) {
  PetscInt size = 0;
  LINNET_CHECK(VecGetLocalSize(v, &size));
  return size;
}

void append(Vec v, std::vector<double>& values) {
  const PetscInt size = local_size(v);
  const VecReadArray array(v);
  values.insert(values.end(), array.data(), array.data() + size);
}

/// Channel number @p channel of values in channels as large as @p v.
std::span<const double> channel_of(std::span<const double> values, Vec v, int channel) {
  const auto size = static_cast<std::size_t>(local_size(v));
  return values.subspan(size * static_cast<std::size_t>(channel), size);
}

} // namespace

FieldParts::FieldParts(MPI_Comm comm, const Index3& points, const IndexBox& box)
    : points_(points), box_(box), grid_(make_grid(comm, points)) {
  Vec v = nullptr;
  LINNET_CHECK(DMDACreateNaturalVector(grid_.get(), &v));
  natural_.reset(v);
  const std::vector<PetscInt> numbers = numbers_of(box, points);
  const auto count = static_cast<PetscInt>(numbers.size());
  LINNET_CHECK(VecCreateSeq(PETSC_COMM_SELF, count, &v));
  mine_.reset(v);
  IS places = nullptr;
  VecScatter scatter = nullptr;
  LINNET_CHECK(ISCreateGeneral(comm, count, numbers.data(), PETSC_COPY_VALUES, &places));
  LINNET_CHECK(VecScatterCreate(natural_.get(), places, mine_.get(), nullptr, &scatter));
  LINNET_CHECK(ISDestroy(&places));
  to_mine_.reset(scatter);
  LINNET_CHECK(VecScatterCreateToZero(natural_.get(), &scatter, &v));
  to_whole_.reset(scatter);
  whole_.reset(v);
}

void FieldParts::put(std::span<const double> mine, int channel) {
  fill(mine_.get(), channel_of(mine, mine_.get(), channel));
  move(to_mine_.get(), mine_.get(), natural_.get(), SCATTER_REVERSE);
}

std::vector<double> FieldParts::gather(std::span<const double> mine, int channels) {
  std::vector<double> whole;
  for (int c = 0; c < channels; ++c) {
    put(mine, c);
    move(to_whole_.get(), natural_.get(), whole_.get(), SCATTER_FORWARD);
    append(whole_.get(), whole);
  }
  return whole;
}

std::vector<double> FieldParts::scatter(std::span<const double> whole, int channels) {
  std::vector<double> mine;
  for (int c = 0; c < channels; ++c) {
    fill(whole_.get(), channel_of(whole, whole_.get(), c));
    move(to_whole_.get(), whole_.get(), natural_.get(), SCATTER_REVERSE);
    move(to_mine_.get(), natural_.get(), mine_.get(), SCATTER_FORWARD);
    append(mine_.get(), mine);
  }
  return mine;
}

Owned<Vec> FieldParts::to_vec(std::span<const double> mine, int channels) {
  DM dm = nullptr;
  Vec one = nullptr, all = nullptr;
  LINNET_CHECK(DMDACreateCompatibleDMDA(grid_.get(), channels, &dm));
  const Owned<DM> grid(dm);
  LINNET_CHECK(DMCreateGlobalVector(grid_.get(), &one));
  const Owned<Vec> channel(one);
  LINNET_CHECK(DMCreateGlobalVector(grid.get(), &all));
  Owned<Vec> result(all);
  for (int c = 0; c < channels; ++c) {
    put(mine, c);
    LINNET_CHECK(DMDANaturalToGlobalBegin(grid_.get(), natural_.get(), INSERT_VALUES, one));
    LINNET_CHECK(DMDANaturalToGlobalEnd(grid_.get(), natural_.get(), INSERT_VALUES, one));
    if (channels == 1)
      LINNET_CHECK(VecCopy(one, all));
    else
      LINNET_CHECK(VecStrideScatter(one, c, all, INSERT_VALUES));
  }
  return result;
}

} // namespace app
