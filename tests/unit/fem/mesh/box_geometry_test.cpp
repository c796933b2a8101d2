// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Volumes and surfaces of mapped boxes against closed forms.
#include "mesh_geometry.hpp"

#include <linnet/fem/mesh/box_mesh.hpp>

#include <gtest/gtest.h>

#include <numbers>
#include <string>

using namespace linnet;
using namespace linnet::tests;
using fem::BoxMap;
using fem::BoxMeshOptions;
using fem::CellShape;

namespace {

constexpr std::array sides{"x0", "x1", "y0", "y1", "z0", "z1"};

struct Case {
  BoxMap map;
  CellShape shape;
  double distortion;
};

class ClosedSurface : public ::testing::TestWithParam<Case> {};

/// Outward normals on the whole surface: their integral vanishes, and that of x . n is three times
/// the volume. A single face turned over or missing spoils both.
TEST_P(ClosedSurface, FulfilsTheDivergenceTheorem) {
  BoxMeshOptions options;
  options.map = GetParam().map;
  options.shape = GetParam().shape;
  options.distortion = GetParam().distortion;
  options.cells = {3, 4, 5};
  const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
  const double per_box = options.shape == CellShape::hex8 ? 1 : 2;
  const std::array<double, 3> boxes{4 * 5, 3 * 5, 3 * 4};
  double flux = 0, area = 0;
  Vector3 normal{};
  for (std::size_t s = 0; s < sides.size(); ++s) {
    const FaceIntegrals face = over_faces(mesh, sides[s]);
    EXPECT_EQ(face.faces, per_box * boxes[s / 2]) << sides[s];
    flux += face.flux;
    area += face.area;
    for (std::size_t d = 0; d < 3; ++d) normal[d] += face.normal[d];
  }
  for (const double n : normal) EXPECT_NEAR(n, 0, 1e-13 * area);
  const double inside = volume(mesh);
  EXPECT_GT(inside, 0);
  EXPECT_NEAR(flux / 3, inside, 1e-12 * inside);
}

INSTANTIATE_TEST_SUITE_P(Maps, ClosedSurface,
                         ::testing::Values(Case{BoxMap::box, CellShape::hex8, 0.2},
                                           Case{BoxMap::box, CellShape::tet10, 0.2},
                                           Case{BoxMap::twisted_box, CellShape::hex8, 0},
                                           Case{BoxMap::twisted_box, CellShape::tet10, 0},
                                           Case{BoxMap::blade, CellShape::hex8, 0},
                                           Case{BoxMap::blade, CellShape::tet10, 0},
                                           Case{BoxMap::cylinder_sector, CellShape::hex8, 0.1},
                                           Case{BoxMap::cylinder_sector, CellShape::tet10, 0.1},
                                           Case{BoxMap::plate_with_hole, CellShape::hex8, 0},
                                           Case{BoxMap::plate_with_hole, CellShape::tet10, 0}));

TEST(BoxGeometry, FacesOfABoxLookOutwards) {
  for (const CellShape shape : {CellShape::hex8, CellShape::tet10}) {
    BoxMeshOptions options;
    options.shape = shape;
    options.cells = {2, 3, 2};
    options.lengths = {2, 3, 5};
    const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
    const std::array<double, 3> area{15, 10, 6};
    for (std::size_t s = 0; s < sides.size(); ++s) {
      const FaceIntegrals face = over_faces(mesh, sides[s]);
      EXPECT_NEAR(face.area, area[s / 2], 1e-12);
      for (std::size_t d = 0; d < 3; ++d)
        EXPECT_NEAR(face.normal[d], d == s / 2 ? (s % 2 == 0 ? -1 : 1) * area[d] : 0.0, 1e-12);
    }
    EXPECT_NEAR(volume(mesh), 30, 1e-12);
  }
}

/// The twist turns every section and keeps its area.
TEST(BoxGeometry, TwistedBoxTurnsAboutItsAxis) {
  BoxMeshOptions options;
  options.map = BoxMap::twisted_box;
  options.cells = {4, 4, 8};
  const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
  for (const char* end : {"z0", "z1"}) {
    const FaceIntegrals face = over_faces(mesh, end);
    EXPECT_NEAR(face.area, 240, 1e-11);
    EXPECT_NEAR(face.first_moment[0], 0, 1e-10);
    EXPECT_NEAR(face.first_moment[1], 0, 1e-10);
  }
  const double angle = std::numbers::pi / 12;
  const auto& nodes = mesh.nodes_of("x1y1z1");
  for (const PetscInt n : nodes) {
    EXPECT_NEAR(coordinate(mesh, n)[0], 10 * std::cos(angle) - 6 * std::sin(angle), 1e-12);
    EXPECT_NEAR(coordinate(mesh, n)[1], 10 * std::sin(angle) + 6 * std::cos(angle), 1e-12);
  }
}

/// Hexahedra make a polygon of the arc: every chord spans the angle of one cell.
TEST(BoxGeometry, CylinderSectorIsAPolygonOfItsArc) {
  BoxMeshOptions options;
  options.map = BoxMap::cylinder_sector;
  options.cells = {3, 6, 2};
  options.inner_radius = 2;
  options.outer_radius = 5;
  options.angle = 60;
  options.height = 4;
  const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
  const double step = std::numbers::pi / 18;
  EXPECT_NEAR(volume(mesh), 4 * 6 * 0.5 * std::sin(step) * (25 - 4), 1e-11);
  EXPECT_NEAR(over_faces(mesh, "inner").area, 6 * 2 * 2 * std::sin(step / 2) * 4, 1e-12);
  const FaceIntegrals outer = over_faces(mesh, "outer");
  EXPECT_NEAR(outer.area, 6 * 2 * 5 * std::sin(step / 2) * 4, 1e-12);
  // The resultant of a pressure on the arc is that on its chord.
  EXPECT_NEAR(outer.normal[0], 4 * 5 * std::sin(std::numbers::pi / 3), 1e-12);
  EXPECT_NEAR(outer.normal[1], 4 * 5 * (1 - std::cos(std::numbers::pi / 3)), 1e-12);
}

/// Second-order tetrahedra have the exact points on the arc: the error falls with the fourth power
/// of the cells' size, twice the order of the chord.
TEST(BoxGeometry, SecondOrderSidesFollowTheArc) {
  std::array<double, 2> error{};
  for (std::size_t level = 0; level < 2; ++level) {
    BoxMeshOptions options;
    options.map = BoxMap::cylinder_sector;
    options.shape = CellShape::tet10;
    options.cells = {1, level == 0 ? 2 : 4, 1};
    const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
    error[level] = std::abs(over_faces(mesh, "outer").area - std::numbers::pi);
  }
  EXPECT_GT(error[0] / error[1], 12);
  EXPECT_LT(error[1], 1e-3);
}

TEST(BoxGeometry, PlateWithHoleHasItsSides) {
  BoxMeshOptions options;
  options.map = BoxMap::plate_with_hole;
  options.cells = {4, 8, 1};
  options.lengths = {6, 5, 0.5};
  const fem::Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
  const auto normal_of = [&](const char* group) { return over_faces(mesh, group).normal; };
  const auto near = [](const Vector3& a, const Vector3& b) {
    for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(a[d], b[d], 1e-12);
  };
  near(normal_of("right"), {2.5, 0, 0});
  near(normal_of("top"), {0, 3, 0});
  near(normal_of("bottom"), {0, -2.5, 0});
  near(normal_of("left"), {-2, 0, 0});
  near(normal_of("hole"), {-0.5, -0.5, 0});
  for (const PetscInt n : mesh.nodes_of("hole")) {
    const Vector3 x = coordinate(mesh, n);
    EXPECT_NEAR(std::hypot(x[0], x[1]), 1, 1e-14);
  }
  for (const PetscInt n : mesh.nodes_of("left")) EXPECT_EQ(coordinate(mesh, n)[0], 0.0);
  for (const PetscInt n : mesh.nodes_of("bottom")) EXPECT_EQ(coordinate(mesh, n)[1], 0.0);
}

TEST(BoxGeometry, DistortionMovesInnerNodesOnly) {
  for (const CellShape shape : {CellShape::hex8, CellShape::tet10}) {
    BoxMeshOptions options;
    options.shape = shape;
    options.cells = {4, 4, 4};
    const fem::Mesh plain = make_box_mesh(PETSC_COMM_SELF, options);
    options.distortion = 0.2;
    const fem::Mesh moved = make_box_mesh(PETSC_COMM_SELF, options);
    std::vector<char> on_surface(static_cast<std::size_t>(plain.nodes()), 0);
    for (const char* side : sides)
      for (const PetscInt n : plain.nodes_of(side)) on_surface[static_cast<std::size_t>(n)] = 1;
    int shifted = 0;
    for (PetscInt n = 0; n < plain.nodes(); ++n)
      for (std::size_t d = 0; d < 3; ++d) {
        const double shift = std::abs(coordinate(plain, n)[d] - coordinate(moved, n)[d]);
        EXPECT_LE(shift, 0.05);
        if (on_surface[static_cast<std::size_t>(n)] != 0) {
          EXPECT_EQ(shift, 0.0);
        } else if (shift > 1e-4) {
          ++shifted;
        }
      }
    EXPECT_GT(shifted, 3 * 27 * 9 / 10);
    // Edges of tetrahedra stay straight, so that they reproduce linear fields exactly.
    for (PetscInt c = 0; shape == CellShape::tet10 && c < moved.cells(); ++c)
      for (int e = 0; e < 6; ++e)
        for (std::size_t d = 0; d < 3; ++d) {
          const auto& ends = fem::tet10_edges[static_cast<std::size_t>(e)];
          const double middle = (coordinate(moved, cell_node(moved, c, ends[0]))[d] +
                                 coordinate(moved, cell_node(moved, c, ends[1]))[d]) /
                                2;
          EXPECT_NEAR(coordinate(moved, cell_node(moved, c, 4 + e))[d], middle, 1e-15);
        }
  }
}

} // namespace
