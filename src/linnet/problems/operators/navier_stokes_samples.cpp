// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/navier_stokes_samples.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>
#include <linnet/problems/random/periodic_random_field.hpp>

#include <cmath>
#include <numbers>

namespace linnet::problems {

namespace {

/// Steps per frame.
std::int64_t checked(const NavierStokesOptions& o) {
  require_sampling("Navier-Stokes", o.points, 4, o.stride);
  if (o.points % o.stride != 0)
    core::throw_usage("Navier-Stokes: the stride " + std::to_string(o.stride) +
                      " does not divide the points, " + std::to_string(o.points) +
                      ", of a grid that wraps");
  const auto positive = [](double v) { return std::isfinite(v) && v > 0.0; };
  if (!positive(o.time_step) || !positive(o.frame_time) || o.frames < 1)
    core::throw_usage("Navier-Stokes: time step, time between frames and frames must be positive");
  if (!positive(o.alpha) || !positive(o.tau))
    core::throw_usage("Navier-Stokes: alpha = " + core::number_text(o.alpha) +
                      ", tau = " + core::number_text(o.tau) + "; both must be positive");
  const double steps = o.frame_time / o.time_step;
  const std::int64_t whole = std::llround(steps);
  if (whole < 1 || std::abs(steps - static_cast<double>(whole)) > 1e-6 * steps)
    core::throw_usage("Navier-Stokes: the time step " + core::number_text(o.time_step) +
                      " does not divide the time between frames, " +
                      core::number_text(o.frame_time));
  return whole;
}

std::vector<double> stirring(int n, double amplitude) {
  std::vector<double> f;
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) {
      const double phase = 2.0 * std::numbers::pi * ((i + j) % n) / n;
      f.push_back(amplitude * (std::sin(phase) + std::cos(phase)));
    }
  return f;
}

} // namespace

NavierStokesSamples::NavierStokesSamples(const NavierStokesOptions& options)
    : options_(options), steps_(checked(options)),
      solver_(options.points, options.viscosity, options.scheme) {
  solver_.set_forcing(stirring(options.points, options.forcing));
}

std::vector<SampledField> NavierStokesSamples::fields() const {
  return {{"vorticity", options_.frames + 1}};
}

core::Index3 NavierStokesSamples::points() const {
  const int kept = kept_points(options_.points, options_.stride);
  return {kept, kept, 1};
}

std::string NavierStokesSamples::recipe() const {
  const auto number = [](double v) { return core::number_text(v); };
  return "Navier-Stokes w_t + u.grad w = nu Laplace w + f of period 1, nu = " +
         number(options_.viscosity) + ", f = " + number(options_.forcing) +
         " (sin 2 pi (x + y) + cos 2 pi (x + y)); w at time 0 Gaussian of covariance 2 tau^(2 "
         "alpha "
         "- 2) (-Laplace + tau^2)^-alpha, alpha = " +
         number(options_.alpha) + ", tau = " + number(options_.tau) + "; pseudo-spectral on " +
         std::to_string(options_.points) + " points per direction, modes below a third of them; " +
         (options_.scheme == TimeScheme::euler ? "Euler, viscous term Crank-Nicolson"
                                               : "Runge-Kutta of order 4, viscous term exact") +
         ", time step " + number(options_.time_step) + "; " + std::to_string(options_.frames + 1) +
         " frames from time 0 on, " + number(options_.frame_time) + " apart, every " +
         std::to_string(options_.stride) + "-th point kept; seed " + std::to_string(options_.seed);
}

void NavierStokesSamples::make(std::uint64_t number, FieldValues& values) {
  RandomFieldOptions field;
  field.alpha = options_.alpha;
  field.tau = options_.tau;
  field.seed = options_.seed;
  field.sample = number;
  VorticitySolver::Modes w(solver_.modes().size());
  draw_periodic_modes(options_.points, field, w.data());
  for (auto& mode : w) mode *= std::numbers::sqrt2;
  solver_.set_modes(w);
  values.assign(1, {});
  for (int frame = 0; frame <= options_.frames; ++frame) {
    if (frame > 0) solver_.advance(steps_, options_.time_step);
    const auto kept = keep_every(solver_.values(), options_.points, options_.stride);
    values[0].insert(values[0].end(), kept.begin(), kept.end());
  }
}

} // namespace linnet::problems
