// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/vorticity_solver.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace linnet::problems {

using Complex = std::complex<double>;

namespace {

int checked(int n, double viscosity) {
  if (n < 4)
    core::throw_usage("vorticity: a grid of " + std::to_string(n) +
                      " points per direction; at least 4 are needed");
  if (!(viscosity >= 0.0) || !std::isfinite(viscosity))
    core::throw_usage("vorticity: the viscosity is " + core::number_text(viscosity) +
                      "; it must be at least 0");
  return n;
}

/// i times @p z, times @p factor.
Complex times_i(const Complex& z, double factor) { return {-factor * z.imag(), factor * z.real()}; }

} // namespace

VorticitySolver::VorticitySolver(int n, double viscosity, TimeScheme scheme)
    : fft_({checked(n, viscosity), n, 1}), viscosity_(viscosity), scheme_(scheme),
      w_(static_cast<std::size_t>(core::volume(fft_.spectrum_points())), 0.0), forcing_(w_),
      rate_(w_), u_(static_cast<std::size_t>(core::volume(fft_.points()))), v_(u_), wx_(u_) {
  for (int row = 0; row < n; ++row)
    for (int k = 0; k <= n / 2; ++k) {
      const int ky = row <= n / 2 ? row : row - n;
      const bool resolved = 3 * k < n && 3 * std::abs(ky) < n && (k != 0 || ky != 0);
      kx_.push_back(2.0 * std::numbers::pi * k);
      ky_.push_back(2.0 * std::numbers::pi * ky);
      inverse_.push_back(resolved ? 1.0 / (kx_.back() * kx_.back() + ky_.back() * ky_.back())
                                  : 0.0);
    }
}

void VorticitySolver::keep_resolved(Modes& modes) const {
  for (std::size_t m = 0; m < modes.size(); ++m)
    if (inverse_[m] == 0.0) modes[m] = 0.0;
}

void VorticitySolver::to_modes(const std::vector<double>& values, Modes& modes) {
  std::copy(values.begin(), values.end(), fft_.values());
  fft_.forward();
  const double scale = 1.0 / static_cast<double>(values.size());
  for (std::size_t m = 0; m < modes.size(); ++m) modes[m] = scale * fft_.spectrum()[m];
  keep_resolved(modes);
}

void VorticitySolver::set_forcing(const std::vector<double>& f) { to_modes(f, forcing_); }

void VorticitySolver::set_modes(const Modes& w) {
  w_ = w;
  keep_resolved(w_);
}

void VorticitySolver::set_values(const std::vector<double>& w) { to_modes(w, w_); }

std::vector<double> VorticitySolver::values() {
  std::copy(w_.begin(), w_.end(), fft_.spectrum());
  fft_.backward();
  return {fft_.values(), fft_.values() + u_.size()};
}

template <class Of>
void VorticitySolver::to_values(std::vector<double>& values, Of of) {
  Complex* modes = fft_.spectrum();
  for (std::size_t m = 0; m < inverse_.size(); ++m) modes[m] = of(m);
  fft_.backward();
  std::copy_n(fft_.values(), values.size(), values.begin());
}

void VorticitySolver::rate(const Modes& w, Modes& rate) {
  to_values(u_, [&](std::size_t m) { return times_i(w[m], ky_[m] * inverse_[m]); });
  to_values(v_, [&](std::size_t m) { return times_i(w[m], -kx_[m] * inverse_[m]); });
  to_values(wx_, [&](std::size_t m) { return times_i(w[m], kx_[m]); });
  // The last field stays in the transform's own array, where the product is formed.
  Complex* modes = fft_.spectrum();
  for (std::size_t m = 0; m < inverse_.size(); ++m) modes[m] = times_i(w[m], ky_[m]);
  fft_.backward();
  double* product = fft_.values();
  for (std::size_t p = 0; p < u_.size(); ++p) product[p] = u_[p] * wx_[p] + v_[p] * product[p];
  fft_.forward();
  const double scale = 1.0 / static_cast<double>(u_.size());
  for (std::size_t m = 0; m < inverse_.size(); ++m)
    rate[m] = inverse_[m] == 0.0 ? Complex(0.0) : forcing_[m] - scale * modes[m];
}

void VorticitySolver::euler_step(double step) {
  rate(w_, rate_);
  for (std::size_t m = 0; m < w_.size(); ++m) {
    if (inverse_[m] == 0.0) continue;
    const double half = 0.5 * step * viscosity_ / inverse_[m];
    w_[m] = ((1.0 - half) * w_[m] + step * rate_[m]) / (1.0 + half);
  }
}

void VorticitySolver::rk4_step(double step) {
  if (decay_step_ != step) {
    decay_.resize(w_.size());
    for (std::size_t m = 0; m < w_.size(); ++m)
      decay_[m] = inverse_[m] == 0.0 ? 0.0 : std::exp(-0.5 * step * viscosity_ / inverse_[m]);
    decay_step_ = step;
  }
  stepper_.step(w_, decay_, step, [this](const Modes& w, Modes& of) { rate(w, of); });
}

void VorticitySolver::advance(std::int64_t steps, double step) {
  for (std::int64_t s = 0; s < steps; ++s)
    scheme_ == TimeScheme::euler ? euler_step(step) : rk4_step(step);
  const bool finite = std::all_of(w_.begin(), w_.end(), [](const Complex& z) {
    return std::isfinite(z.real()) && std::isfinite(z.imag());
  });
  if (!finite)
    throw core::Error(core::ExitCode::not_converged,
                      "vorticity: the flow becomes infinite with time steps of " +
                          core::number_text(step) + "; take shorter ones");
}

} // namespace linnet::problems
