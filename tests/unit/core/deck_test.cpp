// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/deck.hpp>
#include <linnet/core/petsc.hpp>

#include <gtest/gtest.h>
#include <support/usage_error.hpp>

using namespace linnet::core;

namespace {

std::string no_files(const std::string& file) { throw_usage(file + ": no such file"); }

DeckEntries read(const std::string& text) { return parse_deck(text, "d.yaml", "", no_files); }

std::string refusal(const std::string& text) {
  return linnet::tests::usage_error([&] { static_cast<void>(read(text)); });
}

// Every entry, and nothing else, is what PETSc makes of the same text.
void expect_same_as_petsc(const std::string& text) {
  const DeckEntries entries = read(text);
  PetscOptions options = nullptr;
  ASSERT_EQ(PetscOptionsCreate(&options), PETSC_SUCCESS);
  EXPECT_EQ(PetscOptionsPush(options), PETSC_SUCCESS);
  EXPECT_EQ(PetscOptionsInsertStringYAML(options, text.c_str()), PETSC_SUCCESS);
  PetscInt count = 0;
  char **names = nullptr, **values = nullptr;
  EXPECT_EQ(PetscOptionsLeftGet(options, &count, &names, &values), PETSC_SUCCESS);
  EXPECT_EQ(count, static_cast<PetscInt>(entries.size()));
  for (PetscInt i = 0; i < count; ++i) {
    const auto entry = entries.find("-" + std::string(names[i]));
    ASSERT_NE(entry, entries.end()) << names[i];
    EXPECT_EQ(entry->second.value, values[i] != nullptr ? values[i] : "") << names[i];
  }
  EXPECT_EQ(PetscOptionsLeftRestore(options, &count, &names, &values), PETSC_SUCCESS);
  EXPECT_EQ(PetscOptionsPop(), PETSC_SUCCESS);
  EXPECT_EQ(PetscOptionsDestroy(&options), PETSC_SUCCESS);
}

} // namespace

TEST(Deck, FlattensAsPetscDoes) {
  expect_same_as_petsc("ksp: {type: cg, rtol: 1e-8}\n"
                       "pc:\n  type: mg\n  mg: {levels: 3}\n"
                       "\"pc_mg_galerkin\": both\n"
                       "layers: [64, 64, 32]\nother:\n  - 1\n  - 2\n"
                       "monitor:\nempty: \"\"\nyes_no: yes\n");
  expect_same_as_petsc("$$base: &b {x: 1, y: 2}\nsub:\n  <<: *b\n  y: 3\nagain: *b\n");
  expect_same_as_petsc("a: 1\n---\nb: 2\na: 3\n");
  expect_same_as_petsc("# nothing but a comment\n");
  expect_same_as_petsc("\xEF\xBB\xBFtop: 1\r\nnext: 2\r\n");
}

TEST(Deck, RemembersLines) {
  const auto entries = read("# head\nksp:\n  rtol: 1e-8\n\nheat_step: 3\n");
  EXPECT_EQ(entries.at("-ksp_rtol").line, 3);
  EXPECT_EQ(entries.at("-ksp_rtol").file, "d.yaml");
  EXPECT_EQ(entries.at("-heat_step").line, 5);
  EXPECT_EQ(read("Ksp_Type: CG\n").at("-ksp_type").value, "CG");
}

TEST(Deck, PrefixAndInclude) {
  const auto reader = [](const std::string& file) {
    return file == "base.yaml" ? std::string("x: 1\ny: 2\n") : no_files(file);
  };
  const auto entries = parse_deck("$$i: !include base.yaml\ny: 3\n", "d.yaml", "", reader);
  EXPECT_EQ(entries.at("-x").file, "base.yaml");
  EXPECT_EQ(entries.at("-y").value, "3");
  EXPECT_EQ(parse_deck("ksp: {type: cg}\n", "d", "flow_", reader).count("-flow_ksp_type"), 1u);
  EXPECT_NE(linnet::tests::usage_error([&] {
              static_cast<void>(parse_deck("$$i: !include gone.yaml\n", "d.yaml", "", reader));
            }).find("d.yaml:1:6: cannot include: gone.yaml"),
            std::string::npos);
  const auto endless = [](const std::string&) { return std::string("$$i: !include a.yaml\n"); };
  EXPECT_NE(linnet::tests::usage_error([&] {
              static_cast<void>(parse_deck("$$i: !include a.yaml\n", "d.yaml", "", endless));
            }).find("without end"),
            std::string::npos);
}

struct Refusal {
  const char* text;
  const char* expected; // in the message
};

class RefusedDeck : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedDeck, SaysWhereAndWhy) {
  const std::string message = refusal(GetParam().text);
  EXPECT_NE(message.find(GetParam().expected), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Deck, RefusedDeck,
    ::testing::Values(
        Refusal{"a: [1, 2\nb: 3\n", "d.yaml:2:2: "},
        Refusal{"a:\n\tb: 1\n", "d.yaml:2:1: found character that cannot start"},
        Refusal{"- a\n- b\n", "d.yaml:1:1: the deck must be a mapping"},
        Refusal{"just text\n", "d.yaml:1:1: the deck must be a mapping"},
        Refusal{"x: 1\nmg_levels_:\n  pc_type: jacobi\n", "d.yaml:2:1: key 'mg_levels_' "
                                                          "ends with '_'"},
        Refusal{"-ksp_type: cg\n", "begins with '-'; write it without: ksp_type"},
        Refusal{"a: 1\na: 2\n", "d.yaml:2:1: key 'a' stands twice"},
        Refusal{"a: {b: 1}\na_b: 2\n", "d.yaml:2:1: 'a_b' is set twice; also in line 1"},
        Refusal{"a: ~\n", "d.yaml:1:4: the value of 'a' is null"},
        Refusal{"a: null\n", "write nothing after the colon for a flag"},
        Refusal{"a: [[1, 2], [3]]\n", "d.yaml:1:5: list 'a' holds another list"},
        Refusal{"a:\n  - b: 1\n", "d.yaml:2:5: list 'a' holds a mapping"},
        Refusal{"a: [\"1,2\", 3]\n", "contains a comma"}, Refusal{"a: []\n", "list 'a' is empty"},
        Refusal{"two words: 1\n", "contains a blank"}, Refusal{"3d: 1\n", "begin with a letter"},
        Refusal{"options_file: x.yaml\n", "!include"},
        Refusal{"x:\n  a: 1\n  <<: {a: 2}\n", "must be the first key"},
        Refusal{"a: &a {b: *a}\n", "d.yaml:1:"},
        Refusal{"? [1, 2]\n: 3\n", "a key must be a word"}));

TEST(Deck, QuotedNullIsText) { EXPECT_EQ(read("a: \"null\"\n").at("-a").value, "null"); }

TEST(Deck, BinaryFileIsRefused) {
  EXPECT_NE(refusal(std::string("a: 1\0b", 6)).find("not a text file"), std::string::npos);
  EXPECT_NE(refusal("a: \xff\xfe\n").find("d.yaml:1: "), std::string::npos);
}

TEST(Deck, MissingFileIsNamed) {
  const auto message =
      linnet::tests::usage_error([] { static_cast<void>(read_deck_file("nowhere.yaml")); });
  EXPECT_EQ(message.find("nowhere.yaml: cannot read the options file: No such file"), 0u)
      << message;
  EXPECT_NE(linnet::tests::usage_error([] {
              static_cast<void>(read_deck_file("/"));
            }).find("is a directory"),
            std::string::npos);
}
