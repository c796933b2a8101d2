// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "function_errors.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace app {

namespace {

/// Of a true value 0: absolute.
double relative(double squares, double sizes) {
  return std::sqrt(sizes > 0.0 ? squares / sizes : squares);
}

} // namespace

void FunctionErrors::add(std::span<const double> p, std::span<const double> y) {
  double squares = 0.0, sizes = 0.0, largest = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double e = p[i] - y[i];
    squares += e * e;
    sizes += y[i] * y[i];
    largest = std::max(largest, std::abs(e));
  }
  relative_l2_.push_back(relative(squares, sizes));
  largest_.push_back(largest);
  squares_ += squares;
  sizes_ += sizes;
  values_ += y.size();
}

std::map<std::string, double> FunctionErrors::summary() const {
  if (empty()) return {};
  const auto samples = static_cast<double>(relative_l2_.size());
  const bool is_single = values_ == relative_l2_.size();
  return {{"relative_l2",
           is_single ? relative(squares_, sizes_)
                     : std::accumulate(relative_l2_.begin(), relative_l2_.end(), 0.0) / samples},
          {"mean_square", squares_ / static_cast<double>(values_)},
          {"largest", *std::max_element(largest_.begin(), largest_.end())}};
}

} // namespace app
