// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/burgers_operator.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace linnet::problems {

namespace {

// Apart from the streams of other random data with the same seed.
constexpr std::uint64_t field_stream = std::uint64_t{17} << 56;
constexpr double two_pi = 2.0 * std::numbers::pi;
constexpr double sigma = 49.0, tau = 7.0, gamma_exponent = 2.5;
constexpr double thinnest = 1e-4;

double checked(double viscosity) {
  if (!(viscosity >= thinnest) || !std::isfinite(viscosity))
    core::throw_usage("Burgers' equation: the viscosity is " + core::number_text(viscosity) +
                      "; it must be at least " + core::number_text(thinnest));
  return viscosity;
}

/// Shocks are some eight viscosities wide; modes of the input need half as many points again.
int least_points(int sensors, double viscosity) {
  const double needed = std::max({256.0, 2.0 * sensors, 1.5 / checked(viscosity)});
  return static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::ceil(needed))));
}

} // namespace

BurgersOperator::BurgersOperator(std::uint64_t seed, int sensors, int grid, double horizon,
                                 double viscosity, int refinement)
    : OperatorSampler(seed), sensors_(sensors), axes_{equispaced_axis("x", 0.0, 1.0, grid, true)},
      horizon_(horizon), viscosity_(viscosity),
      points_(refinement * least_points(sensors, viscosity)),
      steps_(static_cast<int>(std::ceil(2.0 * horizon * points_))),
      solver_({.u_t = 1.0, .u_xx = -viscosity, .u_u_x = 1.0}, points_, 1.0) {}

bool BurgersOperator::draw(std::uint64_t number, std::span<double> input) {
  const core::RandomStream random(seed(), field_stream + number);
  PeriodicEvolution::Modes modes(static_cast<std::size_t>((sensors_ + 1) / 2));
  for (std::size_t k = 1; k < modes.size(); ++k) {
    const double wave = two_pi * static_cast<double>(k);
    const double size =
        std::sqrt(0.5) * sigma * std::pow(wave * wave + tau * tau, -0.5 * gamma_exponent);
    modes[k] = size * std::complex<double>(random.normal(2 * k), random.normal(2 * k + 1));
  }
  for (int i = 0; i < sensors_; ++i)
    input[static_cast<std::size_t>(i)] = series_value(modes, static_cast<double>(i) / sensors_);
  solver_.set_modes(modes);
  return solver_.advance(horizon_, steps_);
}

void BurgersOperator::evaluate(std::span<const double> points, std::span<double> values) {
  for (std::size_t p = 0; p < values.size(); ++p)
    values[p] = series_value(solver_.modes(), points[p]);
}

std::string BurgersOperator::recipe() const {
  return "s_t + s s_x = nu s_xx, periodic, nu = " + core::number_text(viscosity_) +
         ", from s(x,0) to s(x,T), T = " + core::number_text(horizon_) +
         "; s(x,0) Gaussian, covariance 49^2 (-Laplace + 49)^-2.5, modes below " +
         core::number_text(0.5 * sensors_) + "; Fourier series of " + std::to_string(points_) +
         " points, Runge-Kutta 4 with exact diffusion, " + std::to_string(steps_) +
         " steps; seed " + std::to_string(seed());
}

} // namespace linnet::problems
