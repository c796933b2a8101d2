// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/calibration.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace linnet::rom {

namespace {

double pearson(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  if (x.size() < 2) return 0.0;
  const double mx = std::accumulate(x.begin(), x.end(), 0.0) / n,
               my = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xx = 0.0, yy = 0.0, xy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xx > 0.0 && yy > 0.0 ? xy / std::sqrt(xx * yy) : 0.0;
}

/// 1 for the smallest; equal ones get the mean of their ranks.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> result(values.size());
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    for (std::size_t i = first; i < last; ++i)
      result[order[i]] = 0.5 * static_cast<double>(first + 1 + last);
  }
  return result;
}

} // namespace

double spearman(std::span<const IndicatorPair> pairs) {
  std::vector<double> x, y;
  for (const IndicatorPair& pair : pairs) {
    x.push_back(pair.indicator);
    y.push_back(pair.error);
  }
  return pearson(ranks(x), ranks(y));
}

double log_pearson(std::span<const IndicatorPair> pairs) {
  std::vector<double> x, y;
  for (const IndicatorPair& pair : pairs)
    if (pair.indicator > 0.0 && pair.error > 0.0) {
      x.push_back(std::log10(pair.indicator));
      y.push_back(std::log10(pair.error));
    }
  return pearson(x, y);
}

} // namespace linnet::rom
