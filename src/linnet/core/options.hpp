// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Values of the declared options, from PETSc's options database.
#pragma once

#include <linnet/core/option_sources.hpp>
#include <linnet/core/option_table.hpp>
#include <linnet/core/petsc.hpp>

#include <array>
#include <cstdint>

namespace linnet::core {

/// Reads options that a table declares. Every getter checks kind, range and choices and throws a
/// usage Error of one line: place, option, what is allowed, what came. Not set: the default of the
/// table. Names carry the dash. Not collective; the database is the same on all ranks.
class Options {
public:
  /// Keeps references to @p table and @p sources; @p database NULL: PETSc's own.
  Options(const OptionTable& table, const OptionSources& sources, PetscOptions database = nullptr);

  /// True when the user gave it (deck, command line, environment).
  [[nodiscard]] bool is_set(std::string_view name) const;
  [[nodiscard]] bool boolean(std::string_view name) const;
  [[nodiscard]] int integer(std::string_view name) const;
  [[nodiscard]] std::int64_t integer64(std::string_view name) const;
  [[nodiscard]] double real(std::string_view name) const;
  /// Empty when not set and without default.
  [[nodiscard]] std::string string(std::string_view name) const;
  [[nodiscard]] std::string choice(std::string_view name) const;
  /// The place of the chosen word in OptionSpec::choices, as an enumerator.
  template <class Enum>
  [[nodiscard]] Enum choice_as(std::string_view name) const {
    return static_cast<Enum>(choice_index(name));
  }
  /// Lists are empty when not set and without default.
  [[nodiscard]] std::vector<int> integers(std::string_view name) const;
  [[nodiscard]] std::vector<double> reals(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> strings(std::string_view name) const;
  /// Lists with one entry for all of @p dim directions or one for each; @p unused fills the rest.
  [[nodiscard]] std::array<int, 3> integers_per_direction(std::string_view name, int dim,
                                                          int unused) const;
  [[nodiscard]] std::array<double, 3> reals_per_direction(std::string_view name, int dim,
                                                          double unused) const;
  /// The value as text, given or by default, whatever the kind; "yes" for a flag without text,
  /// empty for neither.
  [[nodiscard]] std::string text(std::string_view name) const;
  /// Names of all declared options that the user gave, sorted.
  [[nodiscard]] std::vector<std::string> given() const;
  /// Names of the options that the user gave of a family "-diffusion_bc_*", sorted.
  [[nodiscard]] std::vector<std::string> given(std::string_view family) const;

  /// Throws the usage Error "place: option: problem"; for checks that need more than one option.
  [[noreturn]] void fail(std::string_view name, const std::string& problem) const;
  /// Throws for the first misspelt name of ours in the database, with "did you mean", and for a
  /// deck given to an option that takes none.
  void check_names() const;
  /// Throws for the first option of the table whose given value is wrong; marks all as used.
  void check_values() const;
  [[nodiscard]] const OptionTable& table() const { return *table_; }
  [[nodiscard]] const OptionSources& sources() const { return *sources_; }

private:
  struct Text {
    std::string text;
    bool has_value = true;
    bool present = false; // given by the user, or a default exists
  };
  [[nodiscard]] Text look_up(std::string_view name, OptionKind kind) const;
  [[nodiscard]] Text database_text(const std::string& name) const;
  [[nodiscard]] const OptionSpec& declared(std::string_view name) const;
  void check_no_deck(const std::string& name) const;
  [[nodiscard]] int choice_index(std::string_view name) const;

  const OptionTable* table_;
  const OptionSources* sources_;
  PetscOptions database_;
  std::vector<std::string> names_; // all names in the database when we began
};

} // namespace linnet::core
