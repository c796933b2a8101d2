// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A sample of an operator with its values on the grid.
#pragma once

#include "cell_grid_fixture.hpp"

#include <linnet/problems/operators/operator_sampler.hpp>

#include <cmath>

namespace linnet::test {

struct Drawn {
  Drawn(problems::OperatorSampler& sampler, std::uint64_t number)
      : points(sampler.grid()), input(static_cast<std::size_t>(sampler.sensors())),
        values(points.size() / static_cast<std::size_t>(sampler.dimension()) *
               static_cast<std::size_t>(sampler.outputs())) {
    solved = sampler.draw(number, input);
    if (solved) sampler.evaluate(points, values);
  }
  bool solved = false;
  std::vector<double> points, input, values;
};

/// s of the input drawn last, at one point.
inline double value_at(problems::OperatorSampler& sampler, std::vector<double> point) {
  double value = 0.0;
  sampler.evaluate(point, {&value, 1});
  return value;
}

inline double largest(const std::vector<double>& a) {
  double most = 0.0;
  for (const double v : a) most = std::max(most, std::abs(v));
  return most;
}

inline double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double most = a.size() == b.size() ? 0.0 : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

} // namespace linnet::test
