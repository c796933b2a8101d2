// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/operator_sampler.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>

namespace linnet::problems {

namespace {

// Apart from the streams of other random data with the same seed.
constexpr std::uint64_t point_stream = std::uint64_t{14} << 56;

} // namespace

PointAxis equispaced_axis(const std::string& name, double low, double high, int count,
                          bool periodic) {
  PointAxis axis{name, low, high, {}};
  const int parts = periodic ? count : count - 1;
  for (int i = 0; i < count; ++i)
    axis.points.push_back(i == parts ? high : low + (high - low) * i / parts);
  return axis;
}

void require_within(const PointAxis& axis, double x) {
  if (!(x >= axis.low && x <= axis.high))
    core::throw_usage("the solution is not known at " + axis.name + " = " + core::number_text(x) +
                      "; it is from " + core::number_text(axis.low) + " to " +
                      core::number_text(axis.high));
}

std::size_t point_index(const PointAxis& axis, double x) {
  const auto& points = axis.points;
  const double slack = 1e-9 * (axis.high - axis.low);
  const auto place = std::lower_bound(points.begin(), points.end(), x - slack);
  if (place == points.end() || !(*place <= x + slack))
    core::throw_usage("the solution is not known at " + axis.name + " = " + core::number_text(x) +
                      "; it is at the points of the grid alone");
  return static_cast<std::size_t>(place - points.begin());
}

std::vector<double> OperatorSampler::grid() const {
  std::size_t count = 1;
  for (const auto& axis : axes()) count *= axis.points.size();
  std::vector<double> points;
  points.reserve(count * axes().size());
  for (std::size_t p = 0; p < count; ++p) {
    std::size_t rest = p;
    for (const auto& axis : axes()) {
      points.push_back(axis.points[rest % axis.points.size()]);
      rest /= axis.points.size();
    }
  }
  return points;
}

void OperatorSampler::random_points(std::uint64_t number, int count,
                                    std::span<double> points) const {
  const core::RandomStream random(seed_, point_stream + number);
  std::uint64_t index = 0;
  auto next = points.begin();
  for (int j = 0; j < count; ++j)
    for (const auto& axis : axes()) {
      const double share = random.uniform(index++);
      const auto nodes = static_cast<double>(axis.points.size());
      *next++ = axis.anywhere ? axis.low + (axis.high - axis.low) * share
                              : axis.points[static_cast<std::size_t>(nodes * share)];
    }
}

} // namespace linnet::problems
