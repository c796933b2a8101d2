// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/progress.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

using linnet::core::Progress;

namespace {

// What a hundred steps without pause print.
std::string out_of(Progress::Style style, bool to_stderr) {
  to_stderr ? testing::internal::CaptureStderr() : testing::internal::CaptureStdout();
  {
    Progress progress("step", 100, style);
    for (int i = 1; i <= 100; ++i) progress.step(i, "note " + std::to_string(i));
  }
  return to_stderr ? testing::internal::GetCapturedStderr()
                   : testing::internal::GetCapturedStdout();
}

} // namespace

TEST(Progress, LinesShowFirstAndLastAndFewBetween) {
  const std::string out = out_of(Progress::Style::lines, false);
  EXPECT_EQ(out.find("step 1/100  note 1\n"), 0u);
  EXPECT_NE(out.find("step 100/100  note 100\n"), std::string::npos);
  EXPECT_LT(std::count(out.begin(), out.end(), '\n'), 6);
}

TEST(Progress, SilentPrintsNothing) {
  EXPECT_EQ(out_of(Progress::Style::silent, false), "");
  EXPECT_EQ(out_of(Progress::Style::silent, true), "");
}

TEST(Progress, BarEndsItsLineAndRespectsNoColor) {
  unsetenv("NO_COLOR");
  EXPECT_NE(out_of(Progress::Style::bar, true).find("\033[32m"), std::string::npos);
  setenv("NO_COLOR", "1", 1);
  const std::string plain = out_of(Progress::Style::bar, true);
  unsetenv("NO_COLOR");
  EXPECT_EQ(plain.find("\033[32m"), std::string::npos);
  EXPECT_NE(plain.find("[##############################] 100%"), std::string::npos);
  EXPECT_EQ(plain.back(), '\n');
  EXPECT_EQ(out_of(Progress::Style::bar, false), "");
}

TEST(Progress, OnlyOneRankShows) {
  EXPECT_EQ(Progress::default_style(false), Progress::Style::silent);
}
