// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/text.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet::core;

TEST(Text, EditDistance) {
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("xmni", "xmin"), 1); // neighbours swapped
  EXPECT_EQ(edit_distance("same", "same"), 0);
}

TEST(Text, ClosestWordNeedsLikeness) {
  EXPECT_EQ(closest_word("-heat_stpe", {"-heat_step", "-heat_steps"}), "-heat_step");
  EXPECT_EQ(closest_word("-HEAT_STEP", {"-heat_step"}), "-heat_step");
  EXPECT_EQ(closest_word("-unlike", {"-heat_step"}), "");
}

TEST(Text, NumbersReadAndWrite) {
  EXPECT_EQ(number_text(1e8), "1e8");
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(1e-9), "1e-9");
  EXPECT_EQ(number_text(-3), "-3");
  EXPECT_EQ(to_real("+1.5e-3"), 1.5e-3);
  EXPECT_TRUE(std::isnan(*to_real("nan")));
  EXPECT_TRUE(std::isinf(*to_real("1e999")));
  EXPECT_FALSE(to_real("1_000"));
  EXPECT_FALSE(to_real("3x"));
  EXPECT_FALSE(to_real(""));
}

TEST(Text, SplitTrims) {
  EXPECT_EQ(split(" 1, 2 ,3", ','), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(joined(split("a,,b", ',')), "a, , b");
}
