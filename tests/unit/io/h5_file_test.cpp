// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/agreement.hpp>
#include <linnet/io/h5_file.hpp>

#include "scratch.hpp"

#include <numeric>

using namespace linnet;
using namespace linnet::test;
using io::H5File;
using io::NumberType;

TEST(Collective, ErrorOfOneRankReachesAll) {
  const int last = ranks() - 1;
  const auto text = error_of([&] {
    core::together(PETSC_COMM_WORLD, [&] {
      if (rank() == last) core::throw_data("only here");
    });
  });
  EXPECT_EQ(text, "only here");
}

TEST(H5File, AttributesComeBack) {
  const Scratch scratch;
  const std::string path = scratch / "a.h5";
  const std::string deck(200000, 'x'); // more than fits into an object header
  {
    H5File file = H5File::create(PETSC_COMM_WORLD, path);
    file.create_group("/g");
    file.write_attribute("/", "deck", deck);
    file.write_attribute("/", "empty", "");
    file.write_attribute("/g", "pi", 3.0);
    file.write_attribute("/g", "pi", 3.14159265358979312); // replaces
    file.write_attribute("/g", "n", std::int64_t{1} << 60);
    file.close();
  }
  H5File file = H5File::open(PETSC_COMM_WORLD, path);
  EXPECT_EQ(file.read_string("/", "deck"), deck);
  EXPECT_EQ(file.read_string("/", "empty"), "");
  EXPECT_EQ(file.read_double("/g", "pi"), 3.14159265358979312);
  EXPECT_EQ(file.read_integer("/g", "n"), std::int64_t{1} << 60);
  EXPECT_EQ(file.children("/"), std::vector<std::string>{"g"});
  EXPECT_FALSE(file.exists("/g/missing/deeper"));
  expect_contains(error_of([&] { (void)file.read_double("/g", "none"); }), "'none' is missing");
  expect_contains(error_of([&] { (void)file.read_integer("/g", "pi"); }), "expected an integer");
  expect_contains(error_of([&] { (void)file.read_string("/g", "n"); }), "must be a text");
}

TEST(H5File, SlabsMakeOneDataset) {
  const Scratch scratch;
  const std::string path = scratch / "a.h5";
  constexpr std::int64_t rows = 7, width = 5;
  const std::int64_t begin = rows * rank() / ranks(), end = rows * (rank() + 1) / ranks();
  std::vector<std::int64_t> mine(static_cast<std::size_t>((end - begin) * width));
  std::iota(mine.begin(), mine.end(), begin * width);
  {
    H5File file = H5File::create(PETSC_COMM_WORLD, path);
    file.create_dataset("/d", NumberType::int64, {rows, width});
    file.write("/d", {{begin, 0}, {end - begin, width}}, mine.data());
    file.close();
  }
  H5File file = H5File::open(PETSC_COMM_WORLD, path);
  std::vector<double> all(rows * width);
  file.read("/d", {{0, 0}, {rows, width}}, all.data());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], static_cast<double>(i));
  // Nothing at all for some ranks.
  const std::int64_t count = rank() == 0 ? 1 : 0;
  double one = -1;
  file.read("/d", {{3, 2}, {count, count}}, &one);
  EXPECT_EQ(one, rank() == 0 ? 17.0 : -1.0);
}

TEST(H5File, TableGrowsAndShrinks) {
  const Scratch scratch;
  H5File file = H5File::create(PETSC_COMM_WORLD, scratch / "a.h5");
  file.resize_table("/t", 2, 3);
  file.resize_table("/t", 5000, 3);
  EXPECT_EQ(file.info("/t").shape, (io::Shape{5000, 3}));
  file.resize_table("/t", 1, 3);
  EXPECT_EQ(file.info("/t").shape, (io::Shape{1, 3}));
  expect_contains(error_of([&] { file.resize_table("/t", 1, 4); }), "number of columns");
  file.close();
}

TEST(H5File, BadFilesAreNamed) {
  const Scratch scratch;
  const auto open = [&](const std::string& name) {
    return error_of([&] { H5File::open(PETSC_COMM_WORLD, scratch / name); });
  };
  EXPECT_EQ(open("none.h5"), (scratch / "none.h5") + ": no such file");
  expect_contains(open(""), "is a folder");
  write_bytes(scratch / "text.h5", "this is no HDF5 file");
  expect_contains(open("text.h5"), "text.h5: is not an HDF5 file");
  {
    H5File file = H5File::create(PETSC_COMM_WORLD, scratch / "good.h5");
    file.create_dataset("/d", NumberType::float64, {1000});
    file.close();
  }
  const std::string bytes = read_bytes(scratch / "good.h5");
  write_bytes(scratch / "cut.h5", bytes.substr(0, bytes.size() / 2));
  expect_contains(open("cut.h5"), "cut.h5: is truncated or damaged");
}

TEST(H5File, CannotCreateWhereThereIsNoFolder) {
  expect_contains(error_of([] { H5File::create(PETSC_COMM_WORLD, "no/such/folder/a.h5"); }),
                  "no/such/folder/a.h5: cannot be created: No such file or directory");
}

TEST(H5File, PrintsNothing) {
  // HDF5 prints its error stack on stderr unless it is told not to.
  const Scratch scratch;
  write_bytes(scratch / "text.h5", "this is no HDF5 file");
  ::testing::internal::CaptureStderr();
  error_of([&] { H5File::open(PETSC_COMM_WORLD, scratch / "text.h5"); });
  H5File file = H5File::create(PETSC_COMM_WORLD, scratch / "a.h5");
  error_of([&] { (void)file.info("/missing"); });
  error_of([&] { file.create_group("/a/b"); });
  file.close();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}
