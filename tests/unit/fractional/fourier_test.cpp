// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The transforms against their sums.
#include <linnet/fractional/fourier.hpp>
#include <linnet/kernels/staging.hpp>

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

// Along each direction of a tensor, whose lines are contiguous, or strided and some more than are
// transformed at once.
TEST(Fourier, SineTransformIsItsSum) {
  for (const long n : {1L, 2L, 3L, 4L, 7L, 20L, 31L, 63L, 104L})
    for (const auto& [inner, outer] : {std::pair(1L, 1L), {1L, 11L}, {3L, 1L}, {19L, 2L}}) {
      const auto x = noise(std::size_t(n * inner * outer));
      const auto y = linnet::kernels::device_copy<double>("linnet::test", x);
      SineTransform sine(n);
      sine.apply({inner, outer}, y.data());
      const auto transformed = linnet::kernels::host_copy(y);
      for (long line = 0; line < inner * outer; ++line) {
        const auto at = [&, inner = inner](long i) {
          return std::size_t(line % inner + inner * (i + n * (line / inner)));
        };
        for (long k = 0; k < n; ++k) {
          double sum = 0.0;
          for (long j = 0; j < n; ++j)
            sum +=
                x[at(j)] * std::sin(std::numbers::pi * double((j + 1) * (k + 1)) / double(n + 1));
          EXPECT_NEAR(transformed[at(k)], std::sqrt(2.0 / double(n + 1)) * sum, 1e-13)
              << n << ' ' << line << ' ' << k;
        }
      }
      sine.apply({inner, outer}, y.data());
      const auto back = linnet::kernels::host_copy(y);
      for (std::size_t j = 0; j < x.size(); ++j) EXPECT_NEAR(back[j], x[j], 1e-14) << n;
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
