// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Calibrations of indicators on synthetic pairs whose law is known.
#include "support/usage_error.hpp"

#include <linnet/core/random.hpp>
#include <linnet/rom/calibration.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace linnet;
using rom::CalibrationKind;
using rom::IndicatorPair;

namespace {

/// log10 E = slope log10 I + intercept + deviation times a normal deviate.
std::vector<IndicatorPair> pairs_of(std::size_t count, double slope, double intercept,
                                    double deviation, std::uint64_t seed = 4) {
  const core::RandomStream places(seed, 0), noise(seed, 1);
  std::vector<IndicatorPair> pairs;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = -4.0 + 4.0 * places.uniform(i);
    pairs.push_back(
        {std::pow(10.0, x), std::pow(10.0, slope * x + intercept + deviation * noise.normal(i))});
  }
  return pairs;
}

} // namespace

TEST(Calibration, LogLinearFindsTheLawAndItsBand) {
  const auto pairs = pairs_of(4000, 0.75, 0.15, 0.3);
  const rom::Calibration calibration = rom::Calibration::fit(pairs, {});
  EXPECT_NEAR(calibration.data().slope, 0.75, 0.015); // 3 deviations: 0.3 / sqrt(4000) / 1.15 * 3
  EXPECT_NEAR(calibration.data().intercept, 0.15, 0.035);
  EXPECT_NEAR(calibration.data().deviation, 0.3, 0.012);
  const double expected = calibration.data().slope * -2.0 + calibration.data().intercept +
                          1.6448536269514722 * calibration.data().deviation;
  EXPECT_NEAR(std::log10(calibration.estimate(1e-2)), expected, 1e-12);
  // 95 % of other pairs lie below.
  const rom::CalibrationQuality quality = calibration.quality(pairs_of(4000, 0.75, 0.15, 0.3, 5));
  EXPECT_NEAR(quality.coverage, 0.95, 0.015);
  EXPECT_GT(quality.spearman, 0.9);
  EXPECT_GT(quality.pearson, 0.9);
}

TEST(Calibration, WithoutNoiseTheLineIsExact) {
  const rom::Calibration calibration = rom::Calibration::fit(pairs_of(30, 0.5, -1.0, 0.0), {});
  EXPECT_NEAR(calibration.data().slope, 0.5, 1e-12);
  EXPECT_NEAR(calibration.data().intercept, -1.0, 1e-12);
  EXPECT_NEAR(calibration.data().deviation, 0.0, 1e-12);
  EXPECT_NEAR(calibration.estimate(0.01), 0.01, 1e-12);
  // Above the pairs the line goes on, below it is that of the smallest indicator.
  EXPECT_NEAR(calibration.estimate(100.0), 1.0, 1e-11);
  double lowest = 1.0;
  for (const IndicatorPair& pair : pairs_of(30, 0.5, -1.0, 0.0))
    lowest = std::min(lowest, pair.indicator);
  EXPECT_NEAR(calibration.estimate(0.0), 0.1 * std::sqrt(lowest), 1e-12);
  EXPECT_EQ(calibration.estimate(0.0), calibration.estimate(1e-9));
}

TEST(Calibration, IdentityNeedsNoPairs) {
  const rom::Calibration calibration;
  EXPECT_EQ(calibration.estimate(0.0), 0.0);
  EXPECT_EQ(calibration.estimate(0.3), 0.3);
  EXPECT_EQ(calibration.data().kind, CalibrationKind::identity);
}

TEST(Calibration, AFallingLawBecomesAConstant) {
  const rom::Calibration calibration = rom::Calibration::fit(pairs_of(200, -0.5, -1.0, 0.1), {});
  EXPECT_EQ(calibration.data().slope, 0.0);
  EXPECT_EQ(calibration.estimate(1e-3), calibration.estimate(1e-1));
}

TEST(Calibration, GaussianProcessFollowsABentLaw) {
  // A step of one decade at 1e-2 over the line, which loglinear has in its deviation.
  auto pairs = pairs_of(300, 0.5, -1.0, 0.05);
  auto others = pairs_of(300, 0.5, -1.0, 0.05, 8);
  for (auto* all : {&pairs, &others})
    for (IndicatorPair& pair : *all)
      pair.error *= std::pow(10.0, 0.5 * std::tanh(4.0 * (std::log10(pair.indicator) + 2.0)));
  const rom::Calibration line = rom::Calibration::fit(pairs, {});
  for (const auto covariance : {rom::Covariance::squared_exponential, rom::Covariance::matern}) {
    const rom::Calibration gp =
        rom::Calibration::fit(pairs, {.kind = CalibrationKind::gp, .covariance = covariance});
    const rom::CalibrationQuality quality = gp.quality(others);
    EXPECT_GT(quality.coverage, 0.90);
    EXPECT_LT(quality.coverage, 0.99);
    // The band is that of the noise, not that of the bend.
    EXPECT_NEAR(std::log10(gp.estimate(1e-3)), -2.5 - 0.5 + 1.645 * 0.05, 0.06);
    EXPECT_NEAR(std::log10(gp.estimate(1e-1)), -1.5 + 0.5 + 1.645 * 0.05, 0.06);
    EXPECT_GT(line.estimate(1e-3), gp.estimate(1e-3));
    // Monotone, also beyond the pairs.
    double before = 0.0;
    for (double power = -6.0; power < 3.0; power += 0.01) {
      const double value = gp.estimate(std::pow(10.0, power));
      EXPECT_GE(value, before * (1.0 - 1e-12));
      before = value;
    }
    // The same again.
    const rom::Calibration again =
        rom::Calibration::fit(pairs, {.kind = CalibrationKind::gp, .covariance = covariance});
    EXPECT_EQ(gp.data().table_estimate, again.data().table_estimate);
  }
}

TEST(GaussianProcess, FindsNoiseAndLength) {
  std::vector<double> x, y;
  const core::RandomStream noise(3, 0);
  for (std::size_t i = 0; i < 150; ++i) {
    x.push_back(static_cast<double>(i) / 15.0);
    y.push_back(std::sin(x.back()) + 0.1 * noise.normal(i));
  }
  const rom::GaussianProcess process(x, y, rom::Covariance::squared_exponential);
  EXPECT_NEAR(process.noise_deviation(), 0.1, 0.02);
  EXPECT_GT(process.length(), 0.8);
  EXPECT_LT(process.length(), 4.0);
  EXPECT_NEAR(process.predict(5.03).mean, std::sin(5.03), 0.06);
  EXPECT_NEAR(process.predict(5.03).deviation, process.noise_deviation(), 0.02);
  // Far away it knows nothing.
  EXPECT_NEAR(process.predict(1000.0).mean, 0.0, 1e-12);
  EXPECT_NEAR(process.predict(1000.0).deviation,
              std::hypot(process.process_deviation(), process.noise_deviation()), 1e-12);
}

TEST(Calibration, RanksTakeTiesAndMonotoneLawsAreOne) {
  const std::vector<IndicatorPair> cubes{{1, 1}, {2, 8}, {3, 27}, {4, 64}};
  EXPECT_NEAR(rom::spearman(cubes), 1.0, 1e-15);
  const std::vector<IndicatorPair> falling{{1, 9}, {2, 8}, {3, 2}};
  EXPECT_NEAR(rom::spearman(falling), -1.0, 1e-15);
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: sqrt(9 / 10).
  const std::vector<IndicatorPair> ties{{1, 1}, {2, 2}, {2, 3}, {4, 4}};
  EXPECT_NEAR(rom::spearman(ties), std::sqrt(0.9), 1e-14);
  EXPECT_EQ(rom::spearman({}), 0.0);
  EXPECT_NEAR(rom::log_pearson(cubes), 1.0, 1e-15);
}

TEST(Calibration, DataGoOutAndIn) {
  const auto pairs = pairs_of(60, 0.7, 0.1, 0.2);
  for (const auto kind : {CalibrationKind::loglinear, CalibrationKind::gp}) {
    const rom::Calibration calibration = rom::Calibration::fit(pairs, {.kind = kind});
    const rom::Calibration back = rom::Calibration::from(calibration.data(), "model.h5");
    for (const double indicator : {0.0, 1e-5, 1e-3, 0.3, 40.0})
      EXPECT_EQ(back.estimate(indicator), calibration.estimate(indicator));
  }
  rom::CalibrationData wrong = rom::Calibration::fit(pairs, {.kind = CalibrationKind::gp}).data();
  wrong.table_estimate.pop_back();
  EXPECT_THROW(rom::Calibration::from(wrong, "model.h5"), core::Error);
  wrong = rom::Calibration::fit(pairs, {}).data();
  wrong.slope = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(rom::Calibration::from(wrong, "model.h5"), core::Error);
  wrong = rom::Calibration::fit(pairs, {}).data();
  wrong.pairs.clear();
  EXPECT_THROW(rom::Calibration::from(wrong, "model.h5"), core::Error);
}

TEST(Calibration, RefusesWhatSaysNothing) {
  EXPECT_NE(tests::usage_error([] {
              rom::Calibration::fit(pairs_of(19, 1, 0, 0.1), {});
            }).find("too few"),
            std::string::npos);
  const std::vector<IndicatorPair> same(30, {0.1, 0.2});
  EXPECT_NE(tests::usage_error([&] { rom::Calibration::fit(same, {}); }).find("same indicator"),
            std::string::npos);
  auto negative = pairs_of(30, 1, 0, 0.1);
  negative[4].error = -1.0;
  EXPECT_THROW(rom::Calibration::fit(negative, {}), core::Error);
  // Elastic steps have neither indicator nor error; they are left out, and kept in the data.
  auto zeros = pairs_of(30, 1, 0, 0.0);
  zeros.push_back({0.0, 0.0});
  const rom::Calibration calibration = rom::Calibration::fit(zeros, {});
  EXPECT_NEAR(calibration.data().slope, 1.0, 1e-12);
  EXPECT_EQ(calibration.data().pairs.size(), 31U);
}
