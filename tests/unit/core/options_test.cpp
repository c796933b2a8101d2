// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/ineffective_options.hpp>
#include <linnet/core/model_fingerprint.hpp>
#include <linnet/core/options.hpp>

#include <gtest/gtest.h>
#include <support/usage_error.hpp>

using namespace linnet::core;

namespace {

enum class Medium { constant, layers };

OptionTable make_table() {
  OptionTable t;
  t.own("-heat_");
  t.add({.name = "-heat_grid", .kind = OptionKind::integers, .default_text = "8,9"});
  t.add({.name = "-heat_step", .kind = OptionKind::real, .default_text = "0.5", .range = above(0)});
  t.add({.name = "-heat_seed", .kind = OptionKind::integer, .default_text = "1"});
  t.add({.name = "-heat_weights", .kind = OptionKind::reals});
  t.add({.name = "-heat_names", .kind = OptionKind::strings});
  t.add({.name = "-heat_file"});
  t.add({.name = "-heat_verbose", .kind = OptionKind::boolean});
  t.add({.name = "-heat_medium",
         .kind = OptionKind::choice,
         .default_text = "constant",
         .choices = {"constant", "layers"}});
  t.add({.name = "-heat_bc_*", .members = {"left", "right"}});
  return t;
}

// A database of its own, filled from a deck.
class OptionsTest : public ::testing::Test {
protected:
  void SetUp() override { EXPECT_EQ(PetscOptionsCreate(&database_), PETSC_SUCCESS); }
  void TearDown() override { EXPECT_EQ(PetscOptionsDestroy(&database_), PETSC_SUCCESS); }

  Options options(const std::string& deck) {
    sources_.add_deck(deck, "d.yaml");
    for (const auto& [name, entry] : parse_deck(deck, "d.yaml", "", read_deck_file))
      EXPECT_EQ(PetscOptionsSetValue(database_, name.c_str(),
                                     entry.value.empty() ? nullptr : entry.value.c_str()),
                PETSC_SUCCESS);
    return Options(table_, sources_, database_);
  }

  OptionTable table_ = make_table();
  OptionSources sources_;
  PetscOptions database_ = nullptr;
};

} // namespace

TEST_F(OptionsTest, DefaultsComeFromTheTable) {
  const Options o = options("");
  EXPECT_EQ(o.integers("-heat_grid"), (std::vector<int>{8, 9}));
  EXPECT_EQ(o.real("-heat_step"), 0.5);
  EXPECT_EQ(o.choice_as<Medium>("-heat_medium"), Medium::constant);
  EXPECT_FALSE(o.is_set("-heat_step"));
  EXPECT_FALSE(o.boolean("-heat_verbose"));
  EXPECT_TRUE(o.reals("-heat_weights").empty());
  EXPECT_EQ(o.string("-heat_file"), "");
}

TEST_F(OptionsTest, ValuesOfEveryKind) {
  const Options o =
      options("heat:\n  grid: [3, 4, 5]\n  step: 1e-3\n  seed: 5000000000\n  weights: "
              "[0.5, 2]\n  names: [a, b]\n  file: x.h5\n  verbose:\n  medium: layers\n"
              "  bc_right: 'dirichlet:1'\n");
  EXPECT_EQ(o.integers("-heat_grid"), (std::vector<int>{3, 4, 5}));
  EXPECT_EQ(o.real("-heat_step"), 1e-3);
  EXPECT_TRUE(o.is_set("-heat_step"));
  EXPECT_EQ(o.integer64("-heat_seed"), 5000000000);
  EXPECT_EQ(o.reals("-heat_weights"), (std::vector<double>{0.5, 2}));
  EXPECT_EQ(o.strings("-heat_names"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(o.string("-heat_file"), "x.h5");
  EXPECT_TRUE(o.boolean("-heat_verbose"));
  EXPECT_EQ(o.choice_as<Medium>("-heat_medium"), Medium::layers);
  EXPECT_EQ(o.given("-heat_bc_*"), std::vector<std::string>{"-heat_bc_right"});
  EXPECT_EQ(o.string("-heat_bc_right"), "dirichlet:1");
  EXPECT_EQ(linnet::tests::usage_error([&] { static_cast<void>(o.integer("-heat_seed")); }),
            "d.yaml:4: heat_seed: must fit into 32 bits, got 5000000000");
}

TEST_F(OptionsTest, WrongValueNamesThePlace) {
  const Options o = options("heat:\n  step: -3\n");
  const std::string expected = "d.yaml:2: heat_step: must be above 0, got -3";
  EXPECT_EQ(linnet::tests::usage_error([&] { static_cast<void>(o.real("-heat_step")); }), expected);
  EXPECT_EQ(linnet::tests::usage_error([&] { o.check_values(); }), expected);
}

TEST_F(OptionsTest, MisspeltNameIsRefused) {
  const Options o = options("ksp_typ: cg\nheat:\n  stpe: 1\n");
  EXPECT_EQ(linnet::tests::usage_error([&] { o.check_names(); }),
            "d.yaml:3: heat_stpe: unknown option; did you mean -heat_step?");
}

TEST_F(OptionsTest, CheckedOptionsCountAsUsed) {
  const Options o = options("heat:\n  step: 1\n  bc_left: x\nother: 1\n");
  o.check_names();
  o.check_values();
  PetscInt count = 0;
  char **names = nullptr, **values = nullptr;
  ASSERT_EQ(PetscOptionsLeftGet(database_, &count, &names, &values), PETSC_SUCCESS);
  ASSERT_EQ(count, 1);
  EXPECT_STREQ(names[0], "other");
  EXPECT_EQ(PetscOptionsLeftRestore(database_, &count, &names, &values), PETSC_SUCCESS);
}

TEST_F(OptionsTest, UndeclaredReadIsABug) {
  const Options o = options("");
  EXPECT_THROW(static_cast<void>(o.real("-heat_unknown")), Error);
  EXPECT_THROW(static_cast<void>(o.real("-heat_grid")), Error);
}

TEST_F(OptionsTest, NamesWhatHasNoEffect) {
  table_.add({.name = "-heat_wall", .default_text = "open", .needs = {{"-heat_file"}}});
  table_.add({.name = "-heat_wall_value", .needs = {{"-heat_wall", {"fixed"}}}});
  table_.add({.name = "-heat_count", .needs = {{"-heat_medium", {"layers"}}, {"-heat_file"}}});
  table_.add({.name = "-heat_part_*",
              .members = {"left", "left_rate"},
              .needs = {{"-heat_part_*", {"robin"}, "_rate"}}});
  table_.add({.name = "-heat_width", .needs = {{"-heat_wall_value", {""}}}});
  const Options o = options("heat: {wall: fixed, wall_value: 2, count: 3, part_left: fixed,\n"
                            "  part_left_rate: 1, width: 1}\n");
  EXPECT_EQ(ineffective_options(o),
            (std::vector<std::string>{
                "d.yaml:1: heat_count: has no effect; it needs -heat_medium layers, not constant; "
                "or -heat_file",
                "d.yaml:2: heat_part_left_rate: has no effect; it needs -heat_part_left robin, not "
                "fixed",
                "d.yaml:1: heat_wall: has no effect; it needs -heat_file",
                "d.yaml:1: heat_wall_value: has no effect; it needs -heat_wall fixed (which needs "
                "-heat_file)",
                "d.yaml:2: heat_width: has no effect; it needs a run without -heat_wall_value"}));
}

TEST_F(OptionsTest, FingerprintKnowsWhatMakesAnotherProblem) {
  table_.add({.name = "-heat_report", .default_text = "all", .free_on_restart = true});
  const std::string before =
      model_fingerprint(options("heat: {grid: [8, 8], step: 1e-1}"), "-heat_");
  EXPECT_EQ(model_changes(before, before), "");
  // Other spellings, and what is free.
  EXPECT_EQ(
      model_changes(
          before, model_fingerprint(options("heat: {grid: 8, step: 0.1, report: none}"), "-heat_")),
      "");
  EXPECT_EQ(
      model_changes(before, model_fingerprint(options("heat: {step: 0.2, bc_left: cold, seed: 1}"),
                                              "-heat_")),
      "-heat_step was 0.1 and is 0.2, -heat_bc_left was not set and is cold");
  EXPECT_EQ(model_changes("-heat_file a b\n-heat_seed 1", "-heat_seed 1"),
            "-heat_file was a b and is not set");
}

TEST_F(OptionsTest, OneMetNeedIsEnough) {
  table_.add({.name = "-heat_count", .needs = {{"-heat_medium", {"layers"}}, {"-heat_file"}}});
  table_.add(
      {.name = "-heat_fast", .kind = OptionKind::boolean, .needs = {{"-heat_names", {"*sun*"}}}});
  EXPECT_TRUE(ineffective_options(options("heat: {file: a, count: 3, fast: no}")).empty());
  EXPECT_TRUE(ineffective_options(options("heat: {names: 'a,sun2', fast: yes}")).empty());
}
