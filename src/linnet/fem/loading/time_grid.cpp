// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/time_grid.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <cmath>

namespace linnet::fem {
namespace {

constexpr int most_steps = 10'000'000;

double parse(const std::string& word, const std::string& part) {
  const auto value = core::to_real(part);
  if (!value) core::throw_usage("'" + word + "' is neither a time nor a segment end:steps");
  return *value;
}

} // namespace

std::vector<double> parse_times(const std::vector<std::string>& words, double start) {
  std::vector<double> times;
  double last = start;
  for (const std::string& word : words) {
    const std::size_t colon = word.find(':');
    const double end = parse(word, word.substr(0, colon));
    const double number = colon == std::string::npos ? 1.0 : parse(word, word.substr(colon + 1));
    if (!(number >= 1 && number <= most_steps) || number != std::floor(number))
      core::throw_usage("'" + word + "': a segment has 1 to " + std::to_string(most_steps) +
                        " steps");
    const int steps = static_cast<int>(number);
    if (!std::isfinite(end) || end <= last)
      core::throw_usage("'" + word + "': times must increase, and the one before is " +
                        core::number_text(last));
    for (int i = 1; i < steps; ++i) times.push_back(last + (end - last) * i / steps);
    times.push_back(end);
    last = end;
  }
  if (times.empty()) core::throw_usage("at least one time is needed");
  return times;
}

std::vector<double> repeat_times(const std::vector<double>& cycle, int cycles) {
  std::vector<double> times;
  times.reserve(cycle.size() * static_cast<std::size_t>(cycles));
  for (int c = 0; c < cycles; ++c)
    for (const double t : cycle) times.push_back(c * cycle.back() + t);
  return times;
}

} // namespace linnet::fem
