// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/advection_diffusion_operator.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <cmath>
#include <numbers>

namespace linnet::problems {

namespace {

// Rough functions have the most modes.
constexpr int fewest_points = 4096;
constexpr double two_pi = 2.0 * std::numbers::pi;

double start_point(double x) {
  const double s = std::sin(std::numbers::pi * x);
  return s * s;
}

double positive(double diffusion) {
  if (!(diffusion > 0.0) || !std::isfinite(diffusion))
    core::throw_usage("advection and diffusion: the diffusion is " + core::number_text(diffusion) +
                      "; it must be positive");
  return diffusion;
}

} // namespace

AdvectionDiffusionOperator::AdvectionDiffusionOperator(const FunctionSpaceOptions& space,
                                                       int sensors, int grid, double horizon,
                                                       double diffusion, int refinement)
    : OperatorSampler(space.seed), space_(make_function_space(space)),
      sensors_(sensors), axes_{equispaced_axis("x", 0.0, 1.0, grid, true),
                               equispaced_axis("t", 0.0, horizon, grid)},
      diffusion_(positive(diffusion)), fft_({fewest_points * refinement, 1, 1}) {
  const int n = fft_.points()[0];
  for (int i = 0; i < n; ++i) start_points_.push_back(start_point(static_cast<double>(i) / n));
}

bool AdvectionDiffusionOperator::draw(std::uint64_t number, std::span<double> input) {
  space_->draw(number);
  space_->sample(sensors_, input.data());
  const int n = fft_.points()[0];
  for (std::size_t i = 0; i < start_points_.size(); ++i)
    fft_.values()[i] = space_->value(start_points_[i]);
  fft_.forward();
  // Those of wave number n/2 cannot be told from their aliases.
  start_.assign(fft_.spectrum(), fft_.spectrum() + n / 2);
  for (auto& mode : start_) mode *= 2.0 / n;
  start_[0] *= 0.5;
  modes_ = start_;
  time_ = 0.0;
  return true;
}

void AdvectionDiffusionOperator::move_to(double t) {
  if (t == time_) return;
  time_ = t;
  modes_.clear();
  for (std::size_t k = 0; k < start_.size(); ++k) {
    const double wave = two_pi * static_cast<double>(k), decay = diffusion_ * wave * wave * t;
    if (decay > 50.0) break; // of no weight in double precision
    modes_.push_back(start_[k] * std::polar(std::exp(-decay), -wave * t));
  }
}

void AdvectionDiffusionOperator::evaluate(std::span<const double> points,
                                          std::span<double> values) {
  for (std::size_t p = 0; p < values.size(); ++p) {
    const double x = points[2 * p], t = points[2 * p + 1];
    if (t <= 0.0) {
      values[p] = space_->value(start_point(x));
      continue;
    }
    move_to(t);
    const std::complex<double> turn = std::polar(1.0, two_pi * x);
    std::complex<double> sum = 0.0;
    for (std::size_t k = modes_.size(); k-- > 0;)
      sum = {modes_[k].real() + turn.real() * sum.real() - turn.imag() * sum.imag(),
             modes_[k].imag() + turn.real() * sum.imag() + turn.imag() * sum.real()};
    values[p] = sum.real();
  }
}

std::string AdvectionDiffusionOperator::recipe() const {
  return "s_t + s_x = D s_xx, D = " + core::number_text(diffusion_) +
         ", s(x,0) = V(sin^2 pi x), periodic, 0 <= t <= " + core::number_text(axes_[1].high) +
         "; Fourier series of " + std::to_string(fft_.points()[0]) +
         " points, exact in time; V: " + space_->recipe();
}

} // namespace linnet::problems
