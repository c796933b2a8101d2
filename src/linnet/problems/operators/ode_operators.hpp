// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From the forcing u to the first component s of the solution of an ordinary differential equation
/// on [0, T] that starts at zero:
///   nonlinear_ode  s' = -s^2 + u
///   pendulum       s'' = -k sin s + u
///
/// dormand_prince.hpp on each piece of u, where u is a polynomial, with an error per step below
/// 1e-13. The published sets come from an integrator with default tolerances, some 1e-3 off. Of
/// Gaussian inputs (l = 0.2, T = 1) of the first equation one in 1700 sends s to minus infinity
/// before T: those are left out, here as soon as s < -1e6.
#pragma once

#include <linnet/problems/operators/operator_sampler.hpp>

#include <array>

namespace linnet::problems {

class OdeOperator : public OperatorSampler {
public:
  [[nodiscard]] int sensors() const override { return sensors_; }
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
  bool draw(std::uint64_t number, std::span<double> input) override;
  void evaluate(std::span<const double> points, std::span<double> values) override;

protected:
  using State = std::array<double, 2>;
  /// @p refinement divides the longest step.
  OdeOperator(const FunctionSpaceOptions& space, int sensors, int grid, int refinement);
  /// Of the system at input @p u.
  virtual void rate(double u, const State& s, State& ds) const = 0;
  [[nodiscard]] std::string method() const;

private:
  bool advance(double start, double end, State& s) const;

  std::unique_ptr<FunctionSpace> space_;
  int sensors_;
  std::vector<PointAxis> axes_;
  double step_;
  std::vector<State> states_; ///< at the ends of the steps
};

class NonlinearOde final : public OdeOperator {
public:
  NonlinearOde(const FunctionSpaceOptions& space, int sensors, int grid, int refinement)
      : OdeOperator(space, sensors, grid, refinement) {}
  [[nodiscard]] std::string recipe() const override;

private:
  void rate(double u, const State& s, State& ds) const override { ds = {u - s[0] * s[0], 0.0}; }
};

class Pendulum final : public OdeOperator {
public:
  /// @p k of any sign.
  Pendulum(const FunctionSpaceOptions& space, int sensors, int grid, double k, int refinement)
      : OdeOperator(space, sensors, grid, refinement), k_(k) {}
  [[nodiscard]] std::string recipe() const override;

private:
  void rate(double u, const State& s, State& ds) const override;
  double k_;
};

} // namespace linnet::problems
