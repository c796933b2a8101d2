// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/fem/loading/load_term.hpp>

#include <gtest/gtest.h>

using linnet::core::Error;
using namespace linnet::fem;

namespace {
constexpr TermForm hold{}, pressure{true, false, true}, body{false, true, true};
} // namespace

TEST(LoadTerm, HasGroupComponentsValueAndAmplitude) {
  const LoadTerm term = parse_load_term("pin_a:xz=1+2*y@ramp", hold);
  EXPECT_EQ(term.group, "pin_a");
  EXPECT_EQ(term.components, (std::array<bool, 3>{true, false, true}));
  EXPECT_EQ(term.value({0, 3, 0}), 7);
  EXPECT_EQ(term.amplitude, "ramp");
  const LoadTerm zero = parse_load_term("root:z", hold);
  EXPECT_EQ(zero.value({1, 2, 3}), 0);
  EXPECT_TRUE(zero.amplitude.empty());
  const LoadTerm surface = parse_load_term("a:b=0.3@load", pressure);
  EXPECT_EQ(surface.group, "a:b"); // without components a colon belongs to the name
  EXPECT_EQ(parse_load_term("yx=-9.81", body).components, (std::array<bool, 3>{true, true, false}));
}

TEST(LoadTerm, RefusesOtherForms) {
  for (const char* text : {"", "root", "root:", ":x", "root:w", "root:xx", "root:x=", "root:x=1@",
                           "root:x=1+", "root:x=t", "root:x=1@a@"})
    EXPECT_THROW(parse_load_term(text, hold), Error) << text;
  for (const char* text : {"suction", "=1", "suction="})
    EXPECT_THROW(parse_load_term(text, pressure), Error) << text;
  for (const char* text : {"x", "root:x=1", "=1"})
    EXPECT_THROW(parse_load_term(text, body), Error) << text;
}

TEST(LoadTerm, ReadsTablesOverTime) {
  EXPECT_EQ(parse_amplitude({"0:1", "2:-3e1"}), Amplitude({0, 2}, {1, -30}));
  EXPECT_THROW(parse_amplitude({"0"}), Error);
  EXPECT_THROW(parse_amplitude({"0:a"}), Error);
  EXPECT_THROW(parse_amplitude({":1"}), Error);
}
