// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/cells/cell_array.hpp>

namespace linnet::problems {

grid::IndexBox owned_cells(DM dm) {
  PetscInt x, y, z, m, n, p;
  LINNET_CHECK(DMDAGetCorners(dm, &x, &y, &z, &m, &n, &p));
  const core::Index3 lo{static_cast<int>(x), static_cast<int>(y), static_cast<int>(z)};
  return {lo, {static_cast<int>(x + m), static_cast<int>(y + n), static_cast<int>(z + p)}};
}

grid::IndexBox ghosted_cells(DM dm) {
  PetscInt x, y, z, m, n, p;
  LINNET_CHECK(DMDAGetGhostCorners(dm, &x, &y, &z, &m, &n, &p));
  const core::Index3 lo{static_cast<int>(x), static_cast<int>(y), static_cast<int>(z)};
  return {lo, {static_cast<int>(x + m), static_cast<int>(y + n), static_cast<int>(z + p)}};
}

CellArray::CellArray(Vec vec, const grid::IndexBox& box, grid::Access access)
    : box_(box), view_(vec, box.extent(), access), access_(access),
      host_(Kokkos::create_mirror_view(view_.field().values)) {
  const auto& values = view_.field().values;
  if (access != grid::Access::write && host_.data() != values.data())
    Kokkos::deep_copy(host_, values);
  const core::Index3 n = box.extent();
  pitch_y_ = n[0];
  pitch_z_ = pitch_y_ * n[1];
  data_ = host_.data() - (box.lo[0] + pitch_y_ * box.lo[1] + pitch_z_ * box.lo[2]);
}

CellArray::~CellArray() {
  const auto& values = view_.field().values;
  if (access_ != grid::Access::read && host_.data() != values.data())
    Kokkos::deep_copy(values, host_);
}

Owned<Vec> make_cell_vector(DM dm, const char* name) {
  Vec v = nullptr;
  LINNET_CHECK(DMCreateGlobalVector(dm, &v));
  LINNET_CHECK(PetscObjectSetName(reinterpret_cast<PetscObject>(v), name));
  return Owned<Vec>(v);
}

Owned<Vec> with_ghosts(DM dm, Vec global) {
  Vec v = nullptr;
  LINNET_CHECK(DMCreateLocalVector(dm, &v));
  Owned<Vec> local(v);
  LINNET_CHECK(VecZeroEntries(v));
  LINNET_CHECK(DMGlobalToLocalBegin(dm, global, INSERT_VALUES, v));
  LINNET_CHECK(DMGlobalToLocalEnd(dm, global, INSERT_VALUES, v));
  return local;
}

} // namespace linnet::problems
