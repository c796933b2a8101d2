// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/loading.hpp>
#include <linnet/fem/loading/rigid_motions.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>

#include <gtest/gtest.h>

using namespace linnet;

namespace {

using Hold = std::pair<const char*, std::array<bool, 3>>;

std::string motion(const std::vector<Hold>& holds) {
  fem::BoxMeshOptions options;
  options.cells = {3, 2, 4};
  options.lengths = {3, 2, 400};
  const fem::Mesh mesh = fem::make_box_mesh(PETSC_COMM_WORLD, options);
  fem::Loading loading(mesh);
  for (const auto& [group, components] : holds) loading.hold(group, components);
  return fem::free_rigid_motion(mesh, loading.held_dofs());
}

} // namespace

TEST(RigidMotions, SupportsThatHoldAreFound) {
  EXPECT_EQ(motion({{"z0", {true, true, true}}}), "");
  EXPECT_EQ(motion({{"x0", {true, false, false}},
                    {"y0", {false, true, false}},
                    {"z0", {false, false, true}}}),
            "");
  // The least: three points.
  EXPECT_EQ(motion({{"x0y0z0", {true, true, true}},
                    {"x1y0z0", {false, true, true}},
                    {"x0y1z0", {false, false, true}}}),
            "");
}

TEST(RigidMotions, WhatIsFreeIsNamed) {
  EXPECT_NE(motion({}).find("can "), std::string::npos);
  EXPECT_EQ(motion({{"x0", {true, false, false}}, {"y0", {false, true, false}}}),
            "it can move along (0, 0, 1)");
  EXPECT_EQ(motion({{"z0", {false, false, true}}, {"x0y0z0", {true, true, false}}}),
            "it can turn about the direction (0, 0, 1)");
  EXPECT_EQ(motion({{"x0y0", {true, true, false}}, {"z0", {false, false, true}}}),
            "it can turn about the direction (0, 0, 1)");
}
