// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Numbers, coordinates and groups of mapped boxes.
#include "mesh_geometry.hpp"

#include "support/usage_error.hpp"

#include <linnet/fem/mesh/box_mesh.hpp>

#include <gtest/gtest.h>

#include <numbers>

using namespace linnet;
using namespace linnet::tests;
using fem::BoxMap;
using fem::BoxMeshOptions;
using fem::CellShape;

namespace {

std::array<PetscInt, 3> index_of(PetscInt number, PetscInt in_x, PetscInt in_y) {
  return {number % in_x, number / in_x % in_y, number / (in_x * in_y)};
}

TEST(BoxMesh, NumbersNodesAndCellsLexicographically) {
  BoxMeshOptions options;
  options.cells = {3, 2, 4};
  options.lengths = {6, 10, 2};
  const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
  EXPECT_EQ(mesh.all_cells(), 24);
  EXPECT_EQ(mesh.all_nodes(), 60);
  for (PetscInt n = 0; n < mesh.nodes(); ++n) {
    const auto at = index_of(mesh.original_nodes()[static_cast<std::size_t>(n)], 4, 3);
    const Vector3 x = coordinate(mesh, n);
    EXPECT_DOUBLE_EQ(x[0], 2.0 * static_cast<double>(at[0]));
    EXPECT_DOUBLE_EQ(x[1], 5.0 * static_cast<double>(at[1]));
    EXPECT_DOUBLE_EQ(x[2], 0.5 * static_cast<double>(at[2]));
  }
  const int corner[8][3] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                            {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};
  for (PetscInt c = 0; c < mesh.cells(); ++c) {
    const auto at = index_of(mesh.original_cells()[static_cast<std::size_t>(c)], 3, 2);
    for (int v = 0; v < 8; ++v) {
      const PetscInt expected =
          at[0] + corner[v][0] + 4 * (at[1] + corner[v][1] + 3 * (at[2] + corner[v][2]));
      EXPECT_EQ(mesh.original_nodes()[static_cast<std::size_t>(cell_node(mesh, c, v))], expected);
    }
  }
}

TEST(BoxMesh, BladeIsThatOfTheReferenceRun) {
  BoxMeshOptions options;
  options.map = BoxMap::blade;
  const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
  EXPECT_EQ(mesh.all_cells(), 600);
  EXPECT_EQ(mesh.all_nodes(), 924);
  EXPECT_NEAR(volume(mesh), 2193.0905017, 1e-7);
  // 0.3 MPa against the pressure side.
  const FaceIntegrals pressure = over_faces(mesh, "pressure");
  EXPECT_NEAR(-0.3 * pressure.normal[0], -28.1125046, 1e-7);
  EXPECT_NEAR(-0.3 * pressure.normal[1], 219.572452, 1e-6);
  EXPECT_NEAR(-0.3 * pressure.normal[2], -2.2270459, 1e-7);
}

TEST(BoxMesh, BladeKeepsItsParameters) {
  BoxMeshOptions options;
  options.map = BoxMap::blade;
  const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
  ASSERT_EQ(mesh.parametric().size(), 3 * static_cast<std::size_t>(mesh.nodes()));
  for (PetscInt n = 0; n < mesh.nodes(); ++n) {
    const double* p = mesh.parametric().data() + 3 * n;
    const auto at = index_of(mesh.original_nodes()[static_cast<std::size_t>(n)], 11, 4);
    EXPECT_DOUBLE_EQ(p[0], static_cast<double>(at[0]) / 10);
    EXPECT_DOUBLE_EQ(p[1], static_cast<double>(at[1]) / 3 - 0.5);
    EXPECT_DOUBLE_EQ(p[2], static_cast<double>(at[2]) / 20);
    const double thickness = 4 * (0.35 + 0.65 * std::sqrt(4 * p[0] * (1 - p[0]))) * (1 - p[2] / 4);
    const double across = thickness * p[1] + 6 * p[0] * (1 - p[0]);
    const double along = 20 * (p[0] - 0.5) * (1 - 0.15 * p[2]);
    const double angle = std::numbers::pi / 12 * p[2];
    EXPECT_NEAR(coordinate(mesh, n)[0], std::cos(angle) * along - std::sin(angle) * across, 1e-13);
    EXPECT_NEAR(coordinate(mesh, n)[1], std::sin(angle) * along + std::cos(angle) * across, 1e-13);
    EXPECT_NEAR(coordinate(mesh, n)[2], 40 * p[2], 1e-13);
  }
}

/// The place of the only node of a group, on all ranks.
Vector3 point(const fem::Mesh& mesh, std::string_view group) {
  EXPECT_EQ(count_nodes(mesh, group), 1) << group;
  std::vector<double> x(3, 0.0);
  for (const PetscInt n : mesh.nodes_of(group))
    if (n < mesh.owned_nodes())
      for (std::size_t d = 0; d < 3; ++d) x[d] += coordinate(mesh, n)[d];
  x = sum_over_ranks(x, mesh.comm());
  return {x[0], x[1], x[2]};
}

TEST(BoxMesh, NamesEdgesCornersAndPins) {
  for (const CellShape shape : {CellShape::hex8, CellShape::tet10}) {
    BoxMeshOptions options;
    options.shape = shape;
    options.cells = {2, 3, 4};
    options.lengths = {2, 3, 4};
    const PetscInt steps = shape == CellShape::hex8 ? 1 : 2;
    const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
    EXPECT_EQ(count_nodes(mesh, "x0y1"), 4 * steps + 1);
    EXPECT_EQ(count_nodes(mesh, "x1z0"), 3 * steps + 1);
    EXPECT_EQ(count_nodes(mesh, "y0z1"), 2 * steps + 1);
    EXPECT_EQ(count_nodes(mesh, "z1"), (2 * steps + 1) * (3 * steps + 1));
    for (const PetscInt n : mesh.nodes_of("x0y1")) {
      EXPECT_EQ(coordinate(mesh, n)[0], 0.0);
      EXPECT_EQ(coordinate(mesh, n)[1], 3.0);
    }
    EXPECT_EQ(point(mesh, "x0y1z1"), (Vector3{0, 3, 4}));
    EXPECT_EQ(point(mesh, "x1y0z0"), (Vector3{2, 0, 0}));

    options.map = BoxMap::blade;
    const fem::Mesh blade = make_box_mesh(PETSC_COMM_WORLD, options);
    // Node ny/2 of three cells is the second: eta = -1/6, thickness 1.4 at the edges.
    const Vector3 leading = point(blade, "leading_pin"), trailing = point(blade, "trailing_pin");
    EXPECT_NEAR(leading[0], -10, 1e-14);
    EXPECT_NEAR(leading[1], -1.4 / 6, 1e-14);
    EXPECT_NEAR(leading[2], 0, 1e-14);
    EXPECT_NEAR(trailing[0], 10, 1e-14);
    EXPECT_NEAR(trailing[1], -1.4 / 6, 1e-14);
  }
}

TEST(BoxMesh, SaysWhichGroupsThereAre) {
  BoxMeshOptions options;
  options.cells = {1, 1, 1};
  const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
  const std::string surface = usage_error([&] { static_cast<void>(mesh.faces("root")); });
  EXPECT_NE(surface.find("no surface 'root'; it has: x0, x1, y0, y1, z0, z1"), std::string::npos)
      << surface;
  EXPECT_EQ(surface.find("x0y0"), std::string::npos) << "edges are no surfaces";
  const std::string group = usage_error([&] { static_cast<void>(mesh.nodes_of("rim")); });
  EXPECT_NE(group.find("no group 'rim'; it has: x0, x1"), std::string::npos) << group;
  EXPECT_NE(group.find("x1y1z1"), std::string::npos) << group;
  EXPECT_TRUE(mesh.has_group("x0y0"));
  EXPECT_FALSE(mesh.has_group("rim"));
}

TEST(BoxMesh, RefusesWrongOptions) {
  const auto refusal = [](auto&& change) {
    BoxMeshOptions options;
    change(options);
    return usage_error([&] { make_box_mesh(PETSC_COMM_WORLD, options); });
  };
  const auto has = [](const std::string& line, std::string_view part) {
    EXPECT_NE(line.find(part), std::string::npos) << line;
  };
  has(refusal([](auto& o) { o.cells = {0, 1, 1}; }), "1 or more");
  has(refusal([](auto& o) { o.cells = {100000, 100000, 100000}; }), "64-bit");
  has(refusal([](auto& o) { o.lengths = {1, -1, 1}; }), "length -1; allowed: positive");
  has(refusal([](auto& o) { o.distortion = 0.5; }), "distortion 0.5");
  has(refusal([](auto& o) {
        o.map = BoxMap::cylinder_sector;
        o.inner_radius = 3;
      }),
      "radii 3 and 2");
  has(refusal([](auto& o) {
        o.map = BoxMap::plate_with_hole;
        o.cells = {2, 3, 1};
      }),
      "even");
  has(usage_error([] { static_cast<void>(fem::box_map("blad")); }), "plate_with_hole");
  EXPECT_EQ(fem::box_map("blade"), BoxMap::blade);
}

} // namespace
