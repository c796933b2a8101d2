// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/agreement.hpp>

#include <gtest/gtest.h>

#include <new>

using namespace linnet::core;

namespace {

int world_rank() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

int world_size() {
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

} // namespace

TEST(Agreement, NobodyFails) {
  EXPECT_EQ(agree(MPI_COMM_WORLD, {}).exit_code, 0);
  EXPECT_EQ(agree_or_abort(MPI_COMM_WORLD, {}, "", 1).exit_code, 0);
}

TEST(Agreement, TheLowestRankThatFailedSpeaks) {
  const int first = world_size() / 2;
  Outcome mine;
  if (world_rank() >= first) mine = {4, "rank " + std::to_string(world_rank())};
  for (const Outcome& all :
       {agree(MPI_COMM_WORLD, mine), agree_or_abort(MPI_COMM_WORLD, mine, "", 60)}) {
    EXPECT_EQ(all.exit_code, 4);
    EXPECT_EQ(all.message, "rank " + std::to_string(first));
  }
}

TEST(Agreement, TogetherThrowsEverywhere) {
  const int last = world_size() - 1;
  int code = 0;
  std::string message;
  try {
    together(MPI_COMM_WORLD, [&] {
      if (world_rank() == last) throw_data("mesh.msh: is truncated");
    });
  } catch (const Error& error) {
    code = static_cast<int>(error.code());
    message = error.what();
  }
  EXPECT_EQ(code, 4);
  EXPECT_EQ(message, "mesh.msh: is truncated");
  bool ran = false;
  together(MPI_COMM_WORLD, [&] { ran = true; });
  EXPECT_TRUE(ran);
}

TEST(Agreement, ExceptionsBecomeOutcomes) {
  const auto outcome = [](auto&& thrown) {
    try {
      throw thrown;
    } catch (...) {
      return outcome_of_current_exception();
    }
  };
  EXPECT_EQ(outcome(Error(ExitCode::stopped, "x")).exit_code, 5);
  EXPECT_EQ(outcome(Error(ExitCode::usage, "x y")).message, "x y");
  EXPECT_EQ(outcome(std::bad_alloc()).exit_code, 1);
  EXPECT_NE(outcome(std::runtime_error("odd")).message.find("odd"), std::string::npos);
  EXPECT_EQ(outcome(3).exit_code, 1);
}
