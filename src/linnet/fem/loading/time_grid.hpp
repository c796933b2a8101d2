// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The times that a run stops at. Pure C++.
#pragma once

#include <string>
#include <vector>

namespace linnet::fem {

/// Times from words: a time ("21"), or a segment with its end and number of equal steps from the
/// time before ("20:8"). The first time is @p start, which is not a word. @returns the times
/// without @p start. @throws core::Error (usage): not a number, no steps, times that do not
/// increase; the caller names the option.
std::vector<double> parse_times(const std::vector<std::string>& words, double start = 0.0);

/// @p cycles times the cycle from 0 to its last time.
std::vector<double> repeat_times(const std::vector<double>& cycle, int cycles);

} // namespace linnet::fem
