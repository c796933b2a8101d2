// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/option_table.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

using namespace linnet::core;

namespace {

std::string real_problem(OptionRange range, const char* text) {
  return option_problem({.name = "-x", .kind = OptionKind::real, .range = range}, text);
}

OptionTable table() {
  OptionTable t;
  t.own("-heat_").group("Heat");
  t.add({.name = "-heat_step",
         .kind = OptionKind::real,
         .default_text = "0.1",
         .help = "time step",
         .unit = "seconds",
         .range = above(0)});
  t.add({.name = "-heat_bc_*", .help = "boundary", .members = {"left", "right"}});
  t.add({.name = "-heat_face_*", .help = "face", .is_member = [](std::string_view m) {
           return m.size() == 1;
         }});
  t.own_stem({"pc_own_", {"levels", "coarse_*"}});
  return t;
}

} // namespace

TEST(OptionTable, OwnsPrefixesAndStems) {
  OptionTable t;
  t.own("-own_").own_stem({"pc_own_", {"levels"}});
  EXPECT_TRUE(t.owns("-own_anything"));
  EXPECT_TRUE(t.owns("-sub_pc_own_levels"));
  EXPECT_TRUE(t.owns("-PC_OWN_levls"));
  EXPECT_FALSE(t.owns("-xpc_own_levels"));
  EXPECT_FALSE(t.owns("-ksp_type"));
  EXPECT_FALSE(t.owns(""));
}

TEST(OptionProblem, Reals) {
  EXPECT_EQ(real_problem(between(1, 1e8), "1e4"), "");
  EXPECT_EQ(real_problem(between(1, 1e8), "1"), "");
  EXPECT_EQ(real_problem(between(1, 1e8), "-3"), "must be between 1 and 1e8, got -3");
  EXPECT_EQ(real_problem(above(0), "0"), "must be above 0, got 0");
  EXPECT_EQ(real_problem(at_least(0), "0"), "");
  EXPECT_EQ(real_problem({}, "inf"), "must be a finite number, got inf");
  EXPECT_EQ(real_problem({}, "NaN"), "must be a finite number, got NaN");
  EXPECT_EQ(real_problem({}, "1e-3abc"), "must be a number, got '1e-3abc'");
}

TEST(OptionProblem, Integers) {
  const OptionSpec spec{.name = "-n", .kind = OptionKind::integer, .range = between(2, 3)};
  EXPECT_EQ(option_problem(spec, "3"), "");
  EXPECT_EQ(option_problem(spec, "4"), "must be a whole number between 2 and 3, got 4");
  EXPECT_EQ(option_problem(spec, "2.5"), "must be a whole number, got '2.5'");
  EXPECT_EQ(option_problem(spec, "1_000"), "must be a whole number, got '1_000'");
  EXPECT_EQ(option_problem(spec, "99999999999999999999"),
            "is too large for a whole number, got 99999999999999999999");
  EXPECT_EQ(option_problem(spec, "", false), "needs a value (integer)");
}

TEST(OptionProblem, ListsChoicesBooleans) {
  const OptionSpec grid{.name = "-g",
                        .kind = OptionKind::integers,
                        .range = at_least(1),
                        .least_items = 2,
                        .most_items = 3};
  EXPECT_EQ(option_problem(grid, "8, 9"), "");
  EXPECT_EQ(option_problem(grid, "8"), "must have 2 to 3 items, got 1: 8");
  EXPECT_EQ(option_problem(grid, "8,0"), "each item must be a whole number at least 1, got 0");
  const OptionSpec medium{
      .name = "-m", .kind = OptionKind::choice, .choices = {"constant", "layers"}};
  EXPECT_EQ(option_problem(medium, "layers"), "");
  EXPECT_EQ(option_problem(medium, "constnat"),
            "must be one of constant, layers, got 'constnat'; did you mean constant?");
  const OptionSpec flag{.name = "-f", .kind = OptionKind::boolean};
  EXPECT_EQ(option_problem(flag, "", false), "");
  EXPECT_EQ(option_problem(flag, "Yes"), "");
  EXPECT_NE(option_problem(flag, "~"), "");
  const OptionSpec even{.name = "-e", .problem = [](std::string_view t) {
                          return t == "even" ? std::string() : std::string("must be even");
                        }};
  EXPECT_EQ(option_problem(even, "odd"), "must be even");
}

TEST(OptionTable, FindsAndSuggests) {
  const OptionTable t = table();
  EXPECT_NE(t.find("-HEAT_Step"), nullptr);
  EXPECT_NE(t.find("-heat_bc_left"), nullptr);
  EXPECT_EQ(t.find("-heat_bc_lfet"), nullptr);
  EXPECT_NE(t.find("-heat_face_3"), nullptr);
  EXPECT_EQ(t.find("-heat_face_33"), nullptr);
  EXPECT_EQ(t.closest("-heat_bc_lfet"), "-heat_bc_left");
  EXPECT_EQ(t.closest("-heat_stp"), "-heat_step");
}

TEST(OptionTable, KnowsWhatIsMisspelt) {
  const OptionTable t = table();
  EXPECT_TRUE(t.misspelt("-heat_stepp"));
  EXPECT_FALSE(t.misspelt("-heat_step"));
  EXPECT_FALSE(t.misspelt("-ksp_type"));
  EXPECT_TRUE(t.misspelt("-pc_own_levls"));
  EXPECT_TRUE(t.misspelt("-sub_0_pc_own_levls"));
  EXPECT_EQ(t.closest("-sub_0_pc_own_levls"), "-sub_0_pc_own_levels");
  EXPECT_FALSE(t.misspelt("-sub_0_pc_own_levels"));
  EXPECT_FALSE(t.misspelt("-pc_own_coarse_ksp_type"));
  EXPECT_TRUE(t.misspelt("-pc_own_coarse_"));
  EXPECT_FALSE(t.misspelt("-xpc_own_levls"));
}

TEST(OptionTable, RefusesWrongDeclarations) {
  OptionTable t = table();
  EXPECT_THROW(t.add({.name = "-heat_step"}), std::logic_error);
  EXPECT_THROW(t.add({.name = "heat_x"}), std::logic_error);
  EXPECT_THROW(t.add({.name = "-heat_X"}), std::logic_error);
  EXPECT_THROW(t.add({.name = "-heat_n", .kind = OptionKind::integer, .default_text = "many"}),
               std::logic_error);
}

TEST(OptionTable, HelpShowsEverything) {
  const std::string help = table().help();
  EXPECT_NE(help.find("Heat:\n  -heat_step <real>  time step (in seconds; above 0; default 0.1)\n"),
            std::string::npos)
      << help;
  EXPECT_NE(help.find("one of left, right"), std::string::npos);
}
