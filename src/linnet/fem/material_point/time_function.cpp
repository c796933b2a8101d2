// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/material_point/time_function.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linnet::fem {

namespace {

using io::JsonValue;
using Kind = JsonValue::Kind;

/// Equal steps between knots, the knots themselves exactly.
std::vector<double> subdivided(const ObjectReader& grid, const std::vector<double>& knots,
                               const std::vector<int>& steps) {
  std::vector<double> times{knots.front()};
  for (std::size_t s = 0; s < steps.size(); ++s) {
    if (times.size() + static_cast<std::size_t>(steps[s]) > most_times)
      grid.fail("steps", "makes more than " + std::to_string(most_times) + " times");
    const double length = knots[s + 1] - knots[s];
    for (int i = 1; i <= steps[s]; ++i)
      times.push_back(i == steps[s] ? knots[s + 1] : knots[s] + length * i / steps[s]);
  }
  return times;
}

std::vector<int> steps_by_length(const ObjectReader& grid, const std::vector<double>& knots) {
  const double step = grid.positive("step");
  std::vector<int> steps;
  for (std::size_t s = 0; s + 1 < knots.size(); ++s) {
    const double exact = (knots[s + 1] - knots[s]) / step, whole = std::round(exact);
    if (!(whole <= most_times))
      grid.fail("step", "makes more than " + std::to_string(most_times) + " times");
    if (whole < 1.0 || std::abs(exact - whole) > 1e-9 * whole)
      grid.fail("step", "must divide the time from " + core::number_text(knots[s]) + " to " +
                            core::number_text(knots[s + 1]) + " evenly, got " +
                            core::number_text(step));
    steps.push_back(static_cast<int>(whole));
  }
  return steps;
}

std::vector<int> steps_by_number(const ObjectReader& grid, std::size_t segments) {
  const JsonValue& value = grid.at("steps");
  if (value.kind != Kind::list) return std::vector<int>(segments, grid.count("steps", most_times));
  if (value.items.size() != segments)
    grid.fail("steps", "must be one number, or one for each of the " + std::to_string(segments) +
                           " intervals between knots, got " + std::to_string(value.items.size()));
  std::vector<int> steps;
  for (const JsonValue& item : value.items) {
    if (item.kind != Kind::integer || item.integer < 1 || item.integer > most_times)
      grid.fail("steps", "must hold whole numbers from 1 to " + std::to_string(most_times));
    steps.push_back(static_cast<int>(item.integer));
  }
  return steps;
}

/// Linear between points, constant outside.
double interpolated(const std::vector<double>& t, const std::vector<double>& v, double at) {
  if (at <= t.front()) return v.front();
  if (at >= t.back()) return v.back();
  const auto i = static_cast<std::size_t>(std::upper_bound(t.begin(), t.end(), at) - t.begin());
  const double part = (at - t[i - 1]) / (t[i] - t[i - 1]);
  return (1.0 - part) * v[i - 1] + part * v[i];
}

TimeFunction table(const ObjectReader& json, double begin, double end) {
  json.allow({"t", "value", "repeat"});
  std::vector<double> t = json.rising("t"), v = json.numbers("value");
  if (t.size() != v.size())
    json.fail("value", "has " + std::to_string(v.size()) + " entries and 't' has " +
                           std::to_string(t.size()));
  const double first = t.front(), last = t.back();
  if (json.boolean("repeat", false)) {
    if (v.front() != v.back())
      json.fail("repeat", "needs the same first and last value, got " +
                              core::number_text(v.front()) + " and " + core::number_text(v.back()));
    return [t = std::move(t), v = std::move(v), first, last](double at) {
      const double cycles = std::floor((at - first) / (last - first));
      return interpolated(t, v, at - cycles * (last - first));
    };
  }
  const double slack = 1e-9 * (end - begin);
  if (first > begin + slack || last < end - slack)
    json.fail("t", "must reach from " + core::number_text(begin) + " to " + core::number_text(end) +
                       ", the times of the run; it reaches from " + core::number_text(first) +
                       " to " + core::number_text(last));
  return [t = std::move(t), v = std::move(v)](double at) { return interpolated(t, v, at); };
}

TimeFunction triangle(const ObjectReader& json) {
  json.allow({"amplitude", "period", "mean"});
  const double amplitude = json.number("amplitude"), period = json.positive("period");
  const double mean = json.number("mean", 0.0);
  return [=](double t) {
    const double x = t / period - std::floor(t / period);
    return mean + amplitude * (x < 0.25 ? 4.0 * x : x < 0.75 ? 2.0 - 4.0 * x : 4.0 * x - 4.0);
  };
}

TimeFunction sine(const ObjectReader& json) {
  json.allow({"amplitude", "period", "phase", "mean"});
  const double amplitude = json.number("amplitude"), period = json.positive("period");
  const double phase = json.number("phase", 0.0) * std::numbers::pi / 180.0;
  const double mean = json.number("mean", 0.0);
  return [=](double t) {
    return mean + amplitude * std::sin(2.0 * std::numbers::pi * t / period + phase);
  };
}

std::vector<double> any_grid(const ObjectReader& grid) {
  if (grid.has("t")) {
    grid.allow({"t"});
    return grid.rising("t");
  }
  if (grid.has("period")) {
    grid.allow({"period", "cycles", "steps"});
    const int cycles = grid.count("cycles", most_times), steps = grid.count("steps", most_times);
    std::vector<double> knots;
    for (int i = 0; i <= cycles; ++i) knots.push_back(grid.positive("period") * i);
    return subdivided(grid, knots, std::vector<int>(static_cast<std::size_t>(cycles), steps));
  }
  if (!grid.has("knots"))
    grid.fail("t", "is missing; give the times as 't', 'knots' with 'steps' or 'step', or 'period' "
                   "with 'cycles' and 'steps'");
  grid.allow({"knots", "steps", "step"});
  const std::vector<double> knots = grid.rising("knots");
  if (grid.has("steps") == grid.has("step"))
    grid.fail("steps", "or 'step' must be given beside 'knots', and not both");
  return subdivided(grid, knots,
                    grid.has("steps") ? steps_by_number(grid, knots.size() - 1)
                                      : steps_by_length(grid, knots));
}

} // namespace

std::vector<double> time_grid(const ObjectReader& grid) {
  constexpr double latest = 1e100;
  std::vector<double> times = any_grid(grid);
  for (std::size_t i = 0; i < times.size(); ++i)
    if (!(std::abs(times[i]) <= latest) || (i > 0 && !(times[i] > times[i - 1])))
      core::throw_data(grid.source() + ": '" + grid.path("t") +
                       "' has times beyond 1e100, or steps too short for double precision, near " +
                       core::number_text(times[i]));
  return times;
}

TimeFunction time_function(const ObjectReader& parent, const std::string& key, double begin,
                           double end) {
  if (is_number(parent.at(key))) {
    const double value = parent.number(key);
    return [value](double) { return value; };
  }
  const ObjectReader json = parent.object(key);
  if (json.has("triangle") || json.has("sine")) {
    json.allow({json.has("triangle") ? "triangle" : "sine"});
    return json.has("triangle") ? triangle(json.object("triangle")) : sine(json.object("sine"));
  }
  return table(json, begin, end);
}

} // namespace linnet::fem
