// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/box_mesh.hpp>
#include <linnet/fem/output/mesh_part.hpp>
#include <linnet/fem/output/point_values.hpp>
#include <linnet/fem/output/step_summary.hpp>
#include <linnet/fem/quadrature/points.hpp>
#include <linnet/fem/support/vec_views.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <map>

using namespace linnet;

namespace {

fem::Mesh box(fem::CellShape shape) {
  fem::BoxMeshOptions options;
  options.cells = {3, 2, 4};
  options.lengths = {3, 2, 4};
  options.shape = shape;
  return fem::make_box_mesh(PETSC_COMM_WORLD, options);
}

double linear(const double* x, int c) { return 1 + x[0] * (c + 1) - 2 * x[1] + 0.5 * c * x[2]; }

fem::PointField linear_field(const fem::Mesh& mesh, int components) {
  fem::PointField field{"f", components, {}};
  const auto places = fem::host_values(fem::point_coordinates(mesh));
  for (std::size_t i = 0; i < places.size(); i += 3)
    for (int c = 0; c < components; ++c) field.values.push_back(linear(places.data() + i, c));
  return field;
}

} // namespace

TEST(SolidOutput, NodesGetLinearFieldsExactly) {
  for (const auto shape : {fem::CellShape::hex8, fem::CellShape::tet10}) {
    const fem::Mesh mesh = box(shape);
    for (const int components : {1, 6}) {
      const auto nodal = fem::node_means(mesh, linear_field(mesh, components));
      ASSERT_EQ(nodal.size(), static_cast<std::size_t>(components * mesh.owned_nodes()));
      for (std::size_t i = 0; i < nodal.size(); ++i) {
        const auto width = static_cast<std::size_t>(components);
        EXPECT_NEAR(
            nodal[i],
            linear(mesh.coordinates().data() + 3 * (i / width), static_cast<int>(i % width)),
            1e-12);
      }
    }
  }
}

TEST(SolidOutput, CellMeansOfLinearFieldsAreThoseOfTheCentres) {
  for (const auto shape : {fem::CellShape::hex8, fem::CellShape::tet10}) {
    const fem::Mesh mesh = box(shape);
    const auto weights = fem::host_values(fem::cell_geometry(mesh).weights);
    const auto means = fem::cell_means(weights, fem::points_per_cell(shape), linear_field(mesh, 6));
    const auto corners = static_cast<std::size_t>(fem::corners_per_cell(shape));
    const auto width = static_cast<std::size_t>(mesh.nodes_per_cell());
    for (std::size_t cell = 0; cell < static_cast<std::size_t>(mesh.cells()); ++cell) {
      double centre[3] = {};
      for (std::size_t a = 0; a < corners; ++a)
        for (std::size_t d = 0; d < 3; ++d)
          centre[d] +=
              mesh.coordinates()[static_cast<std::size_t>(3 * mesh.cell_nodes()[cell * width + a]) +
                                 d] /
              static_cast<double>(corners);
      for (int c = 0; c < 6; ++c)
        EXPECT_NEAR(means[6 * cell + std::size_t(c)], linear(centre, c), 1e-12);
    }
  }
}

TEST(SolidOutput, PartsOfTheMeshHaveVtksOrder) {
  const fem::Mesh mesh = box(fem::CellShape::tet10);
  const io::MeshPart part = fem::output_part(mesh);
  EXPECT_EQ(part.cells, 24 * 6);
  const io::MeshGeometry geometry(PETSC_COMM_WORLD, part); // refuses incomplete parts
  constexpr int edges[6][2] = {{0, 1}, {1, 2}, {2, 0}, {0, 3}, {1, 3}, {2, 3}};
  std::map<std::int64_t, PetscInt> local;
  for (PetscInt i = 0; i < mesh.nodes(); ++i) local[mesh.original_nodes()[std::size_t(i)]] = i;
  const auto at = [&](std::size_t cell, int node, std::size_t d) {
    const auto i = local.at(part.connectivity[10 * cell + std::size_t(node)]);
    return mesh.coordinates()[std::size_t(3 * i) + d];
  };
  for (std::size_t cell = 0; cell < part.cell_numbers.size(); ++cell)
    for (int e = 0; e < 6; ++e)
      for (std::size_t d = 0; d < 3; ++d)
        EXPECT_NEAR(at(cell, 4 + e, d), 0.5 * (at(cell, edges[e][0], d) + at(cell, edges[e][1], d)),
                    1e-14);
}

TEST(SolidOutput, GroupsAreSummedOverRanks) {
  const fem::Mesh mesh = box(fem::CellShape::hex8);
  const auto u = fem::global_vector(mesh.dm());
  {
    const fem::HostValues values(u.get());
    for (PetscInt i = 0; i < 3 * mesh.owned_nodes(); ++i)
      values[i] = mesh.coordinates()[std::size_t(i)] + (i % 3 == 1 ? 1 : 0);
  }
  const auto mean = fem::mean_over_group(mesh, "z1", u.get());
  EXPECT_NEAR(mean[0], 1.5, 1e-14);
  EXPECT_NEAR(mean[1], 2.0, 1e-14);
  EXPECT_NEAR(mean[2], 4.0, 1e-14);
  EXPECT_NEAR(fem::sum_over_group(mesh, "z1", u.get())[2], 4.0 * 12, 1e-12);
  EXPECT_NEAR(fem::resultant(u.get())[0], 1.5 * 60, 1e-12);
}
