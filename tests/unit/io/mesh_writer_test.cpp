// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/field_reader.hpp>
#include <linnet/io/mesh_writer.hpp>

#include "mesh_parts.hpp"
#include "scratch.hpp"

using namespace linnet;
using namespace linnet::test;
using io::Center;
using io::H5File;
using io::MeshWriter;

namespace {

const io::RunDescription run{"program -x 1", "x: 1\n"};

/// f(number, component) of each of the part's items.
template <class Function>
std::vector<double> values_of(const std::vector<std::int64_t>& numbers, int components,
                              Function&& f) {
  std::vector<double> values;
  for (const std::int64_t number : numbers)
    for (int c = 0; c < components; ++c) values.push_back(f(number, c));
  return values;
}

double tagged(std::int64_t number, int c) { return static_cast<double>(10 * number + c) + 0.25; }

void write_steps(MeshWriter& writer, const io::MeshPart& part, int first, int last) {
  for (int step = first; step < last; ++step) {
    writer.begin_step(0.25 * step, step);
    writer.write("p", Center::cell, values_of(part.cell_numbers, 1, tagged));
    writer.write_vector("u", Center::point, values_of(part.node_numbers, 3, tagged));
    writer.end_step();
  }
}

std::vector<double> read(const std::string& path, const std::string& dataset,
                         const io::Shape& shape) {
  return io::read_array(PETSC_COMM_WORLD, path, dataset, shape);
}

void expect_tagged(const std::vector<double>& values, int components) {
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_EQ(values[i],
              tagged(static_cast<std::int64_t>(i) / components, static_cast<int>(i) % components));
}

} // namespace

TEST(FileOrder, CarriesValuesThereAndBack) {
  // Items round robin, backwards on each rank; the last number also on rank 0, as a ghost.
  const std::int64_t total = 23;
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = total - 1; i >= 0; --i)
    if (i % ranks() == rank()) numbers.push_back(i);
  const io::FileOrder order(PETSC_COMM_WORLD, total, numbers);
  EXPECT_TRUE(order.is_complete());
  EXPECT_EQ(order.items(), static_cast<std::int64_t>(numbers.size()));
  const auto block = order.to_file(values_of(numbers, 6, tagged), 6);
  ASSERT_EQ(block.size(), static_cast<std::size_t>(6 * (order.end() - order.begin())));
  for (std::int64_t i = order.begin(); i < order.end(); ++i)
    for (int c = 0; c < 6; ++c)
      EXPECT_EQ(block[static_cast<std::size_t>(6 * (i - order.begin()) + c)], tagged(i, c));
  if (rank() == 0) numbers.push_back(total - 1);
  const io::FileOrder with_ghost(PETSC_COMM_WORLD, total, numbers);
  EXPECT_FALSE(with_ghost.is_complete());
  EXPECT_EQ(with_ghost.from_file(block, 6), values_of(numbers, 6, tagged));
  EXPECT_THROW(io::FileOrder(PETSC_COMM_WORLD, total, std::vector<std::int64_t>{total}),
               core::Error);
}

TEST(FileOrder, KnowsMissingItems) {
  std::vector<std::int64_t> numbers;
  if (rank() == 0) numbers = {0, 2};
  EXPECT_FALSE(io::FileOrder(PETSC_COMM_WORLD, 3, numbers).is_complete());
}

TEST(MeshWriter, ListsEverythingByNumber) {
  const Scratch scratch;
  const io::MeshPart part = hexahedra_part(3, 2, 4);
  MeshWriter writer(PETSC_COMM_WORLD, scratch / "run", part, run);
  writer.begin_step(0.5, 3);
  writer.write("p", Center::cell, values_of(part.cell_numbers, 1, tagged));
  writer.write("T", Center::point, values_of(part.node_numbers, 1, tagged));
  writer.write_vector("u", Center::point, values_of(part.node_numbers, 3, tagged));
  writer.write_components("stress", Center::cell, {"xx", "yy"},
                          values_of(part.cell_numbers, 2, tagged));
  writer.write_quadrature("stress", 8, 6, values_of(part.cell_numbers, 48, tagged));
  writer.write_quadrature("p", 8, 1, values_of(part.cell_numbers, 8, tagged));
  writer.end_step();
  writer.write_table("steps", {"time"}, {0.5});
  writer.close();

  const std::string path = scratch / "run.h5", step = "/step000000/";
  expect_tagged(read(path, step + "p", {24}), 1);
  expect_tagged(read(path, step + "T", {60}), 1);
  expect_tagged(read(path, step + "u", {60, 3}), 3);
  expect_tagged(read(path, step + "quadrature/stress", {24, 8, 6}), 48);
  expect_tagged(read(path, step + "quadrature/p", {24, 8}), 8);
  const auto second = read(path, step + "stress_yy", {24});
  for (std::size_t i = 0; i < second.size(); ++i)
    EXPECT_EQ(second[i], tagged(static_cast<std::int64_t>(i), 1));
  const auto nodes = read(path, "/geometry/nodes", {60, 3});
  const auto cells = read(path, "/geometry/cells", {24, 8});
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(nodes[std::size_t(3 * i)], i % 4);
    EXPECT_EQ(nodes[std::size_t(3 * i + 1)], i / 4 % 3);
    EXPECT_EQ(nodes[std::size_t(3 * i + 2)], i / 12);
  }
  for (int c = 0; c < 24; ++c)
    for (int a = 0; a < 8; ++a)
      EXPECT_EQ(cells[std::size_t(8 * c + a)], hexahedron_node(3, 2, c, a));
  const auto regions = read(path, "/geometry/region", {24});
  for (int c = 0; c < 24; ++c) EXPECT_EQ(regions[std::size_t(c)], c % 2);
}

TEST(MeshWriter, ContinuesAfterTheRestartTime) {
  const Scratch scratch;
  const io::MeshPart part = hexahedra_part(2, 2, 2);
  {
    MeshWriter writer(PETSC_COMM_WORLD, scratch / "run", part, run);
    write_steps(writer, part, 0, 4);
    writer.close();
  }
  auto writer = MeshWriter::append(PETSC_COMM_WORLD, scratch / "run", part, run, 0.5);
  EXPECT_EQ(writer.steps(), 3);
  write_steps(writer, part, 3, 5);
  writer.close();
  expect_tagged(read(scratch / "run.h5", "/step000004/u", {27, 3}), 3);

  io::MeshPart other = part;
  other.fingerprint = "another";
  const std::string text =
      error_of([&] { MeshWriter::append(PETSC_COMM_WORLD, scratch / "run", other, run, 0.5); });
  EXPECT_NE(text.find("fingerprint another"), std::string::npos) << text;
}

TEST(MeshWriter, SideFileNamesTheTopology) {
  const Scratch scratch;
  for (const io::MeshPart& part : {hexahedra_part(2, 1, 1), tetrahedron_part()}) {
    MeshWriter writer(PETSC_COMM_WORLD, scratch / "run", part, run);
    write_steps(writer, part, 0, 2);
    writer.close();
    const std::string side = text_of(scratch / "run.xdmf");
    const bool tetrahedra = part.kind == io::MeshCell::tetrahedron_10;
    const std::string topology = tetrahedra
                                     ? "TopologyType=\"Tetrahedron_10\" NumberOfElements=\"1\""
                                     : "TopologyType=\"Hexahedron\" NumberOfElements=\"2\"";
    EXPECT_NE(side.find(topology), std::string::npos) << side;
    EXPECT_NE(side.find(tetrahedra ? "\"1 10\"" : "\"2 8\""), std::string::npos) << side;
    EXPECT_NE(side.find("run.h5:/step000001/u<"), std::string::npos) << side;
  }
}

TEST(MeshWriter, MisuseIsRefused) {
  const Scratch scratch;
  const io::MeshPart part = hexahedra_part(2, 2, 2);
  MeshWriter writer(PETSC_COMM_WORLD, scratch / "run", part, run);
  writer.begin_step(0.0);
  EXPECT_THROW(writer.write("p", Center::cell, std::vector<double>(99)), core::Error);
  io::MeshPart twice = part;
  if (rank() == 0) twice.cell_numbers.back() = twice.cell_numbers.front();
  EXPECT_THROW(MeshWriter(PETSC_COMM_WORLD, scratch / "other", twice, run), core::Error);
}
