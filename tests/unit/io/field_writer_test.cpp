// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/field_reader.hpp>
#include <linnet/io/field_writer.hpp>
#include <linnet/io/h5_layout.hpp>

#include "scratch.hpp"

using namespace linnet;
using namespace linnet::test;
using io::FieldWriter;
using io::H5File;

namespace {

const io::UniformGrid box{3, {7, 6, 5}, {-1, 0, 2}, {0.1, 0.2, 0.3}};
const io::RunDescription run{"program -x 1", "x: 1\n"};

struct Fields {
  Fields() : cell(3, 7, 6, 5), vector(3, 7, 6, 5, 3), many(3, 7, 6, 5, 4), point(3, 8, 7, 6) {
    for (GridVec* field : {&cell, &vector, &many, &point})
      field->visit([](std::int64_t i, double& x) { x = static_cast<double>(i); });
  }
  GridVec cell, vector, many, point;
};

void write_steps(FieldWriter& writer, Fields& fields, int first, int last) {
  for (int step = first; step < last; ++step) {
    writer.begin_step(0.25 * step, step);
    writer.write_cell("u", fields.cell.vec);
    writer.write_cell("flux", fields.vector.vec);
    writer.write_point("p", fields.point.vec);
    writer.end_step();
  }
}

int steps_in(const std::string& path) {
  int n = 0;
  for (const auto& name : H5File::open(PETSC_COMM_WORLD, path).children("/"))
    n += name.rfind("step", 0) == 0 ? 1 : 0;
  return n;
}

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

void expect_natural(const std::string& path, const std::string& dataset) {
  GridVec read(3, 7, 6, 5);
  io::read_field(path, dataset, read.vec);
  read.visit([](std::int64_t i, double& x) { EXPECT_EQ(x, static_cast<double>(i)); });
}

} // namespace

TEST(FieldWriter, WritesTheAgreedLayout) {
  const Scratch scratch;
  Fields fields;
  FieldWriter writer(PETSC_COMM_WORLD, scratch / "out/run", box, run);
  writer.begin_step(0.5, 12);
  writer.write_cell("u", fields.cell.vec);
  writer.write_cell("flux", fields.vector.vec);
  writer.write_cell("many", fields.many.vec);
  writer.write_point("p", fields.point.vec);
  writer.write_cell_integers("mask", fields.cell.vec);
  writer.write_step_attribute("energy", 2.5);
  writer.end_step();
  writer.write_table("residual", {"iteration", "norm"}, {0, 1, 1, 0.1, 2, 0.01});
  writer.write_table("residual", {"iteration", "norm"}, {0, 1});
  EXPECT_EQ(writer.read_table("residual", {"iteration", "norm"}), (std::vector<double>{0, 1}));
  EXPECT_TRUE(writer.read_table("none", {"iteration"}).empty());
  EXPECT_THROW((void)writer.read_table("residual", {"iteration", "time"}), linnet::core::Error);
  writer.close();

  const std::string path = scratch / "out/run.h5";
  EXPECT_EQ(writer.files(), (std::vector<std::string>{path, scratch / "out/run.xdmf"}));
  {
    H5File file = H5File::open(PETSC_COMM_WORLD, path);
    EXPECT_EQ(file.read_string("/", "format"), "linnet-fields-1");
    EXPECT_EQ(file.read_string("/", "command_line"), run.command_line);
    EXPECT_EQ(file.read_string("/", "deck"), run.deck);
    EXPECT_EQ(file.read_double("/step000000", "time"), 0.5);
    EXPECT_EQ(file.read_integer("/step000000", "iteration"), 12);
    EXPECT_EQ(file.read_double("/step000000", "energy"), 2.5);
    file.require("/step000000/flux", {5, 6, 7, 3});
    file.require("/step000000/many_3", {5, 6, 7});
    file.require("/step000000/p", {6, 7, 8});
    file.require("/step000000/mask", {5, 6, 7}, true);
    file.require("/history/residual", {1, 2});
    EXPECT_EQ(file.read_string("/history/residual", "columns"), "iteration,norm");
  }
  expect_natural(path, "/step000000/u");
  expect_natural(path, "/step000000/mask");
  GridVec flux(3, 7, 6, 5, 3), point(3, 8, 7, 6);
  io::read_field(path, "/step000000/flux", flux.vec);
  flux.visit([](std::int64_t i, double& x) { EXPECT_EQ(x, static_cast<double>(i)); });
  io::read_field(path, "/step000000/p", point.vec);
  point.visit([](std::int64_t i, double& x) { EXPECT_EQ(x, static_cast<double>(i)); });
}

TEST(FieldWriter, PlaneVectorsGetAThirdComponent) {
  const Scratch scratch;
  GridVec vector(2, 5, 4, 1, 2);
  vector.visit([](std::int64_t i, double& x) { x = static_cast<double>(i + 1); });
  FieldWriter writer(PETSC_COMM_WORLD, scratch / "run", {2, {5, 4, 1}, {0, 0, 0}, {1, 1, 1}}, run);
  writer.begin_step(0);
  writer.write_cell("v", vector.vec);
  writer.end_step();
  writer.close();
  GridVec read(2, 5, 4, 1, 3);
  io::read_field(scratch / "run.h5", "/step000000/v", read.vec);
  read.visit([](std::int64_t i, double& x) {
    const std::int64_t cell = i / 3, c = i % 3;
    EXPECT_EQ(x, c == 2 ? 0.0 : static_cast<double>(cell * 2 + c + 1));
  });
  const auto points =
      io::read_array(PETSC_COMM_WORLD, scratch / "run.h5", "/geometry/vertices", {5, 6, 3});
  EXPECT_EQ(points[3 * 7], 1.0);
  EXPECT_EQ(points[3 * 7 + 1], 1.0);
}

TEST(FieldWriter, OldOutputStaysUntilTheNewIsComplete) {
  const Scratch scratch;
  Fields fields;
  const std::string path = scratch / "run.h5";
  {
    FieldWriter writer(PETSC_COMM_WORLD, scratch / "run", box, run);
    write_steps(writer, fields, 0, 2);
    writer.close();
  }
  const std::string old = read_bytes(path), old_side = read_bytes(scratch / "run.xdmf");
  {
    FieldWriter writer(PETSC_COMM_WORLD, scratch / "run", box, run);
    write_steps(writer, fields, 0, 3);
    // The run ends here without close().
  }
  EXPECT_TRUE(read_bytes(path) == old);
  EXPECT_EQ(read_bytes(scratch / "run.xdmf"), old_side);
  EXPECT_EQ(steps_in(scratch / "run.part.h5"), 3);
  expect_contains(read_bytes(scratch / "run.part.xdmf"), ">run.part.h5:/step000002/u<");
  {
    FieldWriter writer(PETSC_COMM_WORLD, scratch / "run", box, run);
    write_steps(writer, fields, 0, 4);
    writer.close();
  }
  EXPECT_EQ(steps_in(path), 4);
  expect_contains(read_bytes(scratch / "run.xdmf"), ">run.h5:/step000003/u<");
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(scratch.folder()))
    ++files;
  EXPECT_EQ(files, 2);
}

TEST(FieldWriter, ContinuesAfterTheRestartTime) {
  const Scratch scratch;
  Fields fields;
  const std::string path = scratch / "run.h5";
  {
    FieldWriter writer(PETSC_COMM_WORLD, scratch / "run", box, run);
    write_steps(writer, fields, 0, 5);
    writer.write_table("t", {"a"}, {1, 2, 3});
  }
  {
    auto writer = FieldWriter::append(PETSC_COMM_WORLD, scratch / "run", box, run, 0.5);
    EXPECT_EQ(writer.steps(), 3);
    EXPECT_EQ(writer.last_time(), 0.5);
    EXPECT_EQ(steps_in(path), 3);
    EXPECT_EQ(count(read_bytes(scratch / "run.xdmf"), "<Time "), 3);
    write_steps(writer, fields, 3, 4);
    writer.close();
  }
  EXPECT_EQ(steps_in(path), 4);
  for (const char* step : {"/step000000", "/step000001", "/step000002", "/step000003"})
    expect_natural(path, std::string(step).append("/u"));
  {
    H5File file = H5File::open(PETSC_COMM_WORLD, path);
    EXPECT_EQ(file.read_double("/step000003", "time"), 0.75);
    EXPECT_EQ(file.read_string("/", "deck"), run.deck);
    file.require("/history/t", {3, 1});
  }
  const std::string side = read_bytes(scratch / "run.xdmf");
  EXPECT_EQ(count(side, "<Time "), 4);
  EXPECT_EQ(count(side, "Name=\"flux\" AttributeType=\"Vector\" Center=\"Cell\""), 4);
  EXPECT_EQ(count(side, "Name=\"p\" AttributeType=\"Scalar\" Center=\"Node\""), 4);

  io::UniformGrid other = box;
  other.spacing[0] = 0.11;
  expect_contains(
      error_of([&] { FieldWriter::append(PETSC_COMM_WORLD, scratch / "run", other, run, 1.0); }),
      "cannot be continued: it has the grid");
  EXPECT_EQ(read_bytes(scratch / "run.xdmf"), side);
}

TEST(FieldWriter, FullDiskCostsOnlyTheStepThatDoesNotFit) {
  const Scratch scratch;
  Fields fields;
  const std::string path = scratch / "run.h5";
  FieldWriter writer(PETSC_COMM_WORLD, scratch / "run", box, run);
  write_steps(writer, fields, 0, 2);
  const std::string before = read_bytes(path), side = read_bytes(scratch / "run.xdmf");
  const GridVec large(3, 7, 6, 5, 64); // the second field does not fit any more
  {
    const FileSizeLimit limit(before.size() + 400 * 1024);
    expect_contains(error_of([&] {
                      writer.begin_step(0.5);
                      writer.write_cell("small", fields.cell.vec);
                      writer.write_cell("large", large.vec);
                      for (int i = 0; i < 100; ++i)
                        writer.write_cell(std::string("more_").append(std::to_string(i)),
                                          large.vec);
                      writer.end_step();
                    }),
                    "run.h5: cannot be written: no space left");
  }
  EXPECT_TRUE(read_bytes(path) == before);
  EXPECT_EQ(read_bytes(scratch / "run.xdmf"), side);
  writer.close();
  EXPECT_EQ(steps_in(path), 2);
  expect_natural(path, "/step000001/u");

  {
    const FileSizeLimit limit(1000);
    expect_contains(
        error_of([&] { FieldWriter fresh(PETSC_COMM_WORLD, scratch / "run", box, run); }),
        "cannot be written: no space left");
  }
  EXPECT_TRUE(read_bytes(path) == before);
}

TEST(FieldWriter, FileHoldsNoReservedSpace) {
  const Scratch scratch;
  Fields fields;
  FieldWriter writer(PETSC_COMM_WORLD, scratch / "run", box, run);
  write_steps(writer, fields, 0, 1);
  EXPECT_LT(std::filesystem::file_size(scratch / "run.h5"), 40000u);
  writer.close();
}

// Until a step is complete the file on the disk is, byte for byte, the one of the step before, with
// new data behind it only; and should the last moment fail, the journal leads back to it.
TEST(FieldWriter, RunMayBeKilledWithinAStep) {
  const Scratch scratch;
  Fields fields;
  const std::string path = scratch / "run.h5", copy = scratch / "copy.h5";
  FieldWriter writer(PETSC_COMM_WORLD, scratch / "run", box, run);
  write_steps(writer, fields, 0, 30);
  const std::string before = read_bytes(path);
  writer.begin_step(100.0);
  for (int i = 0; i < 50; ++i)
    writer.write_cell(std::string("u").append(std::to_string(i)), fields.cell.vec);
  MPI_Barrier(PETSC_COMM_WORLD);
  const std::string during = read_bytes(path);
  EXPECT_TRUE(during.compare(0, before.size(), before) == 0);
  write_bytes(copy, during);
  write_bytes(copy + ".undo", read_bytes(path + ".undo"));
  writer.end_step();
  EXPECT_EQ(steps_in(copy), 30);
  // Killed while the metadata was going to the disk.
  std::string torn = read_bytes(path);
  torn.replace(0, 64, std::string(64, '\xaa'));
  write_bytes(copy, torn);
  expect_contains(error_of([&] { (void)steps_in(copy); }), "copy.h5: is not an HDF5 file");
  auto resumed = FieldWriter::append(PETSC_COMM_WORLD, scratch / "copy", box, run, 1e9);
  EXPECT_EQ(resumed.steps(), 30);
  EXPECT_TRUE(read_bytes(copy) == before);
  resumed.begin_step(200.0);
  resumed.end_step();
  resumed.close();
  EXPECT_EQ(steps_in(copy), 31);
  expect_natural(copy, "/step000029/u");
  writer.close();
}

TEST(FieldWriter, MisuseIsRefused) {
  const Scratch scratch;
  Fields fields;
  FieldWriter writer(PETSC_COMM_WORLD, scratch / "run", box, run);
  error_of([&] { writer.write_cell("u", fields.cell.vec); });
  writer.begin_step(1.0);
  writer.end_step();
  expect_contains(error_of([&] { writer.begin_step(1.0); }), "times must be finite and increase");
  writer.begin_step(2.0);
  expect_contains(error_of([&] { writer.write_cell("a/b", fields.cell.vec); }), "'a/b'");
  FieldWriter second(PETSC_COMM_WORLD, scratch / "second", box, run);
  second.begin_step(0.0);
  expect_contains(error_of([&] { second.write_point("u", fields.cell.vec); }),
                  "has the shape (5,6,7); expected (6,7,8)");
}
