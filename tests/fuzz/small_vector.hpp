// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The grid that the files of the corpus were written for.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscdmda.h>

namespace linnet::fuzz {

/// A vector of 4 x 3 x 2 cells on this process. Lives as long as the process.
inline Vec small_vector() {
  constexpr auto none = DM_BOUNDARY_NONE;
  DM cells = nullptr;
  Vec vec = nullptr;
  LINNET_CHECK(DMDACreate3d(PETSC_COMM_SELF, none, none, none, DMDA_STENCIL_STAR, 4, 3, 2, 1, 1, 1,
                            1, 1, nullptr, nullptr, nullptr, &cells));
  LINNET_CHECK(DMSetUp(cells));
  LINNET_CHECK(DMCreateGlobalVector(cells, &vec));
  LINNET_CHECK(DMDestroy(&cells)); // the vector keeps it
  return vec;
}

} // namespace linnet::fuzz
