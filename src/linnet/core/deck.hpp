// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Reads a YAML input deck before PETSc does: PETSc reports a fault in a deck without file and line
/// and takes several slips silently.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace linnet::core {

/// Where one option of a deck stands.
struct DeckEntry {
  std::string value;
  std::string file;
  int line = 0;
};

/// Options of a deck by flattened lower-case name with the dash: `ksp: {rtol: 1}` is "-ksp_rtol".
using DeckEntries = std::map<std::string, DeckEntry, std::less<>>;

/// Returns the text of a file: read_deck_file, or the like on one rank with a broadcast.
using DeckReader = std::function<std::string(const std::string& file)>;

/// Flattens the deck @p text as PETSc will. @p file names it in messages, @p prefix is put before
/// every name ("solver_"), @p read brings included files. Throws a usage Error "file:line[:column]:
/// what is wrong; remedy" for malformed YAML and for what PETSc would misread: a key that ends
/// with '_' or begins with '-', a duplicate key, null as text, nested lists, lists of mappings.
DeckEntries parse_deck(std::string_view text, const std::string& file, const std::string& prefix,
                       const DeckReader& read);

/// Reads a whole text file. Throws a usage Error that names @p file and the reason.
std::string read_deck_file(const std::string& file);

} // namespace linnet::core
