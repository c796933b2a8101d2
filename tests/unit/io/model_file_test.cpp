// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/model_file.hpp>

#include "scratch.hpp"

#include <support/small_models.hpp>

#include <limits>

using namespace linnet;
using namespace linnet::test;
using tests::same_bits;
using tests::shapes_of;
using tests::small_models;

namespace {

constexpr std::int64_t enough = std::int64_t{1} << 30;

io::ModelFile read(const std::string& path) {
  return io::read_model(PETSC_COMM_WORLD, path, shapes_of, enough);
}

void write(const std::string& path, const io::ModelFile& model) {
  io::write_model(PETSC_COMM_WORLD, path, model);
}

} // namespace

TEST(ModelFile, EveryBitComesBackOnAllRanks) {
  const Scratch scratch;
  const std::string path = scratch / "sub/folder/model.h5";
  for (const auto& [name, model] : small_models()) {
    // Only the first rank's counts.
    write(path, rank() == 0 ? model : io::ModelFile{});
    EXPECT_TRUE(same_bits(read(path), model)) << name;
    EXPECT_FALSE(rank() == 0 && std::filesystem::exists(path + ".tmp")) << name;
  }
}

TEST(ModelFile, SinglePrecisionRounds) {
  const Scratch scratch;
  io::ModelFile model = small_models()["line"];
  model.dtype = "float32";
  write(scratch / "model.h5", model);
  for (double& value : model.parameters["a"].values) value = static_cast<float>(value);
  EXPECT_TRUE(same_bits(read(scratch / "model.h5"), model));
}

TEST(ModelFile, LongestTextsAndLargestNumbers) {
  const Scratch scratch;
  io::ModelFile model = small_models()["line"];
  model.graph.resize(io::ModelLimits::graph_bytes, ' ');
  model.provenance["log"] = std::string(io::ModelLimits::provenance_bytes, 'x');
  model.provenance["empty"] = "";
  model.parameters["a"].values = {1e8, -1e8, 0, 5e-324, -5e-324, 1};
  model.normalisation["scale"] = {{1}, {1.7e308}, ""}; // is no parameter
  write(scratch / "model.h5", model);
  EXPECT_TRUE(same_bits(read(scratch / "model.h5"), model));
}

// A message of MPI carries what does not fit into one page as well.
TEST(ModelFile, LargerArraysReachAllRanks) {
  const Scratch scratch;
  io::ModelFile model;
  model.graph = R"({"deep/in/groups": [37,41,43]})";
  model.parameters["deep/in/groups"] = tests::small_array({37, 41, 43}, "weight", 2.0 / 3.0);
  write(scratch / "model.h5", model);
  EXPECT_TRUE(same_bits(read(scratch / "model.h5"), model));
}

TEST(ModelFile, FilesOfTheFirstVersionStayReadable) {
  for (const auto& [name, model] : small_models())
    EXPECT_TRUE(same_bits(read(std::string(LINNET_MODEL_CORPUS "/") + name), model)) << name;
}

// Any damage is refused or is harmless: another model never comes back.
TEST(ModelFile, DamageIsNoticed) {
  const Scratch scratch;
  const std::string path = scratch / "good.h5", bad = scratch / "bad.h5";
  const io::ModelFile model = small_models()["layers"];
  write(path, model);
  const std::string good = read_bytes(path);
  const auto refused = [&](const std::string& bytes) {
    write_bytes(bad, bytes);
    try {
      EXPECT_TRUE(same_bits(read(bad), model));
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ExitCode::data);
      expect_contains(error.what(), "bad.h5");
      return true;
    }
    return false;
  };
  EXPECT_FALSE(refused(good));
  EXPECT_FALSE(refused(good + "behind the end"));
  for (std::size_t size = 0; size < good.size(); size += 64)
    EXPECT_TRUE(refused(good.substr(0, size))) << size;
  EXPECT_TRUE(refused(good.substr(0, good.size() - 1)));
  std::size_t flips = 0, noticed = 0;
  for (std::size_t i = 0; i < good.size(); i += ranks() == 1 ? 11 : 97, ++flips) {
    std::string bytes = good;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << i % 8));
    noticed += refused(bytes) ? 1 : 0;
  }
  // The rest is space that no object of the file uses.
  EXPECT_GT(3 * noticed, flips);
}

TEST(ModelFile, ExistingFileSurvivesFailures) {
  const Scratch scratch;
  const std::string path = scratch / "model.h5";
  const auto models = small_models();
  write(path, models.at("layers"));
  const std::string before = read_bytes(path);
  const auto expect_survival = [&] {
    MPI_Barrier(PETSC_COMM_WORLD);
    EXPECT_EQ(read_bytes(path), before);
    MPI_Barrier(PETSC_COMM_WORLD);
  };
  {
    std::optional<FileSizeLimit> limit; // of the rank that writes
    if (rank() == 0) limit.emplace(4096);
    expect_contains(error_of([&] { write(path, models.at("many")); }), "no space left");
  }
  expect_survival();
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
  write_bytes(scratch / "file", "");
  expect_contains(error_of([&] { write(scratch / "file/model.h5", models.at("many")); }), "file");
  MPI_Barrier(PETSC_COMM_WORLD);
  if (rank() == 0) std::filesystem::create_directories(path + ".tmp/full");
  expect_contains(error_of([&] { write(path, models.at("many")); }), "model.h5.tmp: cannot be");
  expect_survival();
}

TEST(ModelFile, WhatWouldNotBeReadIsNotWritten) {
  const Scratch scratch;
  const std::string path = scratch / "model.h5";
  const auto refusal = [&](const std::function<void(io::ModelFile&)>& change) {
    io::ModelFile model = small_models()["layers"];
    change(model);
    const std::string text = error_of([&] { write(path, model); });
    expect_contains(text, path);
    EXPECT_FALSE(std::filesystem::exists(path));
    return text;
  };
  using Model = io::ModelFile;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  expect_contains(refusal([&](Model& m) { m.parameters["out"].values[1] = nan; }),
                  "/param/out: value 1 is nan");
  expect_contains(refusal([](Model& m) { m.parameters["out"].values[1] = -1.1e8; }),
                  "at most 1e8 are allowed");
  expect_contains(refusal([](Model& m) { m.normalisation["mean"].values[0] = 1e39; }),
                  "/norm/mean: value 0 is inf"); // in single precision
  expect_contains(refusal([](Model& m) { m.check->output.values.pop_back(); }),
                  "/check/output: has 3 values and the shape (4)");
  expect_contains(refusal([](Model& m) { m.parameters["out"].shape = {1, 1, 1, 1, 1, 1, 2}; }),
                  "1 to 6 extents");
  expect_contains(refusal([](Model& m) { m.parameters["out"] = {{0}, {}, ""}; }), "1 to 6 extents");
  expect_contains(refusal([](Model& m) {
                    m.parameters["a//b"] = {{1}, {1}, ""};
                  }),
                  "/param/a//b: is no path");
  expect_contains(refusal([](Model& m) { m.parameters["../b"] = {{1}, {1}, ""}; }), "is no path");
  expect_contains(refusal([](Model& m) {
                    m.parameters["1/2/3/4/5/6/7/8/9"] = {{1}, {1}, ""};
                  }),
                  "one to 8 names");
  expect_contains(refusal([](Model& m) {
                    m.parameters["conv1"] = {{1}, {1}, ""};
                  }),
                  "/param/conv1");
  expect_contains(refusal([](Model& m) { m.dtype = "float16"; }), "float32 and float64");
  expect_contains(refusal([](Model& m) { m.graph.resize((1 << 20) + 1); }), "at most 1048576");
  expect_contains(refusal([](Model& m) { m.provenance["a b"] = ""; }), "'a b' is no name");
  expect_contains(refusal([](Model& m) { m.provenance["a"] = std::string(2, '\0'); }), "zero byte");
}
