// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Normalisation: means and deviations against the formulas, there and back, parts of a grid.
#include "support/usage_error.hpp"

#include <linnet/core/random.hpp>
#include <linnet/nn/network/normaliser.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace linnet;
using nn::Normaliser;
using nn::NormaliserFit;
using nn::NormaliserKind;

namespace {

constexpr core::Index3 points{5, 4, 3};
constexpr grid::IndexBox whole{{0, 0, 0}, points};
constexpr std::size_t channel_size = 60;

/// Two channels that differ in mean and deviation, and from point to point.
std::vector<double> field(std::uint64_t number) {
  std::vector<double> values;
  for (std::uint64_t i = 0; i < 2 * channel_size; ++i)
    values.push_back((i < channel_size ? 3.0 : 1000.0) + static_cast<double>(i) +
                     (1.0 + static_cast<double>(i % 7)) * core::RandomStream(1, number).normal(i));
  return values;
}

/// Mean and deviation over n - 1 of all values.
std::pair<double, double> moments(const std::vector<double>& values) {
  double mean = 0.0, squares = 0.0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, std::sqrt(squares / static_cast<double>(values.size() - 1))};
}

Normaliser fitted(NormaliserKind kind, std::uint64_t fields) {
  NormaliserFit fit(kind, 2, points);
  for (std::uint64_t n = 0; n < fields; ++n) fit.add(field(n));
  return fit.result();
}

} // namespace

TEST(Normaliser, MomentsOfEachPoint) {
  const Normaliser normaliser = fitted(NormaliserKind::point, 9);
  ASSERT_EQ(normaliser.means().size(), 2 * channel_size);
  for (std::size_t i = 0; i < 2 * channel_size; ++i) {
    std::vector<double> values;
    for (std::uint64_t n = 0; n < 9; ++n) values.push_back(field(n)[i]);
    const auto [mean, deviation] = moments(values);
    EXPECT_NEAR(normaliser.means()[i], mean, 1e-13 * std::abs(mean));
    EXPECT_NEAR(normaliser.deviations()[i], deviation, 1e-10 * deviation);
  }
}

TEST(Normaliser, MomentsOfEachChannel) {
  const Normaliser normaliser = fitted(NormaliserKind::channel, 9);
  ASSERT_EQ(normaliser.means().size(), 2u);
  for (std::size_t c = 0; c < 2; ++c) {
    std::vector<double> values;
    for (std::uint64_t n = 0; n < 9; ++n) {
      const std::vector<double> f = field(n);
      for (std::size_t i = 0; i < channel_size; ++i) values.push_back(f[c * channel_size + i]);
    }
    const auto [mean, deviation] = moments(values);
    EXPECT_NEAR(normaliser.means()[c], mean, 1e-13 * std::abs(mean));
    EXPECT_NEAR(normaliser.deviations()[c], deviation, 1e-10 * deviation);
  }
}

TEST(Normaliser, ThereAndBackAndTheAdjoint) {
  for (const NormaliserKind kind :
       {NormaliserKind::none, NormaliserKind::channel, NormaliserKind::point}) {
    const Normaliser normaliser = fitted(kind, 6);
    const std::vector<double> values = field(2);
    std::vector<double> encoded = values;
    normaliser.encode(encoded, whole);
    if (kind == NormaliserKind::none) {
      EXPECT_EQ(encoded, values);
    } else {
      const std::size_t at = 77, entry = kind == NormaliserKind::point ? at : 1;
      EXPECT_EQ(encoded[at],
                (values[at] - normaliser.means()[entry]) / (normaliser.deviations()[entry] + 1e-5));
    }
    std::vector<double> decoded = encoded;
    normaliser.decode(decoded, whole);
    // decode(x + y) - decode(x) = D y, and <D y, z> = <y, D^T z>.
    const std::vector<double> y = field(3), z = field(4);
    std::vector<double> moved = encoded, back = z;
    for (std::size_t i = 0; i < y.size(); ++i) moved[i] += y[i];
    normaliser.decode(moved, whole);
    normaliser.decode_adjoint(back, whole);
    double forward = 0.0, adjoint = 0.0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      EXPECT_NEAR(decoded[i], values[i], 1e-13 * std::abs(values[i]));
      forward += (moved[i] - decoded[i]) * z[i];
      adjoint += y[i] * back[i];
    }
    EXPECT_NEAR(forward, adjoint, 1e-12 * std::abs(adjoint));
  }
}

TEST(Normaliser, PartsOfAGrid) {
  const Normaliser normaliser = fitted(NormaliserKind::point, 6);
  const std::vector<double> values = field(2);
  std::vector<double> encoded = values;
  normaliser.encode(encoded, whole);
  const grid::IndexBox box{{1, 2, 0}, {4, 4, 2}};
  std::vector<double> part, wanted;
  for (int c = 0; c < 2; ++c)
    for (int k = 0; k < 2; ++k)
      for (int j = 2; j < 4; ++j)
        for (int i = 1; i < 4; ++i) {
          const auto at = static_cast<std::size_t>(((c * 3 + k) * 4 + j) * 5 + i);
          part.push_back(values[at]);
          wanted.push_back(encoded[at]);
        }
  normaliser.encode(part, box);
  EXPECT_EQ(part, wanted);
}

// A constant field has no deviation, and one field alone has none that could be estimated.
TEST(Normaliser, WithoutDeviation) {
  NormaliserFit fit(NormaliserKind::point, 1, points);
  std::vector<double> values(channel_size, 2.0);
  fit.add(values);
  const Normaliser normaliser = fit.result();
  normaliser.encode(values, whole);
  EXPECT_EQ(values, std::vector<double>(channel_size, 0.0));
}

TEST(Normaliser, Refusals) {
  EXPECT_EQ(tests::usage_error([] {
              Normaliser(NormaliserKind::channel, 2, points, {1.0}, {1.0, 1.0});
            }),
            "normaliser: 1 means and 2 deviations; give 2 of each");
  EXPECT_EQ(tests::usage_error(
                [] { Normaliser(NormaliserKind::channel, 1, points, {std::nan("")}, {1.0}); }),
            "normaliser: means must be finite, and deviations 0 or more");
  EXPECT_NE(
      tests::usage_error([] { Normaliser(NormaliserKind::channel, 1, points, {0.0}, {-1.0}); }),
      "no error");
  EXPECT_NE(tests::usage_error([] {
              static_cast<void>(NormaliserFit(NormaliserKind::channel, 1, points).result());
            }),
            "no error");
  const Normaliser normaliser = fitted(NormaliserKind::point, 3);
  EXPECT_EQ(tests::usage_error([&] { normaliser.require(2, points, "x"); }), "no error");
  EXPECT_EQ(tests::usage_error([&] { normaliser.require(1, points, "x"); }),
            "x: the normalisation is for 2 channel(s), and there are 1");
  EXPECT_EQ(tests::usage_error([&] {
              normaliser.require(2, {4, 4, 3}, "x");
            }),
            "x: the normalisation is for 5 x 4 x 3 points, and there are 4 x 4 x 3");
  EXPECT_EQ(tests::usage_error([&] {
              fitted(NormaliserKind::channel, 3).require(2, {4, 4, 3}, "x");
            }),
            "no error");
}
