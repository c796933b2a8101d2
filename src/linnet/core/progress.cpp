// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/progress.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <utility>

namespace linnet::core {
namespace {

double seconds_between(std::chrono::steady_clock::time_point a,
                       std::chrono::steady_clock::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

bool colour_wanted() {
  const char* no = std::getenv("NO_COLOR");
  return no == nullptr || *no == '\0';
}

} // namespace

Progress::Progress(std::string title, std::int64_t total, Style style)
    : title_(std::move(title)), total_(total), style_(style), begin_(Clock::now()), last_(begin_) {}

Progress::~Progress() { finish(); }

Progress::Style Progress::default_style(bool active) {
  if (!active) return Style::silent;
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::strcmp(terminal, "dumb") == 0;
  // Not stdout: mpirun makes every rank's stdout a terminal.
  return isatty(STDERR_FILENO) != 0 && !dumb ? Style::bar : Style::lines;
}

void Progress::step(std::int64_t done, const std::string& note) {
  if (style_ == Style::silent) return;
  const auto now = Clock::now();
  if (shown_ && done < total_ && seconds_between(last_, now) < pause(now)) return;
  shown_ = true;
  last_ = now;
  if (style_ == Style::bar) return draw_bar(done, note);
  std::printf("%s %lld/%lld%s%s\n", title_.c_str(), static_cast<long long>(done),
              static_cast<long long>(total_), note.empty() ? "" : "  ", note.c_str());
  std::fflush(stdout);
}

// Lines stay, and so they get rarer: a run of an hour has some hundred of them.
double Progress::pause(Clock::time_point now) const {
  if (style_ == Style::bar) return 0.25;
  return std::clamp(0.05 * seconds_between(begin_, now), 1.0, 60.0);
}

void Progress::draw_bar(std::int64_t done, const std::string& note) {
  constexpr int width = 30;
  const double part =
      total_ > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total_), 0.0, 1.0)
                 : 1.0;
  const int filled = static_cast<int>(part * width);
  const double left = part > 0 ? seconds_between(begin_, last_) * (1 - part) / part : 0;
  const bool colour = colour_wanted();
  std::fprintf(stderr, "\r\033[K%s [%s%s%s%s] %3.0f%%  %.0f s left  %s", title_.c_str(),
               colour ? "\033[32m" : "", std::string(static_cast<std::size_t>(filled), '#').c_str(),
               colour ? "\033[0m" : "",
               std::string(static_cast<std::size_t>(width - filled), '.').c_str(), 100 * part, left,
               note.c_str());
  std::fflush(stderr);
  open_line_ = true;
}

void Progress::finish() {
  if (!std::exchange(open_line_, false)) return;
  std::fputc('\n', stderr);
}

} // namespace linnet::core
