// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The classical Runge-Kutta method of order 4 for w' = L w + N(w) with a diagonal L, in the
/// variable exp(-L t) w, which L does not change: only N limits the step.
#pragma once

#include <vector>

namespace linnet::problems {

/// Work space of the method; allocates nothing after the first step of a size.
template <class Value>
class IntegratingFactorRk4 {
public:
  /// One step of length @p step. @p half: exp(L step/2), a Factor per value; @p rate: void(const
  /// vector<Value>& w, vector<Value>& n), sets n = N(w).
  template <class Factor, class Rate>
  void step(std::vector<Value>& w, const std::vector<Factor>& half, double step, Rate rate) {
    rate_.resize(w.size()), stage_.resize(w.size()), sum_.resize(w.size());
    const auto each = [&](auto of) {
      for (std::size_t m = 0; m < w.size(); ++m) of(m, half[m]);
    };
    const double middle = 0.5 * step, sixth = step / 6.0;
    rate(w, rate_);
    each([&](std::size_t m, const Factor& e) {
      stage_[m] = e * (w[m] + middle * rate_[m]);
      sum_[m] = e * e * (w[m] + sixth * rate_[m]);
    });
    rate(stage_, rate_);
    each([&](std::size_t m, const Factor& e) {
      stage_[m] = e * w[m] + middle * rate_[m];
      sum_[m] += 2.0 * sixth * e * rate_[m];
    });
    rate(stage_, rate_);
    each([&](std::size_t m, const Factor& e) {
      stage_[m] = e * (e * w[m] + step * rate_[m]);
      sum_[m] += 2.0 * sixth * e * rate_[m];
    });
    rate(stage_, rate_);
    each([&](std::size_t m, const Factor&) { w[m] = sum_[m] + sixth * rate_[m]; });
  }

private:
  std::vector<Value> rate_, stage_, sum_;
};

} // namespace linnet::problems
