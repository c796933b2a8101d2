// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Loads and held displacements as users write them: `group:components=value@amplitude`.
#pragma once

#include <linnet/core/expression.hpp>
#include <linnet/fem/loading/amplitude.hpp>

#include <array>
#include <string>
#include <vector>

namespace linnet::fem {

/// Which parts a term has.
struct TermForm {
  bool group = true;         ///< begins with the name of a group
  bool components = true;    ///< `:xyz`, any of the three, behind the group, or alone without one
  bool value_needed = false; ///< `=value` may not be left out
};

/// A term: "root:z" holds u_z at 0; "tip:x=0.01*z@ramp" gives u_x the value 0.01 z times the
/// amplitude `ramp`; "suction=0.3@load" is a pressure.
struct LoadTerm {
  std::string group;
  std::array<bool, 3> components{};
  core::Expression value; ///< of x, y, z; 0 where it is left out
  std::string amplitude;  ///< name; empty: 1 at all times
};

/// @throws core::Error (usage) that shows @p text and the form; the caller names the option.
LoadTerm parse_load_term(const std::string& text, const TermForm& form);

/// Points "time:value" of a table over time. @throws core::Error (usage) likewise.
Amplitude parse_amplitude(const std::vector<std::string>& points);

} // namespace linnet::fem
