// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From a random source u(x) on [0,1] to the solution of s_t = D s_xx + k s^2 + u with s = 0 at
/// t = 0 and at both ends.
///
/// s = w + v with D w'' = -u, exact, so that the ends, where u need not vanish, do no harm; v is a
/// sine series whose diffusion is exact, the reaction is on the grid (integrating_factor.hpp). The
/// published set comes from Crank and Nicolson's scheme on 100 x 100 points with a linearised
/// reaction, of second order. An input whose solution becomes infinite is left out.
#pragma once

#include <linnet/problems/operators/integrating_factor.hpp>
#include <linnet/problems/operators/operator_sampler.hpp>

namespace linnet::problems {

class DiffusionReactionOperator final : public OperatorSampler {
public:
  /// s is known on @p grid x @p grid points (at least 2). @p diffusion (D) positive, @p reaction
  /// (k) any. @p refinement divides spacing and step. @throws core::Error (usage).
  DiffusionReactionOperator(const FunctionSpaceOptions& space, int sensors, int grid,
                            double horizon, double diffusion, double reaction, int refinement);
  ~DiffusionReactionOperator() override;
  [[nodiscard]] int sensors() const override { return sensors_; }
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
  bool draw(std::uint64_t number, std::span<double> input) override;
  void evaluate(std::span<const double> points, std::span<double> values) override;
  [[nodiscard]] std::string recipe() const override;

private:
  class SineSeries;
  void start();
  void rate(const std::vector<double>& modes, std::vector<double>& rate);
  bool store(std::size_t frame);

  std::unique_ptr<FunctionSpace> space_;
  int sensors_;
  std::vector<PointAxis> axes_;
  double diffusion_, reaction_;
  int stride_; ///< intervals of the solver between points of the grid
  int steps_;  ///< of the solver between times of the grid
  std::unique_ptr<SineSeries> series_;
  std::vector<double> steady_, rest_; ///< w at the inner points; work space
  std::vector<double> modes_, decay_; ///< of v; of half a step
  IntegratingFactorRk4<double> stepper_;
  std::vector<double> values_; ///< at the grid, x fastest
};

} // namespace linnet::problems
