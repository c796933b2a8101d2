// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Steps without divisions are those of the grid's map, for every pair of a row and a column.
#include <linnet/core/owned.hpp>
#include <linnet/grid/row_steps.hpp>

#include <gtest/gtest.h>

namespace {

using namespace linnet;
using grid::GridMap;

void expect_the_steps_of(const GridMap& map, PetscInt first, PetscInt last, PetscInt size) {
  grid::RowSteps steps(map, first < last ? first : 0);
  for (PetscInt row = first; row < last; ++row, steps.advance()) {
    ASSERT_EQ(steps.point(), map.point_of(row)) << row;
    for (PetscInt column = 0; column < size; ++column)
      ASSERT_EQ(steps.step_to(column), map.step(map.point_of(row), map.point_of(column)))
          << row << ' ' << column;
  }
}

core::Owned<DM> make_da(const core::Index3& n, DMBoundaryType boundary) {
  DM raw = nullptr;
  LINNET_CHECK(DMDACreate3d(PETSC_COMM_WORLD, boundary, DM_BOUNDARY_NONE, boundary,
                            DMDA_STENCIL_BOX, n[0], n[1], n[2], PETSC_DECIDE, PETSC_DECIDE,
                            PETSC_DECIDE, 1, 1, nullptr, nullptr, nullptr, &raw));
  core::Owned<DM> da(raw);
  LINNET_CHECK(DMSetUp(raw));
  return da;
}

TEST(RowSteps, AreThoseOfADmda) {
  for (const core::Index3& n : {core::Index3{7, 5, 6}, {2, 9, 4}, {9, 2, 2}, {4, 4, 3}})
    for (const DMBoundaryType boundary : {DM_BOUNDARY_NONE, DM_BOUNDARY_PERIODIC}) {
      const auto da = make_da(n, boundary);
      const GridMap map(da.get(), "test");
      Vec raw = nullptr;
      LINNET_CHECK(DMCreateGlobalVector(da.get(), &raw));
      const core::Owned<Vec> v(raw);
      PetscInt first, last, size;
      LINNET_CHECK(VecGetOwnershipRange(raw, &first, &last));
      LINNET_CHECK(VecGetSize(raw, &size));
      expect_the_steps_of(map, first, last, size);
    }
}

TEST(RowSteps, AreThoseOfADeclaredGrid) {
  for (const core::Index3& n : {core::Index3{7, 5, 6}, {1, 8, 5}, {12, 9, 1}}) {
    const auto size = static_cast<PetscInt>(core::volume(n));
    Mat raw = nullptr;
    LINNET_CHECK(MatCreateAIJ(PETSC_COMM_WORLD, PETSC_DECIDE, PETSC_DECIDE, size, size, 1, nullptr,
                              0, nullptr, &raw));
    const core::Owned<Mat> matrix(raw);
    grid::DeclaredGrid declared;
    declared.dimension = n[2] > 1 ? 3 : 2;
    declared.points = n;
    declared.periodic = {false, true, false};
    const GridMap map(raw, nullptr, declared, "test");
    PetscInt first, last;
    LINNET_CHECK(MatGetOwnershipRange(raw, &first, &last));
    expect_the_steps_of(map, first, last, size);
  }
}

} // namespace
