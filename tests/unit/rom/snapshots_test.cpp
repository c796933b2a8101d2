// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Snapshots in files: written on these ranks, read in another order, and files that are damaged.
#include "support/distributed_columns.hpp"
#include "support/usage_error.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/rom/column_files.hpp>
#include <linnet/rom/snapshots.hpp>

#include <gtest/gtest.h>

#include <petscdmda.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

using namespace linnet;

namespace {

constexpr std::int64_t rows = 50;

int ranks() {
  int count = 1;
  MPI_Comm_size(PETSC_COMM_WORLD, &count);
  return count;
}

std::string file(const std::string& name) {
  return "rom_snapshots_" + name + "_" + std::to_string(ranks()) + ".h5";
}

double value(std::int64_t row, PetscInt j) {
  return std::sin(0.1 * static_cast<double>(row) * (j + 1));
}

rom::Snapshots filled(const std::vector<std::int64_t>& numbers, PetscInt count) {
  rom::Snapshots all(PETSC_COMM_WORLD, numbers);
  for (PetscInt j = 0; j < count; ++j) {
    std::vector<double> values;
    for (const std::int64_t number : numbers) values.push_back(value(number, j));
    all.append(values, 0.25 * j);
  }
  return all;
}

/// Numbers in blocks, another distribution than the scattered one.
std::vector<std::int64_t> blocks() {
  int rank = 0;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = rank * rows / ranks(); i < (rank + 1) * rows / ranks(); ++i)
    numbers.push_back(i);
  return numbers;
}

template <class Work>
core::ExitCode code_of(Work&& work) {
  try {
    work();
  } catch (const core::Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.code();
  }
  return core::ExitCode::success;
}

} // namespace

TEST(Snapshots, GoThroughAFileToAnotherDistribution) {
  const std::string path = file("there");
  {
    const rom::Snapshots u = filled(tests::scattered_rows(rows), 7);
    const rom::Snapshots p = filled(tests::scattered_rows(rows), 2);
    rom::write_snapshots(PETSC_COMM_WORLD, path, {{"u", &u}, {"p", &p}});
  }
  const std::vector<std::int64_t> numbers = blocks();
  rom::Snapshots back(PETSC_COMM_WORLD, numbers);
  EXPECT_EQ(rom::read_snapshots(path, "u", back), 7);
  EXPECT_EQ(rom::read_snapshots(path, "p", back), 2);
  ASSERT_EQ(back.size(), 9);
  for (PetscInt j = 0; j < 9; ++j) {
    EXPECT_EQ(back.labels()[static_cast<std::size_t>(j)], 0.25 * (j < 7 ? j : j - 7));
    for (std::size_t i = 0; i < numbers.size(); ++i)
      EXPECT_EQ(back.columns().column(j)[i], value(numbers[i], j < 7 ? j : j - 7));
  }
  rom::Snapshots other(PETSC_COMM_WORLD, tests::scattered_rows(rows + 1));
  EXPECT_EQ(code_of([&] { rom::read_snapshots(path, "u", other); }), core::ExitCode::data);
  EXPECT_EQ(code_of([&] { rom::read_snapshots(path, "sigma", back); }), core::ExitCode::data);
  EXPECT_EQ(code_of([&] { rom::read_snapshots("none.h5", "u", back); }), core::ExitCode::data);
  EXPECT_EQ(other.size(), 0);
}

TEST(Snapshots, OfAGridAreInNaturalOrder) {
  DM da = nullptr;
  LINNET_CHECK(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR,
                            9, 8, PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr, nullptr, &da));
  const core::Owned<DM> owner(da);
  LINNET_CHECK(DMSetUp(da));
  Vec v = nullptr;
  LINNET_CHECK(DMCreateGlobalVector(da, &v));
  const core::Owned<Vec> vec(v);
  PetscScalar** a = nullptr;
  PetscInt x = 0, y = 0, m = 0, n = 0;
  LINNET_CHECK(DMDAGetCorners(da, &x, &y, nullptr, &m, &n, nullptr));
  LINNET_CHECK(DMDAVecGetArray(da, v, &a));
  for (PetscInt j = y; j < y + n; ++j)
    for (PetscInt i = x; i < x + m; ++i) a[j][i] = i + 100.0 * j;
  LINNET_CHECK(DMDAVecRestoreArray(da, v, &a));
  rom::Snapshots grid(v);
  grid.append(v, 1.5);
  const std::string path = file("grid");
  rom::write_snapshots(PETSC_COMM_WORLD, path, {{"u", &grid}});
  std::vector<std::int64_t> all(72);
  for (std::size_t i = 0; i < 72; ++i) all[i] = static_cast<std::int64_t>(i);
  const linalg::RowOrder order(PETSC_COMM_SELF, all);
  const linalg::ColumnStore read =
      rom::read_columns(PETSC_COMM_SELF, path, "/snapshots/u/values", order);
  for (std::size_t i = 0; i < 72; ++i)
    EXPECT_EQ(read.column(0)[i], static_cast<double>(i % 9) + 100.0 * static_cast<double>(i / 9));
}

TEST(Snapshots, RefuseWhatDoesNotFit) {
  const std::vector<std::int64_t> numbers = tests::scattered_rows(rows);
  rom::Snapshots all(PETSC_COMM_WORLD, numbers, 3 * rows * 8);
  std::vector<double> values(numbers.size(), 1.0);
  for (int i = 0; i < 3; ++i) all.append(values, i);
  EXPECT_NE(tests::usage_error([&] { all.append(values, 3.0); }).find("bytes"), std::string::npos);
  EXPECT_EQ(all.size(), 3);
  rom::Snapshots finite(PETSC_COMM_WORLD, numbers);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i] == 8) values[i] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(code_of([&] { finite.append(values, 0.0); }), core::ExitCode::data);
  values.push_back(1.0);
  EXPECT_EQ(code_of([&] { finite.append(values, 0.0); }), core::ExitCode::usage);
  EXPECT_EQ(finite.size(), 0);
}

TEST(Snapshots, ASecondFileReplacesTheFirstOnlyWhenItIsComplete) {
  const std::string path = file("atomic");
  const std::vector<std::int64_t> numbers = blocks();
  const rom::Snapshots first = filled(numbers, 2);
  rom::write_snapshots(PETSC_COMM_WORLD, path, {{"u", &first}});
  EXPECT_THROW(rom::write_atomically(PETSC_COMM_WORLD, path,
                                     [](io::H5File&) { core::throw_data("no more"); }),
               core::Error);
  rom::Snapshots back(PETSC_COMM_WORLD, numbers);
  EXPECT_EQ(rom::read_snapshots(path, "u", back), 2);
  MPI_Barrier(PETSC_COMM_WORLD);
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

// Files that end too early; other damage is what the fuzz target makes.
TEST(Snapshots, TruncatedFilesAreRefused) {
  const std::string path = file("whole"), damaged = file("damaged");
  const std::vector<std::int64_t> numbers = blocks();
  const rom::Snapshots all = filled(numbers, 3);
  rom::write_snapshots(PETSC_COMM_WORLD, path, {{"u", &all}});
  std::string bytes;
  {
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  ASSERT_GT(bytes.size(), 1200U);
  for (std::size_t part = 0; part < 10; ++part) {
    core::on_first_rank(PETSC_COMM_WORLD, [&] {
      std::ofstream(damaged, std::ios::binary) << bytes.substr(0, bytes.size() * part / 10);
    });
    rom::Snapshots back(PETSC_COMM_WORLD, numbers);
    EXPECT_EQ(code_of([&] { rom::read_snapshots(damaged, "u", back); }), core::ExitCode::data)
        << part;
    EXPECT_EQ(back.size(), 0);
    MPI_Barrier(PETSC_COMM_WORLD);
  }
}

TEST(ColumnFiles, NumbersAreCheckedAsTheyAreRead) {
  const std::string path = file("numbers");
  const std::vector<double> numbers{1.0, 2.5, -3.0};
  const std::vector<std::int64_t> integers{7, 1, 9};
  rom::write_atomically(PETSC_COMM_WORLD, path, [&](io::H5File& h5) {
    rom::write_numbers(h5, "/numbers", numbers);
    rom::write_numbers(h5, "/integers", integers);
  });
  EXPECT_EQ(rom::read_numbers(PETSC_COMM_WORLD, path, "/numbers"), numbers);
  EXPECT_EQ(rom::read_integers(PETSC_COMM_WORLD, path, "/integers"), integers);
  EXPECT_EQ(code_of([&] { rom::read_integers(PETSC_COMM_WORLD, path, "/numbers"); }),
            core::ExitCode::data);
  EXPECT_EQ(code_of([&] { rom::read_numbers(PETSC_COMM_WORLD, path, "/numbers", 2); }),
            core::ExitCode::data);
}
