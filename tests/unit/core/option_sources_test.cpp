// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/option_sources.hpp>

#include <gtest/gtest.h>
#include <support/usage_error.hpp>

using namespace linnet::core;

namespace {

std::string files(const std::string& file) {
  if (file == "a.yaml" || file == "a.txt") return "ksp:\n  rtol: 1e-3\n  type: cg\n";
  if (file == "b.opts") return "# note\n-ksp_rtol 1e-5\n-flag\n";
  linnet::core::throw_usage(file + ": no such file");
}

OptionSources sources(const std::vector<std::string>& words, const std::string& environment = "") {
  OptionSources result(files);
  result.read(words, environment);
  return result;
}

std::string refusal(const std::vector<std::string>& words) {
  return linnet::tests::usage_error([&] { static_cast<void>(sources(words)); });
}

using Words = std::vector<std::string>;

} // namespace

TEST(OptionSources, PutsDecksFirst) {
  const auto s = sources({"-n", "-3", "-flag", "-options_file", "a.yaml", "-ksp_rtol", "1"});
  EXPECT_EQ(s.ordered_arguments(),
            (Words{"-options_file", "a.yaml", "-n", "-3", "-flag", "-ksp_rtol", "1"}));
}

TEST(OptionSources, KeepsThePrefixOfADeck) {
  const auto s =
      sources({"-prefix_push", "flow_", "-x", "1", "-options_file", "a.yaml", "-prefix_pop"});
  EXPECT_EQ(s.ordered_arguments(),
            (Words{"-prefix_push", "flow_", "-options_file", "a.yaml", "-prefix_pop",
                   "-prefix_push", "flow_", "-x", "1", "-prefix_pop"}));
  EXPECT_EQ(s.place("-flow_ksp_rtol"), "a.yaml:2: flow_ksp_rtol");
  EXPECT_EQ(s.place("-flow_x"), "command line: -flow_x");
}

TEST(OptionSources, KnowsPlaces) {
  const auto s =
      sources({"-ksp_type", "gmres", "-options_file", "a.yaml"}, "-env 'a b' -ksp_type x");
  EXPECT_EQ(s.place("-ksp_rtol"), "a.yaml:2: ksp_rtol");
  EXPECT_EQ(s.place("-ksp_type"), "command line: -ksp_type");
  EXPECT_EQ(s.place("-env"), "PETSC_OPTIONS: -env");
  EXPECT_EQ(s.place("-other"), "-other");
  EXPECT_EQ(s.name_of_value("gmres"), "-ksp_type");
  EXPECT_EQ(s.name_of_value("a b"), "-env");
  EXPECT_EQ(s.deck_text(), "# a.yaml\nksp:\n  rtol: 1e-3\n  type: cg\n");
}

TEST(OptionSources, ReadsPlainFilesAndNamedFormats) {
  EXPECT_EQ(sources({"-options_file", "b.opts"}).place("-ksp_rtol"), "b.opts:2: ksp_rtol");
  EXPECT_EQ(sources({"-options_file", "a.txt:yaml"}).place("-ksp_type"), "a.txt:3: ksp_type");
  EXPECT_EQ(sources({"-options_file_yaml", "a.txt"}).place("-ksp_type"), "a.txt:3: ksp_type");
}

TEST(OptionSources, RefusesWhatPetscPassesOver) {
  EXPECT_EQ(refusal({"a.yaml"}),
            "command line: 'a.yaml' belongs to no option; did you mean -options_file a.yaml?");
  EXPECT_NE(refusal({"-grid", "8", "9"}).find("'9' belongs to no option"), std::string::npos);
  EXPECT_NE(refusal({"--ksp_type", "cg"}).find("write -ksp_type"), std::string::npos);
  EXPECT_NE(refusal({"-options_file"}).find("needs the name of a file"), std::string::npos);
  EXPECT_EQ(refusal({"-options_file", "gone.yaml"}), "gone.yaml: no such file");
}
