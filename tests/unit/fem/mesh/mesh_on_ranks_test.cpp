// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A mesh on several ranks is the mesh that one rank has.
#include "mesh_geometry.hpp"

#include <linnet/fem/mesh/box_mesh.hpp>

#include <gtest/gtest.h>

#include <petscdmplex.h>

#include <algorithm>
#include <set>
#include <string>

using namespace linnet;
using namespace linnet::tests;
using fem::BoxMeshOptions;
using fem::CellShape;
using fem::Mesh;

namespace {

std::size_t at(PetscInt i) { return static_cast<std::size_t>(i); }

class ShapesOnRanks : public ::testing::TestWithParam<CellShape> {
protected:
  static BoxMeshOptions options() {
    BoxMeshOptions result;
    result.map = fem::BoxMap::twisted_box;
    result.shape = GetParam();
    result.cells = {3, 4, 5};
    return result;
  }
  const Mesh mesh_ = make_box_mesh(PETSC_COMM_WORLD, options());
  const Mesh whole_ = make_box_mesh(PETSC_COMM_SELF, options());
};

/// Every number below @p all on exactly one rank.
void expect_permutation(std::vector<PetscInt> mine, PetscInt all) {
  std::vector<int> times(at(all), 0);
  for (const PetscInt n : mine) {
    EXPECT_GE(n, 0);
    EXPECT_LT(n, all);
    if (n >= 0 && n < all) ++times[at(n)];
  }
  MPI_Allreduce(MPI_IN_PLACE, times.data(), static_cast<int>(all), MPI_INT, MPI_SUM,
                PETSC_COMM_WORLD);
  EXPECT_TRUE(std::ranges::all_of(times, [](int t) { return t == 1; }));
}

std::vector<PetscInt> first(std::span<const PetscInt> values, PetscInt count) {
  return {values.begin(), values.begin() + count};
}

TEST_P(ShapesOnRanks, OriginalAndGlobalNumbersArePermutations) {
  EXPECT_EQ(mesh_.all_nodes(), whole_.nodes());
  EXPECT_EQ(mesh_.all_cells(), whole_.cells());
  expect_permutation(first(mesh_.original_cells(), mesh_.cells()), mesh_.all_cells());
  expect_permutation(first(mesh_.original_nodes(), mesh_.owned_nodes()), mesh_.all_nodes());
  expect_permutation(first(mesh_.global_nodes(), mesh_.owned_nodes()), mesh_.all_nodes());
}

TEST_P(ShapesOnRanks, IsInOrderOfTheOriginalNumbers) {
  const auto nodes = mesh_.original_nodes();
  EXPECT_TRUE(std::is_sorted(nodes.begin(), nodes.begin() + mesh_.owned_nodes()));
  EXPECT_TRUE(std::is_sorted(nodes.begin() + mesh_.owned_nodes(), nodes.end()));
  EXPECT_TRUE(std::ranges::is_sorted(mesh_.original_cells()));
  for (PetscInt n = 0; n < whole_.nodes(); ++n) {
    EXPECT_EQ(whole_.original_nodes()[at(n)], n);
    EXPECT_EQ(whole_.global_nodes()[at(n)], n);
  }
}

TEST_P(ShapesOnRanks, HasTheCellsAndCoordinatesOfTheWhole) {
  for (PetscInt n = 0; n < mesh_.nodes(); ++n)
    EXPECT_EQ(coordinate(mesh_, n), coordinate(whole_, mesh_.original_nodes()[at(n)]));
  for (PetscInt c = 0; c < mesh_.cells(); ++c)
    for (int v = 0; v < mesh_.nodes_per_cell(); ++v)
      EXPECT_EQ(mesh_.original_nodes()[at(cell_node(mesh_, c, v))],
                cell_node(whole_, mesh_.original_cells()[at(c)], v));
}

TEST_P(ShapesOnRanks, GroupsAreThePartOfTheWholeThatIsHere) {
  const std::set<PetscInt> here(mesh_.original_nodes().begin(), mesh_.original_nodes().end());
  const std::set<PetscInt> cells(mesh_.original_cells().begin(), mesh_.original_cells().end());
  for (const std::string& group : whole_.group_names()) {
    std::vector<PetscInt> expected, found;
    for (const PetscInt n : whole_.nodes_of(group))
      if (here.contains(n)) expected.push_back(n);
    for (const PetscInt n : mesh_.nodes_of(group)) found.push_back(mesh_.original_nodes()[at(n)]);
    std::ranges::sort(found);
    EXPECT_EQ(found, expected) << group;
    if (group.size() != 2) continue;
    std::vector<std::pair<PetscInt, int>> whole_faces, faces;
    for (const auto& face : whole_.faces(group))
      if (cells.contains(face.cell)) whole_faces.emplace_back(face.cell, face.side);
    for (const auto& face : mesh_.faces(group))
      faces.emplace_back(mesh_.original_cells()[at(face.cell)], face.side);
    EXPECT_EQ(faces, whole_faces) << group;
  }
}

TEST_P(ShapesOnRanks, VectorsFollowTheNodes) {
  Vec global = nullptr, local = nullptr;
  PetscInt block = 0, size = 0, begin = 0, end = 0;
  LINNET_CHECK(DMCreateGlobalVector(mesh_.dm(), &global));
  LINNET_CHECK(DMCreateLocalVector(mesh_.dm(), &local));
  LINNET_CHECK(VecGetBlockSize(global, &block));
  LINNET_CHECK(VecGetSize(global, &size));
  LINNET_CHECK(VecGetOwnershipRange(global, &begin, &end));
  EXPECT_EQ(block, 3);
  EXPECT_EQ(size, 3 * mesh_.all_nodes());
  EXPECT_EQ(end - begin, 3 * mesh_.owned_nodes());
  // Entries by global number come back at the local nodes, ghosts included.
  for (PetscInt n = 0; n < mesh_.owned_nodes(); ++n)
    for (PetscInt c = 0; c < 3; ++c)
      LINNET_CHECK(VecSetValue(global, 3 * mesh_.global_nodes()[at(n)] + c,
                               coordinate(mesh_, n)[at(c)], INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(global));
  LINNET_CHECK(VecAssemblyEnd(global));
  LINNET_CHECK(DMGlobalToLocal(mesh_.dm(), global, INSERT_VALUES, local));
  PetscInt entries = 0;
  const PetscScalar* values = nullptr;
  LINNET_CHECK(VecGetLocalSize(local, &entries));
  LINNET_CHECK(VecGetArrayRead(local, &values));
  EXPECT_EQ(entries, 3 * mesh_.nodes());
  if (entries == 3 * mesh_.nodes()) {
    const std::vector<double> found(values, values + entries);
    const std::vector<double> expected(mesh_.coordinates().begin(), mesh_.coordinates().end());
    EXPECT_EQ(found, expected);
  }
  LINNET_CHECK(VecRestoreArrayRead(local, &values));
  LINNET_CHECK(VecDestroy(&global));
  LINNET_CHECK(VecDestroy(&local));
}

/// DMPlex has coordinates of its own at the vertices, by its own way from the cell list.
TEST_P(ShapesOnRanks, PointsOfThePlexAreTheNodes) {
  PetscSection section = nullptr, of_coordinates = nullptr;
  Vec coordinates = nullptr;
  const PetscScalar* x = nullptr;
  PetscInt begin = 0, end = 0;
  LINNET_CHECK(DMGetLocalSection(mesh_.dm(), &section));
  LINNET_CHECK(DMGetCoordinateSection(mesh_.dm(), &of_coordinates));
  LINNET_CHECK(DMGetCoordinatesLocal(mesh_.dm(), &coordinates));
  LINNET_CHECK(VecGetArrayRead(coordinates, &x));
  LINNET_CHECK(DMPlexGetDepthStratum(mesh_.dm(), 0, &begin, &end));
  for (PetscInt p = begin; p < end; ++p) {
    PetscInt dofs = 0, constrained = 0, offset = 0, place = 0;
    LINNET_CHECK(PetscSectionGetDof(section, p, &dofs));
    LINNET_CHECK(PetscSectionGetConstraintDof(section, p, &constrained));
    LINNET_CHECK(PetscSectionGetOffset(section, p, &offset));
    LINNET_CHECK(PetscSectionGetOffset(of_coordinates, p, &place));
    EXPECT_EQ(dofs, 3);
    EXPECT_EQ(constrained, 0);
    EXPECT_EQ(offset % 3, 0);
    for (PetscInt c = 0; c < 3; ++c) EXPECT_EQ(x[place + c], coordinate(mesh_, offset / 3)[at(c)]);
  }
  LINNET_CHECK(VecRestoreArrayRead(coordinates, &x));
}

TEST_P(ShapesOnRanks, FingerprintIsThatOfTheWhole) {
  EXPECT_EQ(mesh_.fingerprint(), whole_.fingerprint());
  EXPECT_EQ(mesh_.fingerprint().size(), 32u);
}

TEST_P(ShapesOnRanks, FingerprintTellsMeshesApart) {
  std::set<std::string> prints{mesh_.fingerprint()};
  BoxMeshOptions changed = options();
  changed.twist = std::nextafter(15.0, 16.0); // coordinates
  prints.insert(make_box_mesh(PETSC_COMM_WORLD, changed).fingerprint());
  changed = options();
  changed.cells = {4, 3, 5};
  prints.insert(make_box_mesh(PETSC_COMM_WORLD, changed).fingerprint());
  fem::CellList list;
  int rank = 0;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  if (rank == 0) {
    list.cells = {0, 1, 2, 3, 4, 5, 6, 7};
    list.cell_regions = {0};
    list.coordinates = {0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1};
  } else {
    list.first_cell = 1;
    list.first_node = 8;
  }
  list.regions = {"a"};
  list.groups = {{"bottom", 2, {0, 1, 2, 3}}};
  prints.insert(Mesh::build(PETSC_COMM_WORLD, list).fingerprint());
  list.regions = {"b"};
  prints.insert(Mesh::build(PETSC_COMM_WORLD, list).fingerprint());
  list.groups[0].name = "floor";
  prints.insert(Mesh::build(PETSC_COMM_WORLD, list).fingerprint());
  list.groups[0].nodes = {4, 5, 6, 7};
  prints.insert(Mesh::build(PETSC_COMM_WORLD, list).fingerprint());
  EXPECT_EQ(prints.size(), 7u);
}

INSTANTIATE_TEST_SUITE_P(Both, ShapesOnRanks, ::testing::Values(CellShape::hex8, CellShape::tet10));

TEST(MeshOnRanks, OneCellFitsAnyNumberOfRanks) {
  for (const CellShape shape : {CellShape::hex8, CellShape::tet10}) {
    BoxMeshOptions options;
    options.cells = {1, 1, 1};
    options.shape = shape;
    const Mesh mesh = make_box_mesh(PETSC_COMM_WORLD, options);
    EXPECT_NEAR(volume(mesh), 1, 1e-14);
    EXPECT_EQ(count_nodes(mesh, "x0"), shape == CellShape::hex8 ? 4 : 9);
  }
}

TEST(MeshOnRanks, IsTheSameEveryTime) {
  BoxMeshOptions options;
  options.map = fem::BoxMap::blade;
  options.cells = {12, 4, 24};
  const Mesh one = make_box_mesh(PETSC_COMM_WORLD, options);
  for (int time = 0; time < 3; ++time) {
    const Mesh again = make_box_mesh(PETSC_COMM_WORLD, options);
    EXPECT_TRUE(std::ranges::equal(one.original_cells(), again.original_cells()));
    EXPECT_TRUE(std::ranges::equal(one.original_nodes(), again.original_nodes()));
    EXPECT_TRUE(std::ranges::equal(one.global_nodes(), again.global_nodes()));
  }
}

} // namespace
