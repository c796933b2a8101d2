// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Meshes as gmsh writes them.
#include "mesh_files.hpp"
#include "mesh_geometry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>
#include <string>

using namespace linnet;
using namespace linnet::tests;
using fem::CellShape;
using fem::Mesh;

namespace {

/// On every rank for itself: coordinates decide how a mesh is cut, and ASCII rounds them.
Mesh corpus(const std::string& name) {
  return fem::read_mesh(PETSC_COMM_SELF, std::string(LINNET_MESH_CORPUS) + "/" + name);
}

Mesh shipped(const std::string& name) {
  return fem::read_mesh(PETSC_COMM_WORLD, std::string(LINNET_MESHES) + "/" + name);
}

/// Numbers of the four formats are the same, coordinates up to the digits of ASCII.
TEST(ReadMesh, FormatsOfOneMeshAreEqual) {
  for (const std::string body : {"hex", "tet"}) {
    const Mesh one = corpus(body + "_41_binary.msh");
    EXPECT_EQ(one.shape(), body == "hex" ? CellShape::hex8 : CellShape::tet10);
    for (const char* format : {"_22.msh", "_22_binary.msh", "_41.msh"}) {
      const Mesh other = corpus(body + format);
      EXPECT_EQ(other.shape(), one.shape());
      EXPECT_EQ(other.regions(), one.regions());
      EXPECT_EQ(other.group_names(), one.group_names());
      EXPECT_TRUE(std::ranges::equal(other.original_cells(), one.original_cells())) << format;
      EXPECT_TRUE(std::ranges::equal(other.original_nodes(), one.original_nodes())) << format;
      EXPECT_TRUE(std::ranges::equal(other.cell_nodes(), one.cell_nodes())) << format;
      EXPECT_TRUE(std::ranges::equal(other.cell_regions(), one.cell_regions())) << format;
      for (const std::string& group : one.group_names())
        EXPECT_EQ(other.nodes_of(group), one.nodes_of(group)) << group;
      EXPECT_EQ(other.coordinates().size(), one.coordinates().size());
      for (std::size_t x = 0; x < one.coordinates().size(); ++x)
        EXPECT_NEAR(other.coordinates()[x], one.coordinates()[x], 1e-13);
    }
    EXPECT_EQ(corpus(body + "_22_binary.msh").fingerprint(), one.fingerprint());
    const std::string path = std::string(LINNET_MESH_CORPUS) + "/" + body + "_41_binary.msh";
    EXPECT_EQ(fem::read_mesh(PETSC_COMM_WORLD, path).fingerprint(), one.fingerprint());
  }
}

TEST(ReadMesh, BladesHaveTheirGroups) {
  struct Size {
    const char* file;
    PetscInt nx, ny, nz;
  };
  for (const auto& [file, nx, ny, nz] :
       {Size{"blade.msh", 12, 4, 24}, Size{"blade_medium.msh", 24, 8, 60}}) {
    const Mesh mesh = shipped(file);
    EXPECT_EQ(mesh.all_nodes(), (nx + 1) * (ny + 1) * (nz + 1));
    EXPECT_EQ(mesh.all_cells(), nx * ny * nz);
    EXPECT_EQ(mesh.regions(), std::vector<std::string>{"blade"});
    EXPECT_EQ(mesh.group_names(), (std::vector<std::string>{"root", "tip", "pressure", "suction",
                                                            "leading_pin", "trailing_pin"}));
    EXPECT_TRUE(mesh.parametric().empty());
    EXPECT_EQ(count_nodes(mesh, "root"), (nx + 1) * (ny + 1));
    EXPECT_EQ(count_nodes(mesh, "suction"), (nx + 1) * (nz + 1));
    EXPECT_EQ(count_nodes(mesh, "leading_pin"), 1);
    const FaceIntegrals root = over_faces(mesh, "root"), tip = over_faces(mesh, "tip");
    EXPECT_EQ(root.faces, static_cast<double>(nx * ny));
    EXPECT_NEAR(root.normal[2], -root.area, 1e-12 * root.area);
    EXPECT_NEAR(tip.area, root.area, 1e-9 * root.area); // the sweep only turns the section
    EXPECT_NEAR(tip.first_moment[2] / tip.area, 40, 1e-9);
    // Layers of straight hexahedra between turned copies of a polygon of known area.
    const double layer = std::numbers::pi / 12 / static_cast<double>(nz);
    EXPECT_NEAR(volume(mesh), 40 * root.area * (2 + std::cos(layer)) / 3, 1e-7);
    for (const PetscInt n : mesh.nodes_of("leading_pin"))
      EXPECT_EQ(coordinate(mesh, n), (Vector3{-10, -1, 0}));
    // Loads push across the blade from its hollow side.
    EXPECT_LT(over_faces(mesh, "pressure").normal[1], -750);
    EXPECT_GT(over_faces(mesh, "suction").normal[1], 750);
  }
}

TEST(ReadMesh, PerforatedPlateIsClosed) {
  const Mesh mesh = shipped("perforated_plate.msh");
  const double step = std::numbers::pi / 24; // 12 chords along a quarter of the hole
  const double hole = 0.5 * 12 * std::sin(step);
  EXPECT_NEAR(volume(mesh), 0.5 * (25 - hole), 1e-10);
  EXPECT_NEAR(over_faces(mesh, "hole").area, 0.5 * 12 * 2 * std::sin(step / 2), 1e-10);
  EXPECT_NEAR(over_faces(mesh, "right").normal[0], 2.5, 1e-10);
  EXPECT_NEAR(over_faces(mesh, "top").normal[1], 2.5, 1e-10);
  EXPECT_NEAR(over_faces(mesh, "left").normal[0], -2, 1e-10);
  EXPECT_NEAR(over_faces(mesh, "bottom").normal[1], -2, 1e-10);
  double flux = 0;
  for (const char* side : {"hole", "right", "top", "left", "bottom", "front", "back"})
    flux += over_faces(mesh, side).flux;
  EXPECT_NEAR(flux / 3, volume(mesh), 1e-10);
}

TEST(ReadMesh, CubeOfTetrahedraHasTwoRegions) {
  const Mesh mesh = shipped("two_layer_cube.msh");
  EXPECT_EQ(mesh.shape(), CellShape::tet10);
  EXPECT_EQ(mesh.regions(), (std::vector<std::string>{"lower", "upper"}));
  EXPECT_NEAR(volume(mesh, 0), 0.5, 1e-12);
  EXPECT_NEAR(volume(mesh, 1), 0.5, 1e-12);
  double flux = 0;
  for (const char* side : {"x0", "x1", "y0", "y1", "z0", "z1"}) {
    EXPECT_NEAR(over_faces(mesh, side).area, 1, 1e-12) << side;
    flux += over_faces(mesh, side).flux;
  }
  EXPECT_NEAR(flux, 3, 1e-12);
  EXPECT_NEAR(over_faces(mesh, "y1").normal[1], 1, 1e-12);
  EXPECT_EQ(count_nodes(mesh, "x0y1z1"), 1);
  for (const PetscInt n : mesh.nodes_of("x0y1z1"))
    EXPECT_EQ(coordinate(mesh, n), (Vector3{0, 1, 1}));
  for (const PetscInt n : mesh.nodes_of("x0y0")) {
    EXPECT_EQ(coordinate(mesh, n)[0], 0.0);
    EXPECT_EQ(coordinate(mesh, n)[1], 0.0);
  }
  EXPECT_EQ(count_nodes(mesh, "x0y0") % 2, 1) << "middles of edges belong to a curve";
}

TEST(ReadMesh, GroupsWithoutNameGoByNumber) {
  const MeshFile file(two_cubes("$Elements\n4\n1 5 2 7 1 1 2 3 4 5 6 7 8\n"
                                "2 5 2 3 1 5 6 7 8 9 10 11 12\n"
                                "3 3 2 12 1 1 2 3 4\n4 15 2 31 1 11\n$EndElements\n"));
  const Mesh mesh = fem::read_mesh(PETSC_COMM_WORLD, file.path());
  EXPECT_EQ(mesh.regions(), (std::vector<std::string>{"3", "7"}));
  EXPECT_EQ(mesh.group_names(), (std::vector<std::string>{"12", "31"}));
  EXPECT_NEAR(over_faces(mesh, "12").normal[2], -1, 1e-14);
  EXPECT_EQ(count_nodes(mesh, "31"), 1);
  for (PetscInt c = 0; c < mesh.cells(); ++c) // the first cell is in "7"
    EXPECT_EQ(mesh.cell_regions()[static_cast<std::size_t>(c)],
              mesh.original_cells()[static_cast<std::size_t>(c)] == 0 ? 1 : 0);
}

/// Nodes that no cell has, like centres of arcs, take no numbers; those of the others keep the
/// order of the file, whatever gmsh calls them.
TEST(ReadMesh, WithoutPhysicalVolumesAllIsSolid) {
  const MeshFile file(with_format(
      "$Comment\nanything $Nodes\n$EndComment\n$Nodes\n9\n40 0 0 0\n7 9 9 9\n2 1 0 0\n3 1 1 0\n4 0 "
      "1 "
      "0\n5 0 0 1\n6 1 0 1\n70 1 1 1\n8 0 1 1\n$EndNodes\n$Elements\n1\n9 5 2 0 1 40 2 3 4 5 6 70 "
      "8\n$EndElements\n"));
  const Mesh mesh = fem::read_mesh(PETSC_COMM_WORLD, file.path());
  EXPECT_EQ(mesh.regions(), std::vector<std::string>{"solid"});
  EXPECT_EQ(mesh.all_nodes(), 8);
  EXPECT_NEAR(volume(mesh), 1, 1e-14);
  for (PetscInt n = 0; n < mesh.nodes(); ++n)
    if (mesh.original_nodes()[static_cast<std::size_t>(n)] == 6) {
      EXPECT_EQ(coordinate(mesh, n), (Vector3{1, 1, 1}));
    }
}

TEST(ReadMesh, FaceBetweenTwoCellsAppearsForEach) {
  const MeshFile file(two_cubes("$PhysicalNames\n1\n2 4 \"the joint\"\n$EndPhysicalNames\n"
                                "$Elements\n3\n1 5 2 1 1 1 2 3 4 5 6 7 8\n"
                                "2 5 2 1 1 5 6 7 8 9 10 11 12\n3 3 2 4 1 7 8 5 6\n$EndElements\n"));
  const Mesh mesh = fem::read_mesh(PETSC_COMM_WORLD, file.path());
  const FaceIntegrals joint = over_faces(mesh, "the joint");
  EXPECT_EQ(joint.faces, 2);
  EXPECT_NEAR(joint.normal[2], 0, 1e-15);
  EXPECT_EQ(count_nodes(mesh, "the joint"), 4);
}

/// A curve and a surface of one name: which one is meant cannot be known.
TEST(ReadMesh, NamesOfTwoDimensionsAreRefusedWhereItMatters) {
  const MeshFile file(two_cubes("$PhysicalNames\n2\n2 4 \"rim\"\n1 9 \"rim\"\n$EndPhysicalNames\n"
                                "$Elements\n4\n1 5 2 1 1 1 2 3 4 5 6 7 8\n"
                                "2 5 2 1 1 5 6 7 8 9 10 11 12\n3 3 2 4 1 1 2 3 4\n"
                                "4 1 2 9 1 9 10\n$EndElements\n"));
  const Mesh mesh = fem::read_mesh(PETSC_COMM_WORLD, file.path());
  EXPECT_NEAR(over_faces(mesh, "rim").area, 1, 1e-14);
  EXPECT_THROW(static_cast<void>(mesh.nodes_of("rim")), core::Error);
}

} // namespace
