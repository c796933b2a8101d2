// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/amplitude.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace linnet::fem {
namespace {

void require_points(const std::vector<double>& times, const std::vector<double>& values) {
  if (times.empty() || times.size() != values.size())
    core::throw_usage("a table over time needs as many values as times, got " +
                      std::to_string(values.size()) + " values and " +
                      std::to_string(times.size()) + " times");
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!std::isfinite(times[i]) || !std::isfinite(values[i]))
      core::throw_usage("a table over time must be finite, got (" + std::to_string(times[i]) +
                        ", " + std::to_string(values[i]) + ")");
    if (i > 0 && times[i] <= times[i - 1])
      core::throw_usage("times of a table must increase, got " + std::to_string(times[i]) +
                        " after " + std::to_string(times[i - 1]));
  }
}

} // namespace

Amplitude::Amplitude(std::vector<double> times, std::vector<double> values)
    : times_(std::move(times)), values_(std::move(values)) {
  require_points(times_, values_);
}

Amplitude Amplitude::repeated() const {
  if (times_.size() < 2 || times_.front() != 0.0)
    core::throw_usage("a table over time that is repeated needs two times and begins at 0");
  Amplitude result = *this;
  result.repeats_ = true;
  return result;
}

Amplitude Amplitude::scaled(double factor) const {
  Amplitude result = *this;
  for (double& value : result.values_) value *= factor;
  return result;
}

double Amplitude::operator()(double t) const {
  std::size_t cycle = 0;
  if (repeats_ && t > times_.back()) {
    // The end of a cycle belongs to it.
    const double before = std::ceil(t / times_.back()) - 1.0;
    // Products round: a time that the grid made as (cycles before) * period + time in the cycle
    // may come out a little outside of the cycle.
    t = std::clamp(t - before * times_.back(), 0.0, times_.back());
    cycle = 1;
  }
  if (t <= times_.front()) return cycle == 0 ? values_.front() : values_.back();
  if (t >= times_.back()) return values_.back();
  const auto above = std::upper_bound(times_.begin(), times_.end(), t);
  const auto i = static_cast<std::size_t>(above - times_.begin());
  const double first = cycle > 0 && i == 1 ? values_.back() : values_[i - 1];
  const double part = (t - times_[i - 1]) / (times_[i] - times_[i - 1]);
  return (1.0 - part) * first + part * values_[i];
}

} // namespace linnet::fem
