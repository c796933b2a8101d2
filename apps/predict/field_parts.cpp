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
using linnet::io::VecWriteArray;

namespace {

Owned<DM> make_grid(MPI_Comm comm, const Index3& n) {
  constexpr DMBoundaryType none = DM_BOUNDARY_NONE;
  constexpr PetscInt any = PETSC_DECIDE;
  DM grid = nullptr;
  if (n[1] == 1 && n[2] == 1)
    LINNET_CHECK(DMDACreate1d(comm, none, n[0], 1, 0, nullptr, &grid));
  else if (n[2] == 1)
    LINNET_CHECK(DMDACreate2d(comm, none, none, DMDA_STENCIL_STAR, n[0], n[1], any, any, 1, 0,
                              nullptr, nullptr, &grid));
  else
    LINNET_CHECK(DMDACreate3d(comm, none, none, none, DMDA_STENCIL_STAR, n[0], n[1], n[2], any, any,
                              any, 1, 0, nullptr, nullptr, nullptr, &grid));
  Owned<DM> owner(grid);
  LINNET_CHECK(DMSetUp(grid));
  return owner;
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

/// Channel number @p channel of values in channels as large as @p v.
std::span<const double> channel_of(std::span<const double> values, Vec v, int channel) {
  const auto size = static_cast<std::size_t>(local_size(v));
  return values.subspan(size * static_cast<std::size_t>(channel), size);
}

} // namespace

FieldParts::FieldParts(MPI_Comm comm, const Index3& points, const IndexBox& box)
    : points_(points), box_(box), grid_(make_grid(comm, points)), gather_(comm, points, box) {
  Vec v = nullptr;
  LINNET_CHECK(DMDACreateNaturalVector(grid_.get(), &v));
  natural_.reset(v);
  const std::vector<PetscInt> numbers = linnet::grid::natural_numbers(box, points);
  const auto count = static_cast<PetscInt>(numbers.size());
  LINNET_CHECK(VecCreateSeq(PETSC_COMM_SELF, count, &v));
  mine_.reset(v);
  IS places = nullptr;
  VecScatter scatter = nullptr;
  LINNET_CHECK(ISCreateGeneral(comm, count, numbers.data(), PETSC_COPY_VALUES, &places));
  LINNET_CHECK(VecScatterCreate(natural_.get(), places, mine_.get(), nullptr, &scatter));
  LINNET_CHECK(ISDestroy(&places));
  to_mine_.reset(scatter);
}

void FieldParts::put(std::span<const double> mine, int channel) {
  fill(mine_.get(), channel_of(mine, mine_.get(), channel));
  move(to_mine_.get(), mine_.get(), natural_.get(), SCATTER_REVERSE);
}

std::vector<double> FieldParts::gather(std::span<const double> mine, int channels) {
  std::vector<double> whole(gather_.whole_size() * static_cast<std::size_t>(channels));
  gather_.gather(channels, mine, whole);
  return whole;
}

std::vector<double> FieldParts::scatter(std::span<const double> whole, int channels) {
  std::vector<double> mine(gather_.part_size() * static_cast<std::size_t>(channels));
  gather_.scatter(channels, whole, mine);
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
