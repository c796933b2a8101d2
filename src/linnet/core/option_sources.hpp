// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which place each option came from: deck file and line, command line or environment.
#pragma once

#include <linnet/core/deck.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linnet::core {

/// The places of all options of a run. Later places win over earlier ones, as in PETSc.
class OptionSources {
public:
  explicit OptionSources(DeckReader read = read_deck_file) : read_(std::move(read)) {}

  /// Takes the options text of the environment, the command line @p arguments (without the program
  /// name) and every deck they name. Throws a usage Error for a bad deck and for arguments PETSc
  /// would pass over: words that are no option, names with two dashes. Collective when the reader
  /// is.
  void read(const std::vector<std::string>& arguments, const std::string& environment);
  /// Adds the options of one deck text.
  void add_deck(std::string_view text, const std::string& file, const std::string& prefix = "");

  /// The arguments in the order that lets the command line win over decks, whatever the order.
  [[nodiscard]] const std::vector<std::string>& ordered_arguments() const { return ordered_; }
  /// "inputs/x.yaml:12: ksp_rtol", "command line: -ksp_rtol", "PETSC_OPTIONS: -ksp_rtol", or just
  /// "-ksp_rtol" when the place is not known.
  [[nodiscard]] std::string place(std::string_view name) const;
  /// All options of the run, sorted.
  [[nodiscard]] std::vector<std::string> names() const;
  /// The deck or options file that gave the option; empty for the command line and the environment.
  [[nodiscard]] std::string file(std::string_view name) const;
  /// The folder of that file; empty for the working directory.
  [[nodiscard]] std::string folder(std::string_view name) const;
  /// The text given for that name, empty when none or not known.
  [[nodiscard]] std::string value(std::string_view name) const;
  /// Name of an option that was given the value @p text, or a list with that item; empty when none
  /// or several.
  [[nodiscard]] std::string name_of_value(std::string_view text) const;
  /// Contents of the decks, one after the other, each under a comment with its name.
  [[nodiscard]] const std::string& deck_text() const { return deck_text_; }

private:
  void read_words(const std::vector<std::string>& words, const std::string& origin, bool strict);
  void add_file(const std::string& file, const std::string& prefix, bool yaml);
  void add_plain_file(std::string_view text, const std::string& file, const std::string& prefix);

  DeckReader read_;
  DeckEntries entries_; // file "command line" or "PETSC_OPTIONS" with line 0 for those
  std::vector<std::string> ordered_;
  std::string deck_text_;
};

} // namespace linnet::core
