// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Burgers' equation s_t + s s_x = nu s_xx of period 1, from s(x,0) to s(x,T).
///
/// s(x,0) is a Gaussian field of mean 0 and covariance sigma^2 (-Laplace + tau^2)^-gamma, sigma =
/// 49, tau = 7, gamma = 2.5, as in the data sets of the Fourier neural operator (Li et al., ICLR
/// 2021, arXiv 2010.08895), of the modes that its values at the sensors tell apart: they determine
/// it. The published set has 8192 points of which each 64th is kept.
#pragma once

#include <linnet/problems/operators/operator_sampler.hpp>
#include <linnet/problems/operators/periodic_evolution.hpp>

namespace linnet::problems {

class BurgersOperator final : public OperatorSampler {
public:
  /// The input's values are at the @p sensors points i / sensors, s is known anywhere. @p viscosity
  /// positive. @p refinement times the points and steps. @throws core::Error (usage).
  BurgersOperator(std::uint64_t seed, int sensors, int grid, double horizon, double viscosity,
                  int refinement);
  [[nodiscard]] int sensors() const override { return sensors_; }
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
  bool draw(std::uint64_t number, std::span<double> input) override;
  void evaluate(std::span<const double> points, std::span<double> values) override;
  [[nodiscard]] std::string recipe() const override;

private:
  int sensors_;
  std::vector<PointAxis> axes_;
  double horizon_, viscosity_;
  int points_, steps_;
  PeriodicEvolution solver_;
};

} // namespace linnet::problems
