// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/fem/loading/time_grid.hpp>

#include <gtest/gtest.h>

using linnet::core::Error;
using linnet::fem::parse_times;
using linnet::fem::repeat_times;

TEST(TimeGrid, TakesTimesAndSegments) {
  const auto times = parse_times(
      {"20:8", "21", "22", "24", "27", "32", "40", "55", "80", "120", "170", "220", "240:8"});
  ASSERT_EQ(times.size(), 27u);
  EXPECT_EQ(times[0], 2.5);
  EXPECT_EQ(times[7], 20);
  EXPECT_EQ(times[12], 32);
  EXPECT_EQ(times[18], 220);
  EXPECT_EQ(times[19], 222.5);
  EXPECT_EQ(times[26], 240);
}

TEST(TimeGrid, RepeatsCycles) {
  EXPECT_EQ(repeat_times({1, 4}, 3), (std::vector<double>{1, 4, 5, 8, 9, 12}));
}

TEST(TimeGrid, RefusesWhatIsNoTime) {
  for (const char* word :
       {"", "x", "1:", ":3", "1:0", "1:-2", "1:1.5", "1:2:3", "0", "-1", "nan", "inf", "1:1e9"})
    EXPECT_THROW(parse_times({word}), Error) << word;
  EXPECT_THROW(parse_times({"2", "1:4"}), Error);
  EXPECT_THROW(parse_times({}), Error);
}
