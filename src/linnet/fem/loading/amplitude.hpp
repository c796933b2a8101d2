// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Factors of loads over time.
#pragma once

#include <vector>

namespace linnet::fem {

/// A continuous, piecewise linear function of time, constant before its first and after its last
/// point; or a cycle of one that is repeated without end. Pure C++.
class Amplitude {
public:
  /// The constant 1.
  Amplitude() : Amplitude(1.0) {}
  /// The constant @p value.
  explicit Amplitude(double value) : times_{0.0}, values_{value} {}
  /// Through the points (times[i], values[i]). @throws core::Error (usage) unless there is at least
  /// one, both lists are of one length and finite, and times increase; the caller names the option.
  Amplitude(std::vector<double> times, std::vector<double> values);

  /// The same from 0 to @p period, repeated from there on. Where the value at the end of a cycle is
  /// another one than at its begin, the next cycle starts from the former: from there it goes
  /// straight to the table's next point. @throws core::Error (usage) for times outside of
  /// 0 ... period.
  [[nodiscard]] Amplitude repeated(double period) const;
  /// factor * this.
  [[nodiscard]] Amplitude scaled(double factor) const;

  [[nodiscard]] double operator()(double t) const;
  [[nodiscard]] const std::vector<double>& times() const { return times_; }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }
  friend bool operator==(const Amplitude&, const Amplitude&) = default;

private:
  std::vector<double> times_, values_;
  bool repeats_ = false;
};

} // namespace linnet::fem
