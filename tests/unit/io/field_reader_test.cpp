// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/field_reader.hpp>
#include <linnet/io/h5_file.hpp>

#include "scratch.hpp"

#include <cmath>
#include <limits>
#include <numeric>

using namespace linnet;
using namespace linnet::test;

namespace {

/// /d (float64), /i (int32) and /s (a group) with the natural index as value; entry @p bad is NaN.
void write_file(const std::string& path, const io::Shape& shape, std::int64_t bad = -1) {
  const io::Slab all{io::Shape(shape.size(), 0), shape};
  if (rank() == 0) {
    std::vector<double> values(static_cast<std::size_t>(all.size()));
    std::iota(values.begin(), values.end(), 0.0);
    const std::vector<std::int32_t> integers(values.begin(), values.end());
    if (bad >= 0) values[static_cast<std::size_t>(bad)] = std::numeric_limits<double>::quiet_NaN();
    auto file = io::H5File::create(MPI_COMM_SELF, path);
    file.create_dataset("/d", io::NumberType::float64, shape);
    file.write("/d", all, values.data());
    file.create_dataset("/i", io::NumberType::int32, shape);
    file.write("/i", all, integers.data());
    file.create_group("/s");
    file.close();
  }
  MPI_Barrier(PETSC_COMM_WORLD);
}

void expect_natural(GridVec& grid) {
  grid.visit(
      [](std::int64_t index, double& value) { EXPECT_EQ(value, static_cast<double>(index)); });
}

} // namespace

TEST(FieldReader, EachRankGetsItsBox) {
  const Scratch scratch;
  write_file(scratch / "3.h5", {5, 6, 7});
  write_file(scratch / "2.h5", {6, 7});
  write_file(scratch / "v.h5", {5, 6, 7, 2});
  for (const char* name : {"/d", "/i", "i"}) {
    GridVec three(3, 7, 6, 5), two(2, 7, 6, 1), vector(3, 7, 6, 5, 2);
    io::read_field(scratch / "3.h5", name, three.vec);
    io::read_field(scratch / "2.h5", name, two.vec);
    io::read_field(scratch / "v.h5", name, vector.vec);
    expect_natural(three);
    expect_natural(two);
    expect_natural(vector);
  }
}

TEST(FieldReader, MismatchesAreNamed) {
  const Scratch scratch;
  const std::string path = scratch / "3.h5";
  write_file(path, {5, 6, 7}, 97);
  GridVec grid(3, 7, 6, 5), other(3, 5, 6, 7);
  EXPECT_EQ(error_of([&] { io::read_field(path, "/d", other.vec); }),
            path + ": dataset '/d' has the shape (5,6,7); expected (7,6,5)");
  EXPECT_EQ(error_of([&] { io::read_field(path, "/x", grid.vec); }), path + ": no dataset '/x'");
  EXPECT_EQ(error_of([&] { io::read_field(path, "/s", grid.vec); }),
            path + ": '/s' is not a dataset");
  EXPECT_EQ(error_of([&] { io::read_field(path, "/d", grid.vec); }),
            path + ": dataset '/d' holds nan at index (2,1,6); all values must be finite");
  io::read_field(path, "/d", grid.vec, {.require_finite = false});
  expect_contains(error_of([&] { io::read_field(path, "/d", grid.vec, {.integer_only = true}); }),
                  "integers are expected");
  io::read_field(path, "/i", grid.vec, {.integer_only = true});
  expect_natural(grid);
}

TEST(FieldReader, SmallArraysGoToAllRanks) {
  const Scratch scratch;
  const std::string path = scratch / "face.h5";
  write_file(path, {3, 4});
  const auto values = io::read_array(PETSC_COMM_WORLD, path, "/d", {3, 4});
  ASSERT_EQ(values.size(), 12u);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], static_cast<double>(i));
  EXPECT_EQ(io::read_shape(PETSC_COMM_WORLD, path, "/i"), (std::vector<std::int64_t>{3, 4}));
  expect_contains(error_of([&] {
                    (void)io::read_array(PETSC_COMM_WORLD, path, "/d", {4, 3});
                  }),
                  "has the shape (3,4); expected (4,3)");
  expect_contains(error_of([&] { (void)io::read_shape(PETSC_COMM_WORLD, path, "/s"); }),
                  "is not a dataset");
}

// A damaged file gives an error or data, never a crash, a hang or a different outcome per rank.
TEST(FieldReader, DamagedFilesNeverCrash) {
  const Scratch scratch;
  write_file(scratch / "good.h5", {3, 4, 5});
  const std::string good = read_bytes(scratch / "good.h5");
  const std::string path = scratch / "bad.h5";
  const auto attempt = [&](const std::string& bytes) {
    write_bytes(path, bytes);
    GridVec grid(3, 5, 4, 3);
    int failed = 0;
    try {
      io::read_field(path, "/d", grid.vec);
      io::read_field(path, "/i", grid.vec);
    } catch (const core::Error& error) {
      failed = 1;
      expect_contains(error.what(), "bad.h5");
    }
    int sum = failed;
    MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_INT, MPI_SUM, PETSC_COMM_WORLD);
    EXPECT_TRUE(sum == 0 || sum == ranks());
    return failed == 1;
  };
  EXPECT_FALSE(attempt(good));
  const std::size_t step = ranks() == 1 ? 13 : 211;
  for (std::size_t length = 0; length < good.size(); length += step)
    EXPECT_TRUE(attempt(good.substr(0, length))) << "cut to " << length;
  int noticed = 0;
  for (std::size_t i = 0; i < good.size(); i += ranks() == 1 ? 3 : 53) {
    std::string bytes = good;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << i % 8));
    noticed += attempt(bytes) ? 1 : 0;
  }
  EXPECT_GT(noticed, 0);
}
