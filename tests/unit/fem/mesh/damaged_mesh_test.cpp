// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Files and cells that are refused, in one line that says why.
#include "mesh_files.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace linnet;
using namespace linnet::tests;

namespace {

void expect_refusal(const std::string& content, std::string_view part) {
  const std::string line = refusal(content);
  EXPECT_NE(line.find(part), std::string::npos) << line;
  EXPECT_EQ(line.find('\n'), std::string::npos) << line;
}

std::string cubes_with(std::string_view elements) { return two_cubes(elements); }

TEST(DamagedMesh, CellsOfOtherKinds) {
  expect_refusal(cubes_with("$Elements\n1\n1 4 2 1 1 1 2 4 5\n$EndElements\n"),
                 "4-node tetrahedra: they lock in plastic flow, which keeps the volume; use second "
                 "order (gmsh -3 -order 2)");
  expect_refusal(cubes_with("$Elements\n1\n1 6 2 1 1 1 2 4 5 6 8\n$EndElements\n"),
                 "6-node prisms; allowed: 8-node hexahedra, 10-node tetrahedra");
  expect_refusal(cubes_with("$Elements\n2\n1 5 2 1 1 1 2 3 4 5 6 7 8\n"
                            "2 11 2 1 1 1 2 3 4 5 6 7 8 9 10\n$EndElements\n"),
                 "mixed cells, 8-node hexahedra and 10-node tetrahedra");
  expect_refusal(cubes_with("$Elements\n1\n1 3 2 1 1 1 2 3 4\n$EndElements\n"), "gmsh -3");
  expect_refusal(cubes_with("$Elements\n1\n1 77 2 1 1 1 2 3 4\n$EndElements\n"), "element type 77");
}

TEST(DamagedMesh, InvertedCellsHaveTheirNumberInTheFile) {
  expect_refusal(cubes_with("$Elements\n2\n71 5 2 1 1 1 2 3 4 5 6 7 8\n"
                            "85 5 2 1 1 9 10 11 12 5 6 7 8\n$EndElements\n"),
                 "cell 85 is inverted or degenerate");
  // Flat: no volume at all.
  expect_refusal(with_format("$Nodes\n8\n1 0 0 0\n2 1 0 0\n3 1 1 0\n4 0 1 0\n5 0 0 0\n6 1 0 0\n"
                             "7 1 1 0\n8 0 1 0\n$EndNodes\n"
                             "$Elements\n1\n3 5 2 1 1 1 2 3 4 5 6 7 8\n$EndElements\n"),
                 "cell 3 is inverted or degenerate");
  // One corner pushed through the opposite face: positive at the centre, negative at a vertex.
  expect_refusal(with_format("$Nodes\n8\n1 0 0 0\n2 1 0 0\n3 1 1 0\n4 0 1 0\n5 0 0 1\n6 1 0 1\n"
                             "7 1 1 -0.2\n8 0 1 1\n$EndNodes\n"
                             "$Elements\n1\n4 5 2 1 1 1 2 3 4 5 6 7 8\n$EndElements\n"),
                 "cell 4 is inverted or degenerate");
}

TEST(DamagedMesh, CurvedTetrahedraAreCheckedAtTheirMiddles) {
  const auto tetrahedron = [](const char* middle) {
    return with_format("$Nodes\n10\n1 0 0 0\n2 1 0 0\n3 0 1 0\n4 0 0 1\n5 " + std::string(middle) +
                       "\n6 .5 .5 0\n7 0 .5 0\n8 0 0 .5\n9 0 .5 .5\n10 .5 0 .5\n$EndNodes\n"
                       "$Elements\n1\n6 11 2 1 1 1 2 3 4 5 6 7 8 9 10\n$EndElements\n");
  };
  expect_refusal(tetrahedron(".5 0 0"), "no error");
  expect_refusal(tetrahedron(".5 -.1 0"), "no error");
  expect_refusal(tetrahedron(".8 0 0"), "cell 6 is inverted"); // beyond three quarters of the edge
}

TEST(DamagedMesh, Groups) {
  const std::string cell = "1 5 2 1 1 1 2 3 4 5 6 7 8\n";
  expect_refusal(cubes_with("$Elements\n2\n" + cell + "2 3 2 5 1 1 2 7 8\n$EndElements\n"),
                 "1 of 1 elements of the surface '5' are no faces of the mesh's cells");
  expect_refusal(cubes_with("$Elements\n2\n" + cell + "2 3 2 5 1 9 10 11 12\n$EndElements\n"),
                 "node 9 of the group '5' belongs to no cell");
  expect_refusal(cubes_with("$Elements\n2\n" + cell + "2 2 2 5 1 1 2 3\n$EndElements\n"),
                 "3-node triangles in the group '5'");
  expect_refusal(
      cubes_with("$Elements\n2\n" + cell + "2 5 2 0 1 5 6 7 8 9 10 11 12\n$EndElements\n"),
      "some cells are in no physical volume");
}

TEST(DamagedMesh, TextOfFiles) {
  expect_refusal("", "empty");
  expect_refusal("solid\n", "outside of a section");
  expect_refusal("$Nodes\n0\n$EndNodes\n", "must begin with $MeshFormat");
  expect_refusal("$MeshFormat\n4.0 0 8\n$EndMeshFormat\n", "allowed: 2.2 and 4.1");
  expect_refusal("$MeshFormat\n4.1 1 4\n", "bytes; allowed: 8");
  expect_refusal(std::string("$MeshFormat\n4.1 1 8\n\0\0\0\1", 24), "order of another kind");
  expect_refusal(with_format("$Nodes\n1\n1 0 0 nan\n$EndNodes\n"), ":6: coordinate is not finite");
  expect_refusal(with_format("$Nodes\n1\n1 0 0 x\n$EndNodes\n"), "no coordinate in 'x'");
  expect_refusal(with_format("$Nodes\n2\n1 0 0 0\n$EndNodes\n"), "fewer entries than it says");
  expect_refusal(with_format("$Nodes\n1\n1 0 0 0\n2 0 0 0\n$EndNodes\n"), "expected $EndNodes");
  expect_refusal(with_format("$Nodes\n1\n1 0 0 0\n"), "truncated");
  expect_refusal(with_format("$Nodes\n9000000000000000000\n1 0 0 0\n$EndNodes\n"),
                 "more than the rest of the file holds");
  expect_refusal(with_format("$Nodes\n-1\n$EndNodes\n"), "negative number of nodes");
  expect_refusal(with_format("$Nodes\n0\n$EndNodes\n$Nodes\n0\n$EndNodes\n"), "stands twice");
  expect_refusal(with_format("$Nodes\n0\n$EndNodes\n"), "no $Nodes or no $Elements");
  expect_refusal(cubes_with("$Elements\n1\n1 5 2 1 1 1 2 3 4 5 6 7 99\n$EndElements\n"),
                 "names node 99");
  expect_refusal(
      with_format("$Nodes\n2\n1 0 0 0\n1 0 0 1\n$EndNodes\n$Elements\n1\n1 5 2 1 1 1 1 1 "
                  "1 1 1 1 1\n$EndElements\n"),
      "node 1 stands twice");
  expect_refusal(with_format("$PartitionedEntities\n"), "partitioned");
}

TEST(DamagedMesh, FileThatIsNotThere) {
  for (const char* path : {"no_such_mesh.msh", "."}) {
    try {
      static_cast<void>(fem::read_mesh(PETSC_COMM_WORLD, path));
      ADD_FAILURE() << path;
    } catch (const core::Error& error) {
      EXPECT_NE(std::string(error.what()).find("no such file"), std::string::npos);
      EXPECT_EQ(error.code(), core::ExitCode::data);
    }
  }
}

/// Whatever part of a file is missing, it is refused.
TEST(DamagedMesh, EveryTruncationIsNoticed) {
  for (const char* name : {"hex_22.msh", "hex_22_binary.msh", "hex_41.msh", "tet_41_binary.msh"}) {
    std::ifstream file(std::string(LINNET_MESH_CORPUS) + "/" + name, std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(file), {}};
    EXPECT_GT(whole.size(), 1000u);
    // The end of the last line may be missing.
    for (std::size_t size = 0; size + 2 < whole.size(); size += whole.size() / 61)
      EXPECT_NE(refusal(whole.substr(0, size)), "no error") << name << " cut to " << size;
  }
}

} // namespace
