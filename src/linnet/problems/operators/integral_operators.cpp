// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/integral_operators.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

Antiderivative::Antiderivative(const FunctionSpaceOptions& space, int sensors, int grid)
    : OperatorSampler(space.seed), space_(make_function_space(space)),
      sensors_(sensors), axes_{equispaced_axis("x", 0.0, space.interval, grid)} {}

bool Antiderivative::draw(std::uint64_t number, std::span<double> input) {
  space_->draw(number);
  space_->sample(sensors_, input.data());
  return true;
}

void Antiderivative::evaluate(std::span<const double> points, std::span<double> values) {
  for (std::size_t p = 0; p < values.size(); ++p) {
    require_within(axes_[0], points[p]);
    values[p] = space_->integral(points[p]);
  }
}

std::string Antiderivative::recipe() const {
  return "s' = u, s(0) = 0; exact integral; u: " + space_->recipe();
}

LegendreTransform::LegendreTransform(const FunctionSpaceOptions& space, int sensors, int degrees)
    : OperatorSampler(space.seed), space_(make_function_space(space)), sensors_(sensors),
      transform_(static_cast<std::size_t>(degrees)) {
  axes_.push_back(equispaced_axis("n", 0.0, degrees - 1, degrees));
  axes_[0].anywhere = false;
  // Gauss' points and weights on (-1,1).
  const double inner = std::sqrt(3.0 / 7.0 - 2.0 / 7.0 * std::sqrt(1.2)),
               outer = std::sqrt(3.0 / 7.0 + 2.0 / 7.0 * std::sqrt(1.2)),
               heavy = (18.0 + std::sqrt(30.0)) / 36.0, light = (18.0 - std::sqrt(30.0)) / 36.0;
  const std::pair<double, double> rule[] = {
      {-outer, light}, {-inner, heavy}, {inner, heavy}, {outer, light}};
  const double width = space_->interval() / space_->pieces(), stretch = 2.0 / space_->interval();
  for (int piece = 0; piece < space_->pieces(); ++piece)
    for (const auto& [at, weight] : rule) {
      nodes_.push_back(width * (piece + 0.5 + 0.5 * at));
      const double x = stretch * nodes_.back() - 1.0;
      double p = 1.0, before = 0.0;
      for (int n = 0; n < degrees; ++n) {
        polynomials_.push_back(0.5 * stretch * width * weight * p);
        const double next = ((2 * n + 1) * x * p - n * before) / (n + 1);
        before = p;
        p = next;
      }
    }
}

bool LegendreTransform::draw(std::uint64_t number, std::span<double> input) {
  space_->draw(number);
  space_->sample(sensors_, input.data());
  std::fill(transform_.begin(), transform_.end(), 0.0);
  const double* p = polynomials_.data();
  for (const double x : nodes_) {
    const double f = space_->value(x);
    for (double& sum : transform_) sum += f * *p++;
  }
  return true;
}

void LegendreTransform::evaluate(std::span<const double> points, std::span<double> values) {
  for (std::size_t p = 0; p < values.size(); ++p)
    values[p] = transform_[point_index(axes_[0], points[p])];
}

std::string LegendreTransform::recipe() const {
  return "J_n = integral over (-1,1) of f P_n, n < " + std::to_string(transform_.size()) +
         "; Gauss quadrature, 4 points a piece; f: " + space_->recipe() + ", moved to [-1,1]";
}

} // namespace linnet::problems
