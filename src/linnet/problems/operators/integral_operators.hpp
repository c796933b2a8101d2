// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Linear operators that are integrals of the input. Labels are exact: those of the published set
/// of the antiderivative come from an integrator with default tolerances, 2e-3 off at worst.
#pragma once

#include <linnet/problems/operators/operator_sampler.hpp>

namespace linnet::problems {

/// s' = u, s(0) = 0 on [0, T].
class Antiderivative final : public OperatorSampler {
public:
  /// The input's values are at @p sensors equispaced points, the ends included.
  Antiderivative(const FunctionSpaceOptions& space, int sensors, int grid);
  [[nodiscard]] int sensors() const override { return sensors_; }
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
  bool draw(std::uint64_t number, std::span<double> input) override;
  void evaluate(std::span<const double> points, std::span<double> values) override;
  [[nodiscard]] std::string recipe() const override;

private:
  std::unique_ptr<FunctionSpace> space_;
  int sensors_;
  std::vector<PointAxis> axes_;
};

/// The Legendre transform J_n = integral over (-1,1) of f P_n; the point is the whole number n from
/// 0 to degrees - 1. f is a function on [0,2], moved. Gauss quadrature with four points on each of
/// its pieces.
class LegendreTransform final : public OperatorSampler {
public:
  LegendreTransform(const FunctionSpaceOptions& space, int sensors, int degrees);
  [[nodiscard]] int sensors() const override { return sensors_; }
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
  bool draw(std::uint64_t number, std::span<double> input) override;
  void evaluate(std::span<const double> points, std::span<double> values) override;
  [[nodiscard]] std::string recipe() const override;

private:
  std::unique_ptr<FunctionSpace> space_;
  int sensors_;
  std::vector<PointAxis> axes_;
  std::vector<double> nodes_, polynomials_; ///< weight times P_n at the nodes, n fastest
  std::vector<double> transform_;
};

} // namespace linnet::problems
