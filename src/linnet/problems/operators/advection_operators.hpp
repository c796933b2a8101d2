// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From a random function V on [0,1] to the solution of s_t + a s_x = 0 for 0 <= x <= 1:
///   1  a = 1, s(x,0) = V(sin^2 pi x), periodic
///   2  a = 1, s(x,0) = x V(x), s(0,t) = 0
///   3  a = 1 + V(x)/10, s(x,0) = x^2, s(0,t) = sin pi t
///   4  a = 1 + (V(x) + V(1-x))/20, s(x,0) = sin 2 pi x, periodic
///
/// Exact by characteristics: s is constant where the travel time from 0, the integral of 1/a, less
/// t is; that integral is taken by Gauss quadrature on each piece of V. The published sets of 2 to
/// 4 come from an implicit scheme of second order on 100 x 100 points. An input of 3 or 4 whose
/// speed is not positive everywhere is left out.
#pragma once

#include <linnet/problems/operators/operator_sampler.hpp>

#include <functional>

namespace linnet::problems {

/// The integral of 1/a from 0, for a speed a > 0 on [0,1].
class TravelTime {
public:
  /// @p pieces equal ones, in each of which the speed is analytic.
  explicit TravelTime(int pieces);
  /// False where @p speed is not positive at all points of the quadrature.
  bool set(std::function<double(double)> speed);
  [[nodiscard]] double operator()(double x) const;
  /// The x with this travel time, which is one between 0 and that of x = 1.
  [[nodiscard]] double inverse(double time) const;

private:
  [[nodiscard]] double within(double start, double end) const;
  std::function<double(double)> speed_;
  std::vector<double> times_; ///< at the ends of the pieces
};

class AdvectionOperator final : public OperatorSampler {
public:
  enum class Case { periodic_start = 1, start, speed, periodic_speed };
  AdvectionOperator(Case which, const FunctionSpaceOptions& space, int sensors, int grid,
                    double horizon);
  [[nodiscard]] int sensors() const override { return sensors_; }
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
  bool draw(std::uint64_t number, std::span<double> input) override;
  void evaluate(std::span<const double> points, std::span<double> values) override;
  [[nodiscard]] std::string recipe() const override;

private:
  [[nodiscard]] double solution(double x, double t) const;

  Case case_;
  std::unique_ptr<FunctionSpace> space_;
  int sensors_;
  std::vector<PointAxis> axes_;
  TravelTime time_;
};

} // namespace linnet::problems
