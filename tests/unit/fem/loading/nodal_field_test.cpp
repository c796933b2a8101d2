// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/nodal_field.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>
#include <linnet/fem/output/mesh_part.hpp>
#include <linnet/io/mesh_writer.hpp>

#include "scratch.hpp"

#include <cmath>

using namespace linnet;
using namespace linnet::test;

namespace {

fem::Mesh box(PetscInt nx) {
  fem::BoxMeshOptions options;
  options.cells = {nx, 2, 2};
  return fem::make_box_mesh(PETSC_COMM_WORLD, options);
}

double temperature(const double* x) { return x[0] + 10 * x[1] + 100 * x[2]; }

void write(const fem::Mesh& mesh, const std::string& stem, double last) {
  const io::MeshPart part = fem::output_part(mesh);
  std::vector<double> values;
  for (std::size_t i = 0; i < part.coordinates.size(); i += 3)
    values.push_back(temperature(part.coordinates.data() + i));
  if (rank() == ranks() - 1) values.back() += last;
  io::MeshWriter writer(PETSC_COMM_WORLD, stem, part, {"test", ""});
  writer.begin_step(0.0);
  writer.write("T", io::Center::point, values);
  writer.write("cells", io::Center::cell, std::vector<double>(part.cell_numbers.size(), 1.0));
  writer.end_step();
  writer.close();
}

} // namespace

TEST(NodalField, OutputIsReadBackWithGhosts) {
  const Scratch scratch;
  const fem::Mesh mesh = box(3);
  write(mesh, scratch / "run", 0.0);
  const auto values = fem::read_nodal_field(mesh, scratch / "run.h5:/step000000/T");
  ASSERT_EQ(values.size(), static_cast<std::size_t>(mesh.nodes()));
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_EQ(values[i], temperature(mesh.coordinates().data() + 3 * i));
}

TEST(NodalField, RefusesWhatDoesNotFit) {
  const Scratch scratch;
  const fem::Mesh mesh = box(3);
  write(mesh, scratch / "run", NAN);
  const auto error = [&](const fem::Mesh& of, const std::string& source) {
    return error_of([&] { fem::read_nodal_field(of, scratch / source); });
  };
  EXPECT_NE(error(mesh, "run.h5:/step000000/T").find("must be finite"), std::string::npos);
  EXPECT_NE(error(mesh, "run.h5:/step000000/cells").find("(12)"), std::string::npos);
  EXPECT_NE(error(mesh, "run.h5").find("file.h5:/dataset"), std::string::npos);
  EXPECT_FALSE(error(mesh, "run.h5:/step000001/T").empty());
  EXPECT_FALSE(error(mesh, "none.h5:/T").empty());
  // As many nodes, in other places.
  fem::BoxMeshOptions options;
  options.cells = {3, 2, 2};
  options.lengths = {2, 1, 1};
  const fem::Mesh longer = fem::make_box_mesh(PETSC_COMM_WORLD, options);
  EXPECT_NE(error(longer, "run.h5:/step000000/T").find("another mesh"), std::string::npos);
}

TEST(NodalField, ExpressionsAreTakenAtTheNodes) {
  const fem::Mesh mesh = box(2);
  const auto values = fem::nodal_values(mesh, core::Expression::parse("x+10*y+100*z"));
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_DOUBLE_EQ(values[i], temperature(mesh.coordinates().data() + 3 * i));
  EXPECT_THROW(fem::nodal_values(mesh, core::Expression::parse("1/x")), core::Error);
}
