// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Lists of obstacles, read and painted into the cells of a small grid in two and three dimensions.
#include "target.hpp"

#include <linnet/problems/geometry/obstacles.hpp>

#include <petscdmda.h>

using linnet::problems::Obstacle;

namespace {

DM make_cells(int dim) {
  constexpr auto none = DM_BOUNDARY_NONE;
  DM cells = nullptr;
  if (dim == 2)
    LINNET_CHECK(DMDACreate2d(PETSC_COMM_SELF, none, none, DMDA_STENCIL_STAR, 6, 5, 1, 1, 1, 1,
                              nullptr, nullptr, &cells));
  else
    LINNET_CHECK(DMDACreate3d(PETSC_COMM_SELF, none, none, none, DMDA_STENCIL_STAR, 6, 5, 4, 1, 1,
                              1, 1, 1, nullptr, nullptr, nullptr, &cells));
  LINNET_CHECK(DMSetUp(cells));
  return cells;
}

/// Files have targets of their own, and a million shapes are slow by right.
bool quick(const Obstacle& o) {
  if (o.kind == Obstacle::Kind::mesh || o.kind == Obstacle::Kind::mask) return false;
  return o.text.find("random") == std::string::npos || o.numbers[0] < 100;
}

void paint(const std::vector<Obstacle>& list, int dim) {
  static DM grids[2] = {make_cells(2), make_cells(3)};
  DM cells = grids[dim - 2];
  Vec mask;
  LINNET_CHECK(DMGetGlobalVector(cells, &mask));
  LINNET_CHECK(VecSet(mask, 0.0));
  LINNET_CHECK(linnet::problems::add_obstacles(cells, {}, list, 1, mask));
  LINNET_CHECK(DMRestoreGlobalVector(cells, &mask));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(linnet::fuzz::text_of(data, size));
  for (const int dim : {2, 3})
    linnet::fuzz::expect_result_or_refusal([&] {
      auto list = linnet::problems::parse_obstacles(text, dim);
      std::erase_if(list, [](const Obstacle& o) { return !quick(o); });
      if (list.size() < 1000) paint(list, dim);
    });
  return 0;
}
