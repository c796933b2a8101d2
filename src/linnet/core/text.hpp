// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Small text helpers of the option and message code.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::core {

std::string lower_case(std::string_view text);
std::string_view trimmed(std::string_view text);
/// Pieces between separators, trimmed; one empty piece for an empty text.
std::vector<std::string> split(std::string_view text, char separator);
/// "a, b, c"
std::string joined(const std::vector<std::string>& items, std::string_view separator = ", ");
/// The shortest text that reads back as @p value: 0.1, 1e8.
std::string number_text(double value);
/// The whole text as a number; nothing when it is not one. Accepts nan and inf.
std::optional<double> to_real(std::string_view text);

/// Number of letters to insert, delete, replace or swap with the neighbour to turn one into the
/// other.
int edit_distance(std::string_view a, std::string_view b);
/// The candidate nearest to @p word, or an empty text when none is near enough to be a misspelling.
std::string closest_word(std::string_view word, const std::vector<std::string>& candidates);

} // namespace linnet::core
