// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_sampler_fixture.hpp"

#include <linnet/core/random.hpp>
#include <linnet/problems/samples/random_diffusion.hpp>

#include <algorithm>
#include <cmath>

using namespace linnet;
using namespace linnet::problems;

namespace {

std::size_t at(int n, int i, int j) { return static_cast<std::size_t>(i + n * j); }

RandomDiffusionOptions inclusions() {
  RandomDiffusionOptions o;
  o.kind = DiffusionKind::inclusions;
  return o;
}

} // namespace

TEST(SmoothRandomField, HasItsCovariance) {
  // Of values a quarter of the side apart: exp(-(1/4)^2 / (2 0.2^2)) = 0.458.
  constexpr int n = 17, draws = 4000;
  const SmoothRandomField field(n, 0.2);
  double square = 0.0, along = 0.0, across = 0.0, mean = 0.0;
  for (std::uint64_t s = 0; s < draws; ++s) {
    const auto g = field.draw(core::RandomStream(3, s));
    mean += g[at(n, 8, 8)];
    square += std::pow(g[at(n, 8, 8)], 2);
    along += g[at(n, 8, 8)] * g[at(n, 12, 8)];
    across += g[at(n, 8, 8)] * g[at(n, 8, 4)];
  }
  // Four deviations of a mean of products of deviation at most sqrt(2).
  const double tolerance = 4.0 * std::sqrt(2.0 / draws);
  EXPECT_NEAR(mean / draws, 0.0, tolerance);
  EXPECT_NEAR(square / draws, 1.0, tolerance);
  EXPECT_NEAR(along / draws, std::exp(-0.5 * std::pow(0.25 / 0.2, 2)), tolerance);
  EXPECT_NEAR(across / draws, std::exp(-0.5 * std::pow(0.25 / 0.2, 2)), tolerance);
  test::expect_line(test::message_of([] { SmoothRandomField(9, 0.0); }), "a positive length");
}

TEST(SmoothRandomField, IsBilinearOnOtherNodes) {
  std::vector<double> coarse;
  for (int j = 0; j < 5; ++j)
    for (int i = 0; i < 5; ++i) coarse.push_back(1.0 + 2.0 * i - j + 0.5 * i * j);
  const auto fine = on_other_nodes(coarse, 5, 13);
  for (int j = 0; j < 13; ++j)
    for (int i = 0; i < 13; ++i) {
      const double x = i / 3.0, y = j / 3.0;
      EXPECT_NEAR(fine[at(13, i, j)], 1.0 + 2.0 * x - y + 0.5 * x * y, 1e-13);
    }
}

TEST(RandomDiffusion, BalancesTheFluxesOfEveryNode) {
  for (RandomDiffusionOptions o : {RandomDiffusionOptions{}, inclusions()}) {
    constexpr int n = 41;
    o.nodes = n;
    RandomDiffusion family(o);
    FieldValues v;
    family.make(5, v);
    const auto &k = v[0], &f = v[1], &u = v[2];
    double worst = 0.0, size = 0.0;
    for (int j = 1; j < n - 1; ++j)
      for (int i = 1; i < n - 1; ++i) {
        const std::size_t p = at(n, i, j);
        double out = 0.0;
        for (const std::size_t q : {p - 1, p + 1, p - n, p + n})
          out += 2.0 * k[p] * k[q] / (k[p] + k[q]) * (u[p] - u[q]);
        worst = std::max(worst, std::abs((n - 1) * (n - 1) * out - f[p]));
        size += f[p] * f[p];
      }
    EXPECT_LT(worst, 1.01e-10 * std::sqrt(size));
    for (int i = 0; i < n; ++i)
      for (const std::size_t p : {at(n, i, 0), at(n, i, n - 1), at(n, 0, i), at(n, n - 1, i)})
        EXPECT_EQ(u[p], 0.0);
  }
}

TEST(RandomDiffusion, InclusionsLieWhereTheyAreSaidTo) {
  RandomDiffusionOptions o = inclusions();
  o.nodes = 65;
  const auto k = RandomDiffusion(o).coefficient(3), other = RandomDiffusion(o).coefficient(4);
  // Squares of 9 x 9 nodes whose lower left ones are (4 + 16 i + 2 ((i+j) mod 2), 4 + 16 j + 2 (i
  // mod 2)).
  int covered = 0;
  for (int j = 0; j < 4; ++j)
    for (int i = 0; i < 4; ++i) {
      const int x = 4 + 16 * i + 2 * ((i + j) % 2), y = 4 + 16 * j + 2 * (i % 2);
      const double value = k[at(65, x, y)];
      EXPECT_GE(value, 1.0);
      EXPECT_LE(value, 1e4);
      EXPECT_NE(value, other[at(65, x, y)]);
      for (int b = 0; b <= 8; ++b)
        for (int a = 0; a <= 8; ++a) EXPECT_EQ(k[at(65, x + a, y + b)], value);
      covered += 81;
    }
  EXPECT_EQ(65 * 65 - std::count(k.begin(), k.end(), 1.0), covered);
}

TEST(RandomDiffusion, IsTheSameFunctionOnFinerGrids) {
  for (RandomDiffusionOptions coarse : {RandomDiffusionOptions{}, inclusions()}) {
    RandomDiffusionOptions fine = coarse;
    fine.nodes = 65;
    const auto a = RandomDiffusion(coarse).coefficient(2), b = RandomDiffusion(fine).coefficient(2);
    const auto f = RandomDiffusion(coarse).source(2), g = RandomDiffusion(fine).source(2);
    for (int j = 0; j < 33; ++j)
      for (int i = 0; i < 33; ++i) {
        EXPECT_NEAR(a[at(33, i, j)], b[at(65, 2 * i, 2 * j)], 1e-12 * a[at(33, i, j)]);
        EXPECT_NEAR(f[at(33, i, j)], g[at(65, 2 * i, 2 * j)], 1e-12);
      }
  }
}

TEST(RandomDiffusion, HasTheSameBitsEverywhere) {
  RandomDiffusionOptions o = inclusions();
  test::expect_same_bits_everywhere<RandomDiffusion>(o);
  o.kind = DiffusionKind::lognormal;
  test::expect_same_bits_everywhere<RandomDiffusion>(o);
  test::expect_kept_points<RandomDiffusion>(o, 33, 2);
}

TEST(RandomDiffusion, RefusesBadOptions) {
  const auto refusal = [](auto change) {
    RandomDiffusionOptions o;
    change(o);
    return test::message_of([&] { RandomDiffusion{o}; });
  };
  test::expect_line(refusal([](auto& o) { o.nodes = 2; }), "at least 3");
  test::expect_line(refusal([](auto& o) { o.deviation = -1; }), "deviation of log k is -1");
  test::expect_line(refusal([](auto& o) { o.contrast = 0.5; }), "from 1 to 1e12");
  test::expect_line(refusal([](auto& o) { o.source_length = 0; }), "a positive length");
}
