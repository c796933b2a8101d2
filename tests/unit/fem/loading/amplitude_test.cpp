// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/fem/loading/amplitude.hpp>

#include <gtest/gtest.h>

#include <cmath>

using linnet::core::Error;
using linnet::fem::Amplitude;

namespace {
const Amplitude load({0, 20, 220, 240}, {0, 1, 1, 0.05});
} // namespace

TEST(Amplitude, IsLinearBetweenPointsAndConstantOutside) {
  const Amplitude table({1, 2, 4}, {10, 20, -20});
  EXPECT_EQ(table(-5), 10);
  EXPECT_EQ(table(1), 10);
  EXPECT_DOUBLE_EQ(table(1.25), 12.5);
  EXPECT_EQ(table(2), 20);
  EXPECT_DOUBLE_EQ(table(3.5), -10);
  EXPECT_EQ(table(4), -20);
  EXPECT_EQ(table(1e9), -20);
  EXPECT_EQ(Amplitude()(7), 1);
  EXPECT_EQ(Amplitude(3.5)(-7), 3.5);
  EXPECT_DOUBLE_EQ(table.scaled(-2)(1.25), -25);
}

TEST(Amplitude, CyclesGoOnFromTheLastValue) {
  const Amplitude cycles = load.repeated(240);
  for (const double t : {0.0, 7.5, 20.0, 100.0, 220.0, 232.5, 240.0})
    EXPECT_EQ(cycles(t), load(t)) << t;
  for (int cycle = 1; cycle < 4; ++cycle) {
    const double begin = 240.0 * cycle;
    EXPECT_DOUBLE_EQ(cycles(begin + 10), 0.5 * (0.05 + 1));
    EXPECT_DOUBLE_EQ(cycles(begin + 20), 1);
    EXPECT_DOUBLE_EQ(cycles(begin + 230), 0.5 * (1 + 0.05));
    EXPECT_DOUBLE_EQ(cycles(begin + 240), 0.05);
  }
}

TEST(Amplitude, ACycleMayBeLongerThanItsTable) {
  const Amplitude ramp = Amplitude({0.1, 0.5}, {2, 4}).repeated(1);
  EXPECT_EQ(ramp(0.05), 2);
  EXPECT_EQ(ramp(0.9), 4);
  // From the second cycle on it is held: the table's first value counts from 0.1 on.
  EXPECT_DOUBLE_EQ(ramp(1.05), 3);
  EXPECT_DOUBLE_EQ(ramp(1.1), 2);
  EXPECT_DOUBLE_EQ(ramp(1.75), 4);
  const Amplitude held = Amplitude({0, 0.1}, {0, -100}).repeated(2);
  for (const double t : {2.0, 2.05, 3.0, 4.1}) EXPECT_EQ(held(t), -100);
}

TEST(Amplitude, TimesOfCyclesMayBeRounded) {
  // The end of a cycle is a little before or behind the multiple of a period such as 0.1.
  const double period = 0.1;
  const Amplitude saw = Amplitude({0, period}, {0, 1}).repeated(period);
  for (int cycle = 1; cycle < 1000; ++cycle)
    EXPECT_NEAR(saw(cycle * period + period), 1, 1e-12) << cycle;
}

TEST(Amplitude, RefusesWhatIsNoTable) {
  EXPECT_THROW(Amplitude({}, {}), Error);
  EXPECT_THROW(Amplitude({0, 1}, {1}), Error);
  EXPECT_THROW(Amplitude({0, 0}, {1, 2}), Error);
  EXPECT_THROW(Amplitude({0, NAN}, {1, 2}), Error);
  EXPECT_THROW(Amplitude({0, 1}, {1, INFINITY}), Error);
  EXPECT_THROW((void)load.repeated(239), Error);
  EXPECT_THROW((void)Amplitude({-1, 1}, {0, 1}).repeated(2), Error);
}
