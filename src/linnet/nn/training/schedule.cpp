// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/schedule.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace linnet::nn {

namespace {

void refuse(const char* field, const std::string& value, const char* remedy) {
  core::throw_usage(std::string("learning rate: ") + field + " is " + value + "; " + remedy);
}

void check(const Schedule& s) {
  if (!(s.rate >= 0.0)) refuse("rate", std::to_string(s.rate), "give 0 or more");
  if (s.warm_up < 0) refuse("warm_up", std::to_string(s.warm_up), "give 0 or more");
  if (s.type == ScheduleType::cosine && s.steps <= s.warm_up)
    refuse("steps", std::to_string(s.steps), "give more than warm_up");
  if (!(s.decay >= 0.0)) refuse("decay", std::to_string(s.decay), "give 0 or more");
  if (s.period < 1) refuse("period", std::to_string(s.period), "give 1 or more");
  if (s.type == ScheduleType::one_cycle && s.steps < s.period)
    refuse("steps", std::to_string(s.steps), "give at least one period");
  if (s.type == ScheduleType::one_cycle && s.warm_up != 0)
    refuse("warm_up", std::to_string(s.warm_up), "one_cycle has a rise of its own; give 0");
  if (!(s.rise >= 0.0 && s.rise <= 1.0)) refuse("rise", std::to_string(s.rise), "give 0 to 1");
}

/// From @p begin to @p end along half a wave; @p part: 0 to 1.
double anneal(double begin, double end, double part) {
  return end + 0.5 * (begin - end) * (1.0 + std::cos(std::numbers::pi * std::min(1.0, part)));
}

/// What goes from @p start to @p top and from there to @p end in one cycle. After it: the end.
double in_cycle(const Schedule& s, std::int64_t k, double start, double top, double end) {
  const auto place = static_cast<double>(k / s.period),
             last = static_cast<double>(s.steps / s.period) - 1.0,
             peak = std::max(0.0, s.rise * (last + 1.0) - 1.0);
  if (place < peak) return anneal(start, top, place / peak);
  return place == peak ? top : anneal(top, end, (place - peak) / (last - peak));
}

// k steps after the warm-up, as a fraction of the full rate.
double fraction(const Schedule& s, std::int64_t k) {
  const auto time = static_cast<double>(k);
  switch (s.type) {
  case ScheduleType::constant: break;
  case ScheduleType::cosine: {
    const double part = std::min(1.0, time / static_cast<double>(s.steps - s.warm_up));
    const double wave = 0.5 * (1.0 + std::cos(std::numbers::pi * part));
    return s.final_fraction + (1.0 - s.final_fraction) * wave;
  }
  case ScheduleType::inverse_time: return 1.0 / (1.0 + s.decay * time);
  case ScheduleType::inverse_square_root: return 1.0 / std::sqrt(1.0 + s.decay * time);
  case ScheduleType::step: return std::pow(s.factor, static_cast<double>(k / s.period));
  case ScheduleType::one_cycle:
    return in_cycle(s, k, s.start_fraction, 1.0, s.start_fraction * s.final_fraction);
  }
  return 1.0;
}

} // namespace

double rate(const Schedule& schedule, std::int64_t step) {
  check(schedule);
  if (step < schedule.warm_up)
    return schedule.rate * static_cast<double>(step + 1) / static_cast<double>(schedule.warm_up);
  return schedule.rate * fraction(schedule, step - schedule.warm_up);
}

std::optional<double> momentum(const Schedule& schedule, std::int64_t step) {
  if (schedule.type != ScheduleType::one_cycle) return std::nullopt;
  check(schedule);
  return in_cycle(schedule, std::max(std::int64_t{0}, step - schedule.warm_up),
                  schedule.largest_momentum, schedule.least_momentum, schedule.largest_momentum);
}

} // namespace linnet::nn
