// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/random.hpp>

#include <gtest/gtest.h>

using linnet::core::philox;
using linnet::core::RandomStream;

// Known answers of the Random123 distribution (kat_vectors, philox4x32 10).
TEST(Philox, KnownAnswers) {
  const std::array<std::uint32_t, 4> zeros{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), zeros);
  const std::array<std::uint32_t, 4> ones{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
  EXPECT_EQ(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}), ones);
  const std::array<std::uint32_t, 4> pi{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}), pi);
}

TEST(RandomStream, NormalHasUnitVariance) {
  const RandomStream stream(7, 3);
  constexpr int n = 100000;
  double mean = 0, square = 0;
  for (int i = 0; i < n; ++i) {
    const double x = stream.normal(i);
    mean += x / n;
    square += x * x / n;
  }
  EXPECT_NEAR(mean, 0.0, 5.0 / std::sqrt(n));
  EXPECT_NEAR(square, 1.0, 5.0 * std::sqrt(2.0 / n));
}

TEST(RandomStream, StreamsDiffer) {
  EXPECT_NE(RandomStream(1, 0).uniform(0), RandomStream(1, 1).uniform(0));
  EXPECT_NE(RandomStream(1, 0).uniform(0), RandomStream(2, 0).uniform(0));
  EXPECT_EQ(RandomStream(1, 5).uniform(9), RandomStream(1, 5).uniform(9));
}
