// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a user sees while a long loop runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace linnet::core {

/// Lines on stdout, or a bar on stderr when that is a terminal. Lines are at least a second and one
/// twentieth of the time so far apart, but no more than a minute longer than a step; the bar is
/// drawn at most four times a second. The first and the last step always show. Only the rank that
/// is @p active prints. Not collective.
class Progress {
public:
  enum class Style { silent, lines, bar };

  /// @p title heads every line; @p total is the number of steps.
  Progress(std::string title, std::int64_t total, Style style);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(Progress&&) = delete;

  /// @p done steps are done; @p note is what to say of the last one ("t = 0.3, 8 iterations").
  void step(std::int64_t done, const std::string& note = "");
  /// Ends the bar's line; the destructor does it too.
  void finish();

  /// silent unless @p active; a bar when stderr is a terminal, else lines.
  static Style default_style(bool active);

private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] double pause(Clock::time_point now) const; // seconds
  void draw_bar(std::int64_t done, const std::string& note);

  std::string title_;
  std::int64_t total_;
  Style style_;
  Clock::time_point begin_;
  Clock::time_point last_;
  bool shown_ = false;
  bool open_line_ = false;
};

} // namespace linnet::core
