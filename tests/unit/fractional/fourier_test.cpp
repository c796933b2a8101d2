// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The transforms against their sums.
#include <linnet/fractional/fourier.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

using namespace linnet::fractional;

namespace {

std::vector<double> noise(std::size_t n) {
  std::mt19937 random(3);
  std::vector<double> x(n);
  for (double& v : x) v = std::uniform_real_distribution<double>(-1.0, 1.0)(random);
  return x;
}

} // namespace

TEST(Fourier, SmoothLengths) {
  EXPECT_EQ(smooth_length(1), 1);
  EXPECT_EQ(smooth_length(11), 12);
  EXPECT_EQ(smooth_length(127), 128);
  EXPECT_EQ(smooth_length(262147), 262440); // 2^3 3^8 5
}

TEST(Fourier, SineTransformIsItsSum) {
  for (const long n : {1L, 2L, 3L, 4L, 7L, 20L, 31L, 63L, 104L}) {
    const auto x = noise(std::size_t(n));
    auto y = x;
    SineTransform sine(n);
    sine.apply(y.data());
    for (long k = 0; k < n; ++k) {
      double sum = 0.0;
      for (long j = 0; j < n; ++j)
        sum += x[std::size_t(j)] *
               std::sin(std::numbers::pi * double((j + 1) * (k + 1)) / double(n + 1));
      EXPECT_NEAR(y[std::size_t(k)], std::sqrt(2.0 / double(n + 1)) * sum, 1e-13) << n << ' ' << k;
    }
    sine.apply(y.data());
    for (std::size_t j = 0; j < x.size(); ++j) EXPECT_NEAR(y[j], x[j], 1e-14) << n;
  }
}

TEST(Fourier, CosineSumsAreSums) {
  for (const std::size_t m : {1, 2, 5, 16, 27}) {
    const auto x = noise(m);
    const auto sums = cosine_sums(x);
    ASSERT_EQ(sums.size(), m + 1);
    for (std::size_t k = 0; k <= m; ++k) {
      double sum = 0.0;
      for (std::size_t j = 0; j < m; ++j)
        sum += x[j] * std::cos(std::numbers::pi * double(j * k) / double(m));
      EXPECT_NEAR(sums[k], sum, 1e-13) << m << ' ' << k;
    }
  }
}
