// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From a random function V on [0,1] to the solution of s_t + s_x = D s_xx of period 1 with
/// s(x,0) = V(sin^2 pi x).
///
/// A Fourier series, every mode exactly in time; its coefficients come from 4096 points. The
/// published set comes from Crank and Nicolson's scheme.
#pragma once

#include <linnet/linalg/grid_fft.hpp>
#include <linnet/problems/operators/operator_sampler.hpp>

namespace linnet::problems {

class AdvectionDiffusionOperator final : public OperatorSampler {
public:
  /// @p diffusion (D) positive. @p refinement times as many points. @throws core::Error (usage).
  AdvectionDiffusionOperator(const FunctionSpaceOptions& space, int sensors, int grid,
                             double horizon, double diffusion, int refinement);
  [[nodiscard]] int sensors() const override { return sensors_; }
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
  bool draw(std::uint64_t number, std::span<double> input) override;
  void evaluate(std::span<const double> points, std::span<double> values) override;
  [[nodiscard]] std::string recipe() const override;

private:
  /// Sets the series at time @p t.
  void move_to(double t);

  std::unique_ptr<FunctionSpace> space_;
  int sensors_;
  std::vector<PointAxis> axes_;
  double diffusion_;
  linalg::GridFft fft_;
  std::vector<double> start_points_; ///< where V is taken for the points of the transform
  std::vector<std::complex<double>> start_, modes_; ///< of positive wave numbers twice
  double time_ = 0.0;                               ///< of modes_
};

} // namespace linnet::problems
