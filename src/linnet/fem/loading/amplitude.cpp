// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/amplitude.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

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

Amplitude Amplitude::repeated(double period) const {
  if (times_.front() < 0.0 || times_.back() > period)
    core::throw_usage("the times of a table that is repeated must lie between 0 and the end of "
                      "the cycle, " +
                      core::number_text(period));
  Amplitude result = *this;
  if (times_.front() > 0.0) {
    result.times_.insert(result.times_.begin(), 0.0);
    result.values_.insert(result.values_.begin(), values_.front());
  }
  if (times_.back() < period) {
    result.times_.push_back(period);
    result.values_.push_back(values_.back());
  }
  result.repeats_ = true;
  return result;
}

Amplitude Amplitude::scaled(double factor) const {
  Amplitude result = *this;
  for (double& value : result.values_) value *= factor;
  return result;
}

double Amplitude::operator()(double t) const {
  bool first_cycle = true;
  if (repeats_ && t > times_.back()) {
    const double period = times_.back();
    first_cycle = false;
    // The end of a cycle belongs to it. A time that was made as a multiple of the period plus a
    // time in the cycle may come out a little outside of the cycle.
    t = std::clamp(t - (std::ceil(t / period) - 1.0) * period, 0.0, period);
  }
  if (t <= times_.front()) return first_cycle ? values_.front() : values_.back();
  if (t >= times_.back()) return values_.back();
  const auto above = std::upper_bound(times_.begin(), times_.end(), t);
  const auto i = static_cast<std::size_t>(above - times_.begin());
  const double begin = i == 1 && !first_cycle ? values_.back() : values_[i - 1];
  const double part = (t - times_[i - 1]) / (times_[i] - times_[i - 1]);
  return (1.0 - part) * begin + part * values_[i];
}

} // namespace linnet::fem
