// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Grids of all shapes for Mat `stencil`, and vectors that do not depend on the ranks.
#pragma once

#include <linnet/core/random.hpp>
#include <linnet/grid/mat_stencil.hpp>

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <vector>

namespace linnet::test {

using core::Index3;
using kernels::StencilPattern;

struct Case {
  const char* name;
  StencilPattern pattern;
  Index3 points;
  std::array<bool, 3> periodic;
};

inline const Case cases[] = {
    {"star2d", StencilPattern::star2d, {13, 11, 1}, {false, false, false}},
    {"box2d", StencilPattern::box2d, {9, 14, 1}, {false, false, false}},
    {"star3d", StencilPattern::star3d, {11, 7, 9}, {false, false, false}},
    {"box3d", StencilPattern::box3d, {8, 9, 10}, {false, false, false}},
    {"star2d periodic", StencilPattern::star2d, {9, 8, 1}, {true, true, false}},
    {"box2d periodic", StencilPattern::box2d, {8, 11, 1}, {true, false, false}},
    {"star3d periodic", StencilPattern::star3d, {6, 7, 8}, {false, true, true}},
    {"box3d periodic", StencilPattern::box3d, {6, 5, 7}, {true, true, true}},
    {"thin x", StencilPattern::star3d, {1, 9, 12}, {false, false, false}},
    {"thin z", StencilPattern::box3d, {9, 12, 1}, {false, false, false}},
    {"line", StencilPattern::box3d, {1, 1, 25}, {false, false, false}},
    {"row", StencilPattern::star2d, {31, 1, 1}, {false, false, false}},
    {"periodic of one", StencilPattern::star3d, {1, 8, 9}, {true, false, false}},
    {"periodic of two", StencilPattern::box3d, {9, 10, 2}, {false, false, true}},
    {"both", StencilPattern::box2d, {2, 16, 1}, {true, true, false}},
};

inline DM make_da(const Case& c) {
  auto boundary = [&](int d) { return c.periodic[d] ? DM_BOUNDARY_PERIODIC : DM_BOUNDARY_NONE; };
  const bool star = c.pattern == StencilPattern::star2d || c.pattern == StencilPattern::star3d;
  const auto type = star ? DMDA_STENCIL_STAR : DMDA_STENCIL_BOX;
  DM da;
  if (kernels::is_three_dimensional(c.pattern))
    LINNET_CHECK(DMDACreate3d(PETSC_COMM_WORLD, boundary(0), boundary(1), boundary(2), type,
                              c.points[0], c.points[1], c.points[2], PETSC_DECIDE, PETSC_DECIDE,
                              PETSC_DECIDE, 1, 1, nullptr, nullptr, nullptr, &da));
  else
    LINNET_CHECK(DMDACreate2d(PETSC_COMM_WORLD, boundary(0), boundary(1), type, c.points[0],
                              c.points[1], PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr, nullptr,
                              &da));
  LINNET_CHECK(DMSetUp(da));
  return da;
}

/// A Vec whose value at a point depends on the point alone, not on the ranks.
inline Vec point_vec(DM da, std::uint64_t stream, double lo, double hi) {
  Vec natural, v;
  LINNET_CHECK(DMDACreateNaturalVector(da, &natural));
  PetscInt first, last;
  LINNET_CHECK(VecGetOwnershipRange(natural, &first, &last));
  const core::RandomStream random(42, stream);
  for (PetscInt i = first; i < last; ++i)
    LINNET_CHECK(VecSetValue(
        natural, i, lo + (hi - lo) * random.uniform(static_cast<std::uint64_t>(i)), INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(natural));
  LINNET_CHECK(VecAssemblyEnd(natural));
  LINNET_CHECK(DMCreateGlobalVector(da, &v));
  LINNET_CHECK(DMDANaturalToGlobalBegin(da, natural, INSERT_VALUES, v));
  LINNET_CHECK(DMDANaturalToGlobalEnd(da, natural, INSERT_VALUES, v));
  LINNET_CHECK(VecDestroy(&natural));
  return v;
}

inline Mat make_mat(DM da, const char* type) {
  Mat A;
  LINNET_CHECK(DMSetMatType(da, type));
  LINNET_CHECK(DMCreateMatrix(da, &A));
  return A;
}

/// With couplings from 0.1 to 2 and row sums from 0 to 0.5.
inline Mat random_symmetric(DM da, StencilPattern pattern) {
  Mat A = make_mat(da, MATSTENCIL);
  std::vector<Vec> couplings;
  for (int m = 0; m < kernels::coupling_count(pattern); ++m)
    couplings.push_back(point_vec(da, static_cast<std::uint64_t>(m + 1), 0.1, 2.0));
  Vec sum = point_vec(da, 100, 0.0, 0.5);
  LINNET_CHECK(grid::MatStencilSetCouplings(A, pattern, couplings.data(), sum));
  for (Vec& v : couplings) LINNET_CHECK(VecDestroy(&v));
  LINNET_CHECK(VecDestroy(&sum));
  return A;
}

/// Runs @p body on a DMDA for every case.
inline void for_cases(const std::function<void(const Case&, DM)>& body) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    DM da = make_da(c);
    body(c, da);
    LINNET_CHECK(DMDestroy(&da));
  }
}

} // namespace linnet::test
