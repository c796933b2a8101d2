// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Factors of loads over time.
#pragma once

#include <vector>

namespace linnet::fem {

/// A continuous, piecewise linear function of time, constant before its first and after its last
/// point; or one cycle of it, repeated without end. Pure C++.
class Amplitude {
public:
  /// The constant 1.
  Amplitude() : Amplitude(1.0) {}
  /// The constant @p value.
  explicit Amplitude(double value) : times_{0.0}, values_{value} {}
  /// Through the points (times[i], values[i]). @throws core::Error (usage) unless there is at least
  /// one, both lists are of one length and finite, and times increase; the caller names the option.
  Amplitude(std::vector<double> times, std::vector<double> values);

  /// The part from the first point to the last, one cycle, repeated from there on. @throws
  /// core::Error (usage) with fewer than two points, or where the cycle does not begin at t = 0.
  /// Where its first and last value differ, the value at the end of a cycle is the last one, and
  /// the next cycle begins at that value: the first point counts in the first cycle only.
  [[nodiscard]] Amplitude repeated() const;
  /// factor * this.
  [[nodiscard]] Amplitude scaled(double factor) const;

  [[nodiscard]] double operator()(double t) const;
  /// The length of a cycle; 0 where nothing is repeated.
  [[nodiscard]] double period() const { return repeats_ ? times_.back() : 0.0; }
  [[nodiscard]] const std::vector<double>& times() const { return times_; }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }
  friend bool operator==(const Amplitude&, const Amplitude&) = default;

private:
  std::vector<double> times_, values_;
  bool repeats_ = false;
};

} // namespace linnet::fem
