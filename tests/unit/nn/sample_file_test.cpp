// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Files of samples: ranks that write different samples, and what a stopped writer leaves behind.
#include <linnet/nn/training/sample_file.hpp>

#include <linnet/core/petsc.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

using namespace linnet;
using nn::SampleLayout;
using nn::SampleReader;
using nn::SampleWriter;

namespace {

int rank() {
  int r;
  MPI_Comm_rank(PETSC_COMM_WORLD, &r);
  return r;
}
int ranks() {
  int n;
  MPI_Comm_size(PETSC_COMM_WORLD, &n);
  return n;
}

std::string fresh_path(const std::string& name) {
  const std::string path = name + "." + std::to_string(ranks()) + ".samples.h5";
  if (rank() == 0)
    for (const char* end : {"", ".tmp"}) std::filesystem::remove(path + end);
  MPI_Barrier(PETSC_COMM_WORLD);
  return path;
}

SampleLayout layout_of(const std::string& recipe) {
  SampleLayout layout;
  layout.samples = 7;
  layout.points = {3, 2, 1};
  layout.fields = {{"coefficient"}, {"solution", 2}};
  layout.recipe = recipe;
  return layout;
}

std::vector<double> values_of(std::int64_t sample, int channels) {
  std::vector<double> values;
  for (int v = 0; v < 6 * channels; ++v) values.push_back(static_cast<double>(100 * sample + v));
  return values;
}

/// Rounds of one sample per rank from @p first to @p last - 1.
void write(SampleWriter& writer, std::int64_t first, std::int64_t last) {
  for (std::int64_t done = first; done < last; done += ranks()) {
    const std::int64_t mine = done + rank();
    const core::Index3 hi = mine < last ? core::Index3{3, 2, 1} : core::Index3{0, 0, 0};
    writer.write("coefficient", mine < last ? mine : 0, {0, 0, 0}, hi, values_of(mine, 1).data());
    writer.write("solution", mine < last ? mine : 0, {0, 0, 0}, hi, values_of(mine, 2).data());
  }
}

void expect_all(const std::string& path) {
  const SampleReader reader(path);
  for (std::int64_t s = 0; s < 7; ++s) {
    std::vector<double> a(6), u(12);
    reader.read("coefficient", s, a.data());
    reader.read("solution", s, u.data(), 0, 2);
    EXPECT_EQ(a, values_of(s, 1));
    EXPECT_EQ(u, values_of(s, 2));
  }
}

} // namespace

TEST(SampleFile, RanksWriteDifferentSamples) {
  const std::string path = fresh_path("rounds");
  SampleWriter writer(PETSC_COMM_WORLD, path, layout_of("a"));
  EXPECT_EQ(writer.complete(), 0);
  write(writer, 0, 7);
  EXPECT_FALSE(holds_samples(PETSC_COMM_WORLD, path, layout_of("a")));
  writer.close();
  EXPECT_TRUE(holds_samples(PETSC_COMM_WORLD, path, layout_of("a")));
  EXPECT_FALSE(holds_samples(PETSC_COMM_WORLD, path, layout_of("b")));
  expect_all(path);
}

TEST(SampleFile, RanksWriteSeveralSamplesAtOnce) {
  const std::string path = fresh_path("several");
  SampleWriter writer(PETSC_COMM_WORLD, path, layout_of("a"));
  constexpr std::int64_t each = 2;
  for (std::int64_t done = 0; done < 7; done += each * ranks()) {
    const std::int64_t first = std::min<std::int64_t>(done + each * rank(), 7),
                       count = std::min(each, 7 - first);
    for (const int channels : {1, 2}) {
      std::vector<double> values;
      for (std::int64_t s = first; s < first + count; ++s)
        for (const double v : values_of(s, channels)) values.push_back(v);
      writer.write_whole(channels == 1 ? "coefficient" : "solution", first, count, values.data());
    }
  }
  writer.close();
  expect_all(path);
}

TEST(SampleFile, AStoppedWriterIsGoneOnWith) {
  const std::string path = fresh_path("stopped");
  {
    SampleWriter writer(PETSC_COMM_WORLD, path, layout_of("a"));
    write(writer, 0, 4);
    writer.mark_complete(4);
    write(writer, 4, 5); // and not marked
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  SampleWriter writer(PETSC_COMM_WORLD, path, layout_of("a"));
  EXPECT_EQ(writer.complete(), 4);
  write(writer, 4, 7);
  writer.close();
  expect_all(path);
}

TEST(SampleFile, OtherSamplesAreNotGoneOnWith) {
  const std::string path = fresh_path("other");
  {
    SampleWriter writer(PETSC_COMM_WORLD, path, layout_of("a"));
    write(writer, 0, 4);
    writer.mark_complete(4);
  }
  {
    SampleWriter writer(PETSC_COMM_WORLD, path, layout_of("b"));
    EXPECT_EQ(writer.complete(), 0);
  }
  if (rank() == 0) std::filesystem::resize_file(path + ".tmp", 100);
  MPI_Barrier(PETSC_COMM_WORLD);
  SampleWriter writer(PETSC_COMM_WORLD, path, layout_of("b"));
  EXPECT_EQ(writer.complete(), 0);
  write(writer, 0, 7);
  writer.close();
  expect_all(path);
}

TEST(SampleFile, KeepsThePointsThatAllSamplesShare) {
  const std::string path = fresh_path("grid");
  SampleLayout layout = layout_of("a");
  layout.grid = {0.0, 0.25, 0.1, 1.0, 0.7, 0.5};
  layout.coordinates = 2;
  SampleWriter writer(PETSC_COMM_WORLD, path, layout);
  write(writer, 0, 7);
  writer.close();
  const SampleReader reader(path);
  EXPECT_EQ(reader.layout().grid, layout.grid);
  EXPECT_EQ(reader.layout().coordinates, 2);
  EXPECT_FALSE(reader.has("grid"));
  expect_all(path);
}

/// A file of another program: what to do with it, and it is not written over.
TEST(SampleFile, LeavesOtherFilesAlone) {
  const std::string path = fresh_path("foreign");
  {
    io::H5File file = io::H5File::create(PETSC_COMM_WORLD, path);
    file.create_dataset("/u", io::NumberType::float64, {2, 3});
    file.close();
  }
  const auto message = [&](const auto& work) -> std::string {
    try {
      work();
    } catch (const core::Error& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_NE(
      message([&] { const SampleReader reader(path); })
          .find("is not a sample file of Linnet; convert it with build/apps/train -train_data "
                "import -train_import_files " +
                path + " -train_epochs 0, or name another file"),
      std::string::npos);
  EXPECT_NE(message([&] { holds_samples(PETSC_COMM_WORLD, path, layout_of("a")); })
                .find("is not a sample file of Linnet and is left as it is; name another file for "
                      "the samples"),
            std::string::npos);
}
