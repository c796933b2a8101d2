// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Learning rates at steps where the formulas give round numbers.
#include "support/usage_error.hpp"

#include <linnet/nn/training/schedule.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

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

// What PyTorch 1.13 gives: OneCycleLR(max_lr, epochs, pct_start, div_factor, final_div_factor) with
// (5e-4, 10, 0.2, 2, 100), whose peak is at an epoch, and (1, 12, 0.3, 25, 1e4), whose is not.
TEST(Schedule, OneCycleIsThatOfPyTorch) {
  struct Row {
    double rate, momentum;
  };
  const std::vector<Row> at_an_epoch{
      {2.500000000000000e-04, 0.950000000000000}, {5.000000000000000e-04, 0.850000000000000},
      {4.810650337121826e-04, 0.853806023374436}, {4.271428118201537e-04, 0.864644660940673},
      {3.464425038008161e-04, 0.880865828381745}, {2.512500000000000e-04, 0.900000000000000},
      {1.560574961991839e-04, 0.919134171618254}, {7.535718817984633e-05, 0.935355339059327},
      {2.143496628781742e-05, 0.946193976625564}, {2.500000000000000e-06, 0.950000000000000}};
  const std::vector<Row> between{
      {4.000000000000004e-02, 0.950000000000000}, {3.497896542195831e-01, 0.917730244352127},
      {8.792851591221287e-01, 0.862574462591445}, {9.944154354509117e-01, 0.850558458688744},
      {9.330129698414117e-01, 0.856698729810778}, {8.117456539497629e-01, 0.868825509907063},
      {6.473789976951033e-01, 0.885262241279455}, {4.626371026669751e-01, 0.903736504679321},
      {2.830609982086992e-01, 0.921694186955878}, {1.334775301888306e-01, 0.936652593591491},
      {3.456698742539522e-02, 0.946543687432210}, {4.000000000000000e-06, 0.950000000000000}};
  Schedule s = schedule(ScheduleType::one_cycle);
  s.period = 7; // steps of an epoch
  const auto expect = [&](const std::vector<Row>& table) {
    s.steps = s.period * static_cast<std::int64_t>(table.size());
    for (std::int64_t step = 0; step < s.steps; ++step) {
      const Row& row = table[static_cast<std::size_t>(step / s.period)];
      EXPECT_NEAR(rate(s, step), row.rate, 1e-14 * s.rate) << step;
      EXPECT_NEAR(momentum(s, step).value(), row.momentum, 1e-14) << step;
    }
    EXPECT_NEAR(rate(s, s.steps + 100), table.back().rate, 1e-14 * s.rate);
  };
  s.rate = 5e-4, s.rise = 0.2, s.start_fraction = 0.5, s.final_fraction = 0.01;
  expect(at_an_epoch);
  s.rate = 1.0, s.rise = 0.3, s.start_fraction = 0.04, s.final_fraction = 1e-4;
  expect(between);
  EXPECT_FALSE(momentum(schedule(ScheduleType::cosine), 3).has_value());
}

// A cycle too short to rise in starts at its peak.
TEST(Schedule, ShortCycles) {
  Schedule s = schedule(ScheduleType::one_cycle);
  s.period = 5, s.rise = 0.2, s.start_fraction = 0.5, s.final_fraction = 0.1;
  for (const std::int64_t periods : {1, 2, 3}) {
    s.steps = periods * s.period;
    EXPECT_EQ(rate(s, 0), 2.0);
    EXPECT_EQ(momentum(s, 0).value(), 0.85);
    EXPECT_TRUE(std::isfinite(rate(s, s.steps)));
  }
}

TEST(Schedule, RefusesWhatMakesNoSense) {
  Schedule s = schedule(ScheduleType::cosine);
  s.steps = 10, s.warm_up = 10;
  EXPECT_EQ(tests::usage_error([&] { rate(s, 0); }),
            "learning rate: steps is 10; give more than warm_up");
  s = schedule(ScheduleType::step), s.period = 0;
  EXPECT_EQ(tests::usage_error([&] { rate(s, 0); }), "learning rate: period is 0; give 1 or more");
  s = schedule(ScheduleType::one_cycle), s.steps = 4, s.period = 5;
  EXPECT_EQ(tests::usage_error([&] { rate(s, 0); }),
            "learning rate: steps is 4; give at least one period");
  s = schedule(ScheduleType::one_cycle), s.steps = 10, s.period = 5, s.rise = 1.5;
  EXPECT_NE(tests::usage_error([&] { momentum(s, 0); }), "no error");
  s = schedule(ScheduleType::constant), s.rate = -1.0;
  EXPECT_NE(tests::usage_error([&] { rate(s, 0); }), "no error");
  s = schedule(ScheduleType::inverse_time), s.decay = std::nan("");
  EXPECT_NE(tests::usage_error([&] { rate(s, 0); }), "no error");
  s = schedule(ScheduleType::constant), s.warm_up = -1;
  EXPECT_NE(tests::usage_error([&] { rate(s, 0); }), "no error");
}
