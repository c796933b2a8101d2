// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/checkpoint.hpp>

#include "scratch.hpp"

#include <bit>
#include <cmath>
#include <limits>

using namespace linnet;
using namespace linnet::test;

namespace {

/// A number whose bits depend on all of its index; every seventh one is special.
double sample(std::int64_t index) {
  if (index % 7 == 3) return -0.0;
  if (index % 7 == 5) return std::numeric_limits<double>::denorm_min();
  return std::sin(static_cast<double>(index)) *
         std::pow(10.0, static_cast<double>(index % 40) - 20);
}

struct State {
  State() : grid(3, 7, 6, 5, 2) {
    LINNET_CHECK(VecCreateMPI(PETSC_COMM_WORLD, PETSC_DECIDE, 23, &plain));
  }
  ~State() { static_cast<void>(VecDestroy(&plain)); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  void fill() {
    grid.visit([](std::int64_t i, double& x) { x = sample(i); });
    LINNET_CHECK(VecSet(plain, 1.0 / 3.0));
  }
  [[nodiscard]] io::CheckpointState names() const {
    return {"test",
            {{"u", grid.vec}, {"plain", plain}},
            {{"time", 0.1}},
            {{"step", (std::int64_t{1} << 53) + 1}},
            {{"note", "a text"}}};
  }
  GridVec grid;
  Vec plain = nullptr;
};

void expect_restored(State& state, const io::CheckpointState& read) {
  state.grid.visit([](std::int64_t i, double& x) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(x), std::bit_cast<std::uint64_t>(sample(i)));
  });
  PetscReal low, high;
  LINNET_CHECK(VecMin(state.plain, nullptr, &low));
  LINNET_CHECK(VecMax(state.plain, nullptr, &high));
  EXPECT_EQ(low, 1.0 / 3.0);
  EXPECT_EQ(high, 1.0 / 3.0);
  EXPECT_EQ(read.reals.at("time"), 0.1);
  EXPECT_EQ(read.integers.at("step"), (std::int64_t{1} << 53) + 1);
  EXPECT_EQ(read.strings.at("note"), "a text");
}

io::CheckpointState empty_values(const State& state) {
  auto names = state.names();
  names.reals["time"] = 0;
  names.integers["step"] = 0;
  names.strings["note"].clear();
  return names;
}

} // namespace

TEST(Checkpoint, RestoresEveryBit) {
  const Scratch scratch;
  const std::string path = scratch / "sub/folder/state.h5";
  {
    State state;
    state.fill();
    io::save_checkpoint(PETSC_COMM_WORLD, path, state.names());
    io::save_checkpoint(PETSC_COMM_WORLD, path, state.names()); // replaces
  }
  State state;
  auto read = empty_values(state);
  io::load_checkpoint(PETSC_COMM_WORLD, path, read);
  expect_restored(state, read);
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(Checkpoint, RefusesWhatDoesNotFit) {
  const Scratch scratch;
  const std::string path = scratch / "state.h5";
  State state;
  state.fill();
  io::save_checkpoint(PETSC_COMM_WORLD, path, state.names());
  auto other = empty_values(state);
  other.application = "heat";
  expect_contains(error_of([&] { io::load_checkpoint(PETSC_COMM_WORLD, path, other); }),
                  "is a checkpoint of 'test', not of 'heat'");
  const GridVec larger(3, 8, 6, 5, 2);
  auto grown = empty_values(state);
  grown.vectors["u"] = larger.vec;
  expect_contains(error_of([&] { io::load_checkpoint(PETSC_COMM_WORLD, path, grown); }),
                  "has the shape (5,6,7,2); expected (5,6,8,2)");
  auto more = empty_values(state);
  more.reals["dt"] = 0;
  expect_contains(error_of([&] { io::load_checkpoint(PETSC_COMM_WORLD, path, more); }),
                  "'dt' is missing");
  write_bytes(scratch / "text.h5", "hello");
  expect_contains(
      error_of([&] { io::load_checkpoint(PETSC_COMM_WORLD, scratch / "text.h5", more); }),
      "is not an HDF5 file");
}

TEST(Checkpoint, KnowsItsNumberOfRanks) {
  const Scratch scratch;
  const std::string path = scratch / "state.h5";
  if (rank() == 0) {
    Vec alone;
    LINNET_CHECK(VecCreateSeq(PETSC_COMM_SELF, 23, &alone));
    LINNET_CHECK(VecSet(alone, 1.0 / 3.0));
    io::save_checkpoint(MPI_COMM_SELF, path, {"test", {{"plain", alone}}, {}, {}, {}});
    LINNET_CHECK(VecDestroy(&alone));
  }
  MPI_Barrier(PETSC_COMM_WORLD);
  Vec plain;
  LINNET_CHECK(VecCreateMPI(PETSC_COMM_WORLD, PETSC_DECIDE, 23, &plain));
  io::CheckpointState state{"test", {{"plain", plain}}, {}, {}, {}};
  if (ranks() > 1)
    expect_contains(error_of([&] { io::load_checkpoint(PETSC_COMM_WORLD, path, state); }),
                    "was written by 1 ranks and this run has");
  io::load_checkpoint(PETSC_COMM_WORLD, path, state, true);
  PetscReal sum;
  LINNET_CHECK(VecNorm(plain, NORM_1, &sum));
  EXPECT_NEAR(sum, 23.0 / 3.0, 1e-14);
  LINNET_CHECK(VecDestroy(&plain));
}

// Any damage is an error or is harmless; wrong numbers never come back.
TEST(Checkpoint, DamageIsNoticed) {
  const Scratch scratch;
  const std::string path = scratch / "state.h5", bad = scratch / "bad.h5";
  State state;
  state.fill();
  io::save_checkpoint(PETSC_COMM_WORLD, path, state.names());
  const std::string good = read_bytes(path);
  const auto attempt = [&](const std::string& bytes) {
    write_bytes(bad, bytes);
    State target;
    auto read = empty_values(target);
    try {
      io::load_checkpoint(PETSC_COMM_WORLD, bad, read);
    } catch (const core::Error& error) {
      expect_contains(error.what(), "bad.h5");
      return true;
    }
    expect_restored(target, read);
    return false;
  };
  EXPECT_FALSE(attempt(good));
  const std::size_t pieces = ranks() == 1 ? 60 : 9;
  for (std::size_t i = 0; i < pieces; ++i)
    EXPECT_TRUE(attempt(good.substr(0, good.size() * i / pieces)));
  int noticed = 0;
  for (std::size_t i = 0; i < good.size(); i += good.size() / (ranks() == 1 ? 400 : 23)) {
    std::string bytes = good;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << i % 8));
    noticed += attempt(bytes) ? 1 : 0;
  }
  EXPECT_GT(noticed, 5);
}
