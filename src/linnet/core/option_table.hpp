// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The declared options of an app: one table makes --help, the defaults, the check of values and
/// the refusal of misspelt names. Pure C++; no MPI, no PETSc.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::core {

/// What the text of an option must be. The plural kinds are lists, separated by commas on the
/// command line and written [a, b] in a deck.
enum class OptionKind { boolean, integer, real, string, choice, integers, reals, strings };

/// Allowed values of a number, or of each item of a list of numbers.
struct OptionRange {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
  bool lowest_excluded = false;
};

/// lowest <= value <= highest
constexpr OptionRange between(double lowest, double highest) { return {lowest, highest, false}; }
/// lowest <= value
constexpr OptionRange at_least(double lowest) {
  return {lowest, std::numeric_limits<double>::infinity(), false};
}
/// lowest < value
constexpr OptionRange above(double lowest) {
  return {lowest, std::numeric_limits<double>::infinity(), true};
}

/// What another option must say for an option to do anything.
struct OptionNeed {
  std::string option = {}; ///< "-heat_medium"; "-heat_bc_*": that member of the family, see ending
  /// One of these; "*word*": a text that holds the word; "": not given. Empty list: any value but
  /// 0, no and none.
  std::vector<std::string> values = {};
  std::string ending =
      {}; ///< for the members of a family with this ending; `*` is what precedes it
};

/// One declared option, or a family of options whose name ends with `*`. Written with designated
/// initialisers: `{.name = "-heat_step", .kind = OptionKind::real, .default_text = "0.1", ...}`.
struct OptionSpec {
  std::string name = {}; ///< with the dash, lower case: "-diffusion_grid", "-diffusion_bc_*"
  OptionKind kind = OptionKind::string;
  std::string default_text =
      {};                ///< as a user would type it; empty: no default, see Options::is_set
  std::string help = {}; ///< one line, what it does
  std::string unit = {}; ///< empty: none
  OptionRange range = {};
  std::vector<std::string> choices = {}; ///< of a choice, or of each item of strings
  int least_items = 1;                   ///< of a list
  int most_items = std::numeric_limits<int>::max();
  std::vector<std::string> members = {}; ///< what may stand for the `*`; empty: see is_member
  std::function<bool(std::string_view)> is_member =
      {}; ///< tests the `*`; empty: any non-empty text
  /// May differ between the run that saved a checkpoint and the one that goes on from it: says how
  /// to run or what to write, not what is computed.
  bool free_on_restart = false;

  /// In effect where one of these is met (and that option is in effect itself); empty: always.
  std::vector<OptionNeed> needs = {};

  /// Extra test of the text: returns what is wrong with it ("must be even, got 3"), or nothing.
  std::function<std::string(std::string_view)> problem = {};
};

/// Options whose name holds @p stem, with any PETSc prefix before it, such as
/// {"pc_boxmg_", {"levels", "coarse_*"}}: any other name with that stem is misspelt.
struct OptionStem {
  std::string stem = {};               ///< without the dash, ends with '_'
  std::vector<std::string> names = {}; ///< what may follow the stem; a final `*` matches anything
};

/// The options an app declares, in groups.
class OptionTable {
public:
  /// Every later add() belongs to the group with this title, until the next call.
  OptionTable& group(std::string title);
  /// Declares one option. Throws std::logic_error for a name that is already there or not of the
  /// form -lower_case, and for a default that does not pass the option's own checks.
  OptionTable& add(OptionSpec spec);
  /// Names that begin with @p prefix ("-diffusion_") must be declared here.
  OptionTable& own(std::string prefix);
  /// Names that hold the stem must be one of its names.
  OptionTable& own_stem(OptionStem stem);
  /// Appends the groups, prefixes and stems of @p other.
  OptionTable& append(const OptionTable& other);

  /// The option or family of this name (any case), or nullptr.
  [[nodiscard]] const OptionSpec* find(std::string_view name) const;
  /// True when the name is ours by prefix or stem.
  [[nodiscard]] bool owns(std::string_view name) const;
  /// True when the name is ours by prefix or stem and not declared.
  [[nodiscard]] bool misspelt(std::string_view name) const;
  /// The declared name nearest to @p name, empty when none is near.
  [[nodiscard]] std::string closest(std::string_view name) const;
  /// The table as text for a terminal, at most 100 columns.
  [[nodiscard]] std::string help() const;
  [[nodiscard]] const std::vector<OptionSpec>& specs() const { return specs_; }

private:
  [[nodiscard]] bool has_prefix(std::string_view name) const;

  std::vector<OptionSpec> specs_;
  std::vector<std::string> groups_; // title of each spec
  std::vector<std::string> prefixes_;
  std::vector<OptionStem> stems_;
  std::string current_group_ = "Options";
};

/// What is wrong with @p text as a value of @p spec ("must be between 1 and 5, got 7"), or nothing.
/// @p has_value is false for a flag without text.
std::string option_problem(const OptionSpec& spec, std::string_view text, bool has_value = true);

} // namespace linnet::core
