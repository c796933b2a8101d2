// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Means over shards: the same bits however the shards lie on ranks, and close to the exact sum.
#include "buffers.hpp"

#include <linnet/core/error.hpp>
#include <linnet/nn/training/reproducible_sum.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

using namespace linnet;
using namespace linnet::tests;
using nn::ParameterLayout;
using nn::ParameterRole;
using nn::ReproducibleSum;

namespace {

int rank_of(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

int size_of(MPI_Comm comm) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  return size;
}

ParameterLayout blocks() {
  ParameterLayout layout;
  add_block(layout, "large", {50, 101}, ParameterRole::weight); // more than one piece of a loop
  add_block(layout, "bias", {7}, ParameterRole::bias);
  add_block(layout, "untouched", {20}, ParameterRole::scale);
  add_block(layout, "tiny", {33}, ParameterRole::weight);
  return layout;
}

/// Gradient of shard @p shard: sizes over many powers of ten, blocks of very different size, one
/// of zeros alone.
template <class T>
std::vector<T> shard_gradient(const ParameterLayout& layout, int shard) {
  std::vector<T> g = noise<T>(layout, static_cast<std::uint64_t>(shard));
  const core::RandomStream random(3, static_cast<std::uint64_t>(shard));
  for (const nn::ParameterBlock& block : layout.blocks())
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i) {
      const double size = block.name == "tiny" ? 1e-30 : block.name == "untouched" ? 0.0 : 1.0;
      g[i] *= static_cast<T>(size * std::pow(10.0, 4.0 * random.uniform(i)));
    }
  return g;
}

/// Mean by ReproducibleSum; shard s is on rank owner(s).
template <class T, class Owner>
std::vector<T> mean(MPI_Comm comm, const ParameterLayout& layout, int shards, double divisor,
                    Owner&& owner) {
  std::vector<kernels::Array<T>> mine;
  for (int s = 0; s < shards; ++s)
    if (owner(s) == rank_of(comm)) mine.push_back(buffer(layout, shard_gradient<T>(layout, s)));
  const kernels::Array<T> result = nn::parameter_buffer<T>(layout);
  ReproducibleSum<T>(comm, layout, shards).mean(mine, divisor, result);
  return values_of(result);
}

template <class T>
void same_bits() {
  const ParameterLayout layout = blocks();
  const int ranks = size_of(MPI_COMM_WORLD);
  for (const int shards : {1, 5, 64}) {
    const auto alone = mean<T>(MPI_COMM_SELF, layout, shards, 3.0, [](int) { return 0; });
    const auto dealt =
        mean<T>(MPI_COMM_WORLD, layout, shards, 3.0, [&](int s) { return s % ranks; });
    // All on the last rank: the others hold none.
    const auto on_one =
        mean<T>(MPI_COMM_WORLD, layout, shards, 3.0, [&](int) { return ranks - 1; });
    EXPECT_EQ(alone, dealt);
    EXPECT_EQ(alone, on_one);
    EXPECT_TRUE(has_clean_gaps(layout, alone));
  }
}

} // namespace

TEST(ReproducibleSum, SameBitsOnAnyRanksInSinglePrecision) { same_bits<float>(); }
TEST(ReproducibleSum, SameBitsOnAnyRanksInDoublePrecision) { same_bits<double>(); }

namespace {

/// Sums of double precision, nearly exact: the 64 bits of long double, compensated.
struct ExactSum {
  long double sum = 0.0L, rest = 0.0L;
  void add(long double v) {
    const long double next = sum + v;
    rest += std::abs(sum) >= std::abs(v) ? (sum - next) + v : (v - next) + sum;
    sum = next;
  }
};

/// Each of the n terms is rounded to a multiple of 2^-k, k = 61 - ceil(log2 n) - e; then the sum is
/// rounded to double precision, divided, and rounded to T.
template <class T>
void close_to_exact(int shards) {
  const ParameterLayout layout = blocks();
  const int ranks = size_of(MPI_COMM_WORLD);
  const auto values =
      mean<T>(MPI_COMM_WORLD, layout, shards, shards, [&](int s) { return s % ranks; });
  std::vector<std::vector<T>> g;
  for (int s = 0; s < shards; ++s) g.push_back(shard_gradient<T>(layout, s));
  const double log2_shards = std::ceil(std::log2(shards));
  for (const nn::ParameterBlock& block : layout.blocks()) {
    double largest = 0.0;
    for (const auto& shard : g)
      for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(shard[i])));
    const double unit = largest > 0.0 ? std::exp2(std::ilogb(largest) - 61.0 + log2_shards) : 0.0;
    int outside = 0;
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i) {
      ExactSum exact;
      for (const auto& shard : g) exact.add(static_cast<long double>(shard[i]));
      const double expected = static_cast<double>((exact.sum + exact.rest) / shards);
      const double rounding = 0.5 * static_cast<double>(std::numeric_limits<T>::epsilon()) +
                              1.5 * std::numeric_limits<double>::epsilon();
      const double error = std::abs(static_cast<double>(values[i]) - expected);
      if (error > 0.5 * unit + rounding * std::abs(expected)) ++outside;
    }
    EXPECT_EQ(outside, 0) << block.name;
  }
}

} // namespace

TEST(ReproducibleSum, IsWithinItsRoundingBound) {
  for (const int shards : {1, 3, 16, 33}) {
    close_to_exact<float>(shards);
    close_to_exact<double>(shards);
  }
}

TEST(ReproducibleSum, HoldsTheLargestAndTheSmallestNumbers) {
  ParameterLayout layout;
  add_block(layout, "large", {3}, ParameterRole::weight);
  add_block(layout, "small", {3}, ParameterRole::weight);
  std::vector<double> g(layout.size(), 0.0);
  const double large = std::numeric_limits<double>::max(), small = 0x1p-950;
  const std::size_t second = layout.blocks()[1].offset;
  g[0] = large, g[1] = -large, g[2] = 1.0;
  g[second] = small, g[second + 1] = std::numeric_limits<double>::denorm_min();
  const int ranks = size_of(MPI_COMM_WORLD);
  const std::vector<kernels::Array<double>> mine(4, buffer(layout, g));
  const auto result = nn::parameter_buffer<double>(layout);
  ReproducibleSum<double>(MPI_COMM_WORLD, layout, 4 * ranks).mean(mine, 4.0 * ranks, result);
  const auto values = values_of(result);
  EXPECT_EQ(values[0], large); // the sum itself would overflow
  EXPECT_EQ(values[1], -large);
  EXPECT_EQ(values[2], 0.0); // far below the last bit of its neighbours
  EXPECT_EQ(values[second], small);
  EXPECT_EQ(values[second + 1], 0.0);
}

TEST(ReproducibleSum, ResultMayBeAShard) {
  const ParameterLayout layout = blocks();
  const int ranks = size_of(MPI_COMM_WORLD), rank = rank_of(MPI_COMM_WORLD);
  const std::vector<kernels::Array<float>> mine(
      1, buffer(layout, shard_gradient<float>(layout, rank)));
  ReproducibleSum<float>(MPI_COMM_WORLD, layout, ranks).mean(mine, ranks, mine[0]);
  EXPECT_EQ(values_of(mine[0]),
            mean<float>(MPI_COMM_SELF, layout, ranks, ranks, [](int) { return 0; }));
}

namespace {

/// The error that all ranks get when rank @p culprit has @p value in the block "bias".
template <class T>
std::string error_with(T value, int culprit) {
  const ParameterLayout layout = blocks();
  std::vector<T> g(layout.size(), T(1));
  if (rank_of(MPI_COMM_WORLD) == culprit) g[layout.blocks()[1].offset + 6] = value;
  const std::vector<kernels::Array<T>> mine(1, buffer(layout, g));
  const auto result = nn::parameter_buffer<T>(layout);
  try {
    ReproducibleSum<T>(MPI_COMM_WORLD, layout, size_of(MPI_COMM_WORLD)).mean(mine, 1.0, result);
  } catch (const core::Error& error) {
    return error.code() == core::ExitCode::not_converged ? error.what() : "wrong code";
  }
  return "no error";
}

} // namespace

TEST(ReproducibleSum, AllRanksNameTheBlockThatIsNotFinite) {
  const std::string line = "gradient: 'bias' is not finite in a shard; lower the learning rate or "
                           "check the data";
  const int last = size_of(MPI_COMM_WORLD) - 1;
  for (const int culprit : {0, last}) {
    EXPECT_EQ(error_with<float>(std::numeric_limits<float>::quiet_NaN(), culprit), line);
    EXPECT_EQ(error_with<double>(-std::numeric_limits<double>::quiet_NaN(), culprit), line);
    EXPECT_EQ(error_with<double>(-std::numeric_limits<double>::infinity(), culprit), line);
    EXPECT_EQ(error_with<float>(std::numeric_limits<float>::max(), culprit), "no error");
    EXPECT_EQ(error_with<double>(std::numeric_limits<double>::max(), culprit), "no error");
  }
}

TEST(ReproducibleSum, CountsTheShards) {
  const ParameterLayout layout = blocks();
  const int ranks = size_of(MPI_COMM_WORLD);
  const std::vector<kernels::Array<float>> mine(1, nn::parameter_buffer<float>(layout));
  const auto result = nn::parameter_buffer<float>(layout);
  ReproducibleSum<float> sum(MPI_COMM_WORLD, layout, ranks + 1);
  EXPECT_THROW(sum.mean(mine, 1.0, result), core::Error);
  EXPECT_THROW(ReproducibleSum<float>(MPI_COMM_WORLD, layout, 0), core::Error);
}

TEST(SumOfShards, SameBitsAndExactWhereItCan) {
  const std::vector<std::string> names = {"loss", "count"};
  const int shards = 12, ranks = size_of(MPI_COMM_WORLD), rank = rank_of(MPI_COMM_WORLD);
  std::vector<double> all, mine;
  for (int s = 0; s < shards; ++s) {
    const double loss = 1e-9 / (s + 1), count = 10.0 + s;
    all.insert(all.end(), {loss, count});
    if (s % ranks == rank) mine.insert(mine.end(), {loss, count});
  }
  const auto sums = nn::sum_of_shards(MPI_COMM_WORLD, shards, names, mine);
  EXPECT_EQ(sums, nn::sum_of_shards(MPI_COMM_SELF, shards, names, all));
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_EQ(sums[1], 186.0);
  double loss = 0.0;
  for (int s = 0; s < shards; ++s) loss += 1e-9 / (s + 1);
  EXPECT_NEAR(sums[0], loss, shards * 1.1e-16 * loss);
}

TEST(SumOfShards, NamesALossThatIsNotFinite) {
  const std::vector<std::string> names = {"train", "penalty"};
  const int ranks = size_of(MPI_COMM_WORLD), rank = rank_of(MPI_COMM_WORLD);
  const double bad = rank == ranks - 1 ? std::nan("") : 1.0;
  const std::vector<double> mine = {1.0, bad};
  try {
    nn::sum_of_shards(MPI_COMM_WORLD, ranks, names, mine);
    ADD_FAILURE() << "no error";
  } catch (const core::Error& error) {
    EXPECT_NE(std::string(error.what()).find("loss: 'penalty' is not finite"), std::string::npos);
  }
}
