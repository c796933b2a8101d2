// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/periodic_evolution.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace linnet::problems {

using Complex = std::complex<double>;

namespace {

constexpr double two_pi = 2.0 * std::numbers::pi;

int checked(int points, double length) {
  if (points < 4 || !(length > 0.0))
    core::throw_usage("evolution equation: " + std::to_string(points) + " points on a length of " +
                      core::number_text(length) + "; at least 4 on a positive length are needed");
  return points;
}

/// Products without complex arithmetic's care for infinities.
Complex product(const Complex& a, const Complex& b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

[[noreturn]] void refuse(const std::string& why) {
  core::throw_usage("evolution equation: " + why + "; change the signs or the terms");
}

} // namespace

double series_value(std::span<const Complex> modes, double x) {
  const Complex turn = std::polar(1.0, two_pi * x);
  Complex sum = 0.0;
  for (std::size_t k = modes.size(); k-- > 1;) sum = product(turn, sum + modes[k]);
  return modes[0].real() + 2.0 * sum.real();
}

PeriodicEvolution::PeriodicEvolution(const EvolutionTerms& terms, int points, double length)
    : terms_(terms), fft_({checked(points, length), 1, 1}),
      modes_(static_cast<std::size_t>((points + 2) / 3)), speeds_(modes_), kick_(modes_) {
  const auto& c = terms_;
  const bool second = c.u_tt != 0.0;
  if (second ? c.u_t != 0.0 || c.u_x != 0.0 || c.u_xxx != 0.0 : c.u_t == 0.0)
    refuse("it must have u_t, or u_tt without u_t, u_x and u_xxx");
  for (std::size_t k = 0; k < modes_.size(); ++k) {
    const double q = two_pi * static_cast<double>(k) / length;
    waves_.push_back(q);
    if (second) {
      const double square = (c.u - c.u_xx * q * q) / c.u_tt;
      if (!(square >= 0.0)) refuse("modes grow where they should swing");
      frequencies_.push_back(std::sqrt(square));
    } else {
      linear_.push_back(Complex(c.u_xx * q * q - c.u, q * (c.u_xxx * q * q - c.u_x)) / c.u_t);
    }
  }
  if (!second && c.u_xx * c.u_t > 0.0) refuse("its diffusion is negative");
  source_.resize(static_cast<std::size_t>(points));
}

void PeriodicEvolution::set_modes(std::span<const Complex> modes) {
  std::fill(modes_.begin(), modes_.end(), 0.0);
  std::copy_n(modes.begin(), std::min(modes.size(), modes_.size()), modes_.begin());
  modes_[0] = modes_[0].real();
  std::fill(speeds_.begin(), speeds_.end(), 0.0);
}

void PeriodicEvolution::nonlinear(const Modes& modes, Modes& rate) {
  Complex* spectrum = fft_.spectrum();
  double* u = fft_.values();
  const std::size_t points = source_.size();
  std::fill(spectrum, spectrum + points / 2 + 1, 0.0);
  std::copy(modes.begin(), modes.end(), spectrum);
  fft_.backward();
  const auto& c = terms_;
  const double scale = -1.0 / (static_cast<double>(points) * (c.u_tt != 0.0 ? c.u_tt : c.u_t));
  const bool sources = c.u2 != 0.0 || c.u3 != 0.0 || c.sin_u != 0.0;
  const bool fluxes = c.u_u_x != 0.0 || c.u2_u_x != 0.0 || c.cos_u_u_x != 0.0;
  const bool sines = c.sin_u != 0.0 || c.cos_u_u_x != 0.0;
  for (std::size_t i = 0; i < points; ++i) {
    const double v = u[i], sine = sines ? std::sin(v) : 0.0;
    source_[i] = v * v * (c.u2 + v * c.u3) + c.sin_u * sine;
    u[i] = v * v * (c.u_u_x / 2.0 + v * c.u2_u_x / 3.0) + c.cos_u_u_x * sine;
  }
  std::fill(rate.begin(), rate.end(), 0.0);
  if (fluxes) {
    fft_.forward();
    for (std::size_t k = 0; k < rate.size(); ++k) {
      const double q = scale * waves_[k];
      rate[k] = {-q * spectrum[k].imag(), q * spectrum[k].real()};
    }
  }
  if (sources) {
    std::copy(source_.begin(), source_.end(), u);
    fft_.forward();
    for (std::size_t k = 0; k < rate.size(); ++k) rate[k] += scale * spectrum[k];
  }
}

void PeriodicEvolution::advance_first_order(double step, int steps) {
  if (half_step_ != step) {
    half_.resize(linear_.size());
    for (std::size_t k = 0; k < half_.size(); ++k) half_[k] = std::exp(0.5 * step * linear_[k]);
    half_step_ = step;
  }
  if (terms_.linear()) {
    for (std::size_t k = 0; k < modes_.size(); ++k)
      modes_[k] *= std::exp(step * static_cast<double>(steps) * linear_[k]);
    return;
  }
  for (int n = 0; n < steps; ++n)
    stepper_.step(modes_, half_, step, [this](const Modes& m, Modes& r) { nonlinear(m, r); });
}

void PeriodicEvolution::rotate(double step) {
  for (std::size_t k = 0; k < modes_.size(); ++k) {
    const double w = frequencies_[k], c = std::cos(w * step), s = std::sin(w * step);
    const Complex u = modes_[k], v = speeds_[k];
    modes_[k] = c * u + (w > 0.0 ? s / w : step) * v;
    speeds_[k] = c * v - w * s * u;
  }
}

void PeriodicEvolution::advance_second_order(double step, int steps) {
  if (terms_.linear()) return rotate(step * steps);
  const auto kick = [this](double by) {
    nonlinear(modes_, kick_);
    for (std::size_t k = 0; k < kick_.size(); ++k) speeds_[k] += by * kick_[k];
  };
  const double outer = 1.0 / (2.0 - std::cbrt(2.0)), parts[] = {outer, 1.0 - 2.0 * outer, outer};
  for (int n = 0; n < steps; ++n)
    for (const double part : parts) {
      const double h = part * step;
      // Kicks in the middle: one evaluation a part.
      rotate(0.5 * h);
      kick(h);
      rotate(0.5 * h);
    }
}

bool PeriodicEvolution::advance(double time, int steps) {
  const double step = time / steps;
  terms_.u_tt != 0.0 ? advance_second_order(step, steps) : advance_first_order(step, steps);
  return std::all_of(modes_.begin(), modes_.end(), [](const Complex& z) {
    return std::isfinite(z.real()) && std::isfinite(z.imag());
  });
}

} // namespace linnet::problems
