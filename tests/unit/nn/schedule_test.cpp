// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Learning rates at steps where the formulas give round numbers.
#include "support/usage_error.hpp"

#include <linnet/nn/schedule.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace linnet;
using nn::rate;
using nn::Schedule;
using nn::ScheduleType;

namespace {

// The formulas take a few operations: a few units in the last place of the rate of 2.
constexpr double rounding = 8 * std::numeric_limits<double>::epsilon();

Schedule schedule(ScheduleType type) {
  Schedule s;
  s.type = type, s.rate = 2.0;
  return s;
}

} // namespace

TEST(Schedule, ConstantStaysAfterAWarmUp) {
  Schedule s = schedule(ScheduleType::constant);
  EXPECT_EQ(rate(s, 0), 2.0);
  EXPECT_EQ(rate(s, 1'000'000), 2.0);
  s.warm_up = 4;
  EXPECT_EQ(rate(s, 0), 0.5);
  EXPECT_EQ(rate(s, 2), 1.5);
  EXPECT_EQ(rate(s, 3), 2.0);
  EXPECT_EQ(rate(s, 4), 2.0);
}

TEST(Schedule, CosineFallsToItsFinalFraction) {
  Schedule s = schedule(ScheduleType::cosine);
  s.steps = 130, s.warm_up = 10, s.final_fraction = 0.1;
  EXPECT_NEAR(rate(s, 0), 0.2, rounding);
  EXPECT_EQ(rate(s, 9), 2.0);
  EXPECT_EQ(rate(s, 10), 2.0);
  EXPECT_NEAR(rate(s, 50), 2.0 * (0.1 + 0.9 * 0.75), rounding); // cos(pi/3) = 1/2
  EXPECT_NEAR(rate(s, 70), 2.0 * 0.55, rounding);
  EXPECT_NEAR(rate(s, 90), 2.0 * (0.1 + 0.9 * 0.25), rounding);
  EXPECT_NEAR(rate(s, 130), 0.2, rounding);
  EXPECT_NEAR(rate(s, 500), 0.2, rounding);
}

TEST(Schedule, InverseTime) {
  Schedule s = schedule(ScheduleType::inverse_time);
  s.decay = 0.25;
  EXPECT_EQ(rate(s, 0), 2.0);
  EXPECT_EQ(rate(s, 4), 1.0);
  EXPECT_EQ(rate(s, 12), 0.5);
}

TEST(Schedule, InverseSquareRootIsThatOfTransformers) {
  Schedule s = schedule(ScheduleType::inverse_square_root);
  s.warm_up = 100, s.decay = 0.01;
  for (const std::int64_t step : {100, 200, 1000})
    EXPECT_NEAR(rate(s, step), 2.0 * std::sqrt(100.0 / static_cast<double>(step)), rounding);
  EXPECT_EQ(rate(s, 49), 1.0);
}

TEST(Schedule, StepFallsOncePerPeriod) {
  Schedule s = schedule(ScheduleType::step);
  s.period = 10, s.factor = 0.25;
  EXPECT_EQ(rate(s, 9), 2.0);
  EXPECT_EQ(rate(s, 10), 0.5);
  EXPECT_EQ(rate(s, 19), 0.5);
  EXPECT_EQ(rate(s, 20), 0.125);
}

TEST(Schedule, RefusesWhatMakesNoSense) {
  Schedule s = schedule(ScheduleType::cosine);
  s.steps = 10, s.warm_up = 10;
  EXPECT_EQ(tests::usage_error([&] { rate(s, 0); }),
            "learning rate: steps is 10; give more than warm_up");
  s = schedule(ScheduleType::step), s.period = 0;
  EXPECT_EQ(tests::usage_error([&] { rate(s, 0); }), "learning rate: period is 0; give 1 or more");
  s = schedule(ScheduleType::constant), s.rate = -1.0;
  EXPECT_NE(tests::usage_error([&] { rate(s, 0); }), "no error");
  s = schedule(ScheduleType::inverse_time), s.decay = std::nan("");
  EXPECT_NE(tests::usage_error([&] { rate(s, 0); }), "no error");
  s = schedule(ScheduleType::constant), s.warm_up = -1;
  EXPECT_NE(tests::usage_error([&] { rate(s, 0); }), "no error");
}
