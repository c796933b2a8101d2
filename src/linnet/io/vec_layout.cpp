// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/vec_layout.hpp>

#include <petscdmda.h>

#include <array>
#include <string_view>

namespace linnet::io {
namespace {

VecLayout plain_layout(Vec vec) {
  PetscInt begin, end, size;
  LINNET_CHECK(VecGetOwnershipRange(vec, &begin, &end));
  LINNET_CHECK(VecGetSize(vec, &size));
  return {0, 1, {size}, {{begin}, {end - begin}}};
}

VecLayout dmda_layout(DM da) {
  PetscInt dim, dof;
  std::array<PetscInt, 3> n{1, 1, 1}, lo{0, 0, 0}, count{1, 1, 1};
  LINNET_CHECK(DMDAGetInfo(da, &dim, &n[0], &n[1], &n[2], nullptr, nullptr, nullptr, &dof, nullptr,
                           nullptr, nullptr, nullptr, nullptr));
  LINNET_CHECK(DMDAGetCorners(da, &lo[0], &lo[1], &lo[2], &count[0], &count[1], &count[2]));
  VecLayout layout{static_cast<int>(dim), static_cast<int>(dof), {}, {}};
  for (int d = static_cast<int>(dim) - 1; d >= 0; --d) {
    layout.shape.push_back(n[d]);
    layout.slab.offset.push_back(lo[d]);
    layout.slab.count.push_back(count[d]);
  }
  return layout;
}

} // namespace

Shape VecLayout::full_shape() const {
  Shape result = shape;
  if (dof > 1) result.push_back(dof);
  return result;
}

Slab VecLayout::full_slab() const {
  Slab result = slab;
  if (dof > 1) {
    result.offset.push_back(0);
    result.count.push_back(dof);
  }
  return result;
}

VecLayout layout_of(Vec vec) {
  DM dm = nullptr;
  LINNET_CHECK(VecGetDM(vec, &dm));
  if (!dm) return plain_layout(vec);
  DMType type = nullptr;
  LINNET_CHECK(DMGetType(dm, &type));
  return std::string_view(type ? type : "") == DMDA ? dmda_layout(dm) : plain_layout(vec);
}

} // namespace linnet::io
