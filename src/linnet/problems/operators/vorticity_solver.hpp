// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Incompressible flow in two dimensions of period 1, by its vorticity:
///   w_t + u . grad w = nu Laplace w + f,   u = (psi_y, -psi_x),   -Laplace psi = w,
/// w and f of mean zero.
///
/// Pseudo-spectral: products on the grid, and of the modes only those with |k_d| < n/3 ("2/3 rule",
/// Orszag, J. Atmos. Sci. 28 (1971) 1074), in which advection conserves energy and enstrophy. In
/// time either Crank-Nicolson for the viscous and Euler for the other terms (order 1), as in the
/// data sets of the Fourier neural operator, or the classical Runge-Kutta method of order 4 with
/// the viscous term integrated exactly (integrating_factor.hpp), whose steps may be some forty
/// times longer.
#pragma once

#include <linnet/linalg/grid_fft.hpp>
#include <linnet/problems/operators/integrating_factor.hpp>

#include <cstdint>
#include <vector>

namespace linnet::problems {

enum class TimeScheme { euler, rk4 };

class VorticitySolver {
public:
  /// Of w = sum over kx, ky of w_k exp(2 pi i (kx x + ky y)), in the order of linalg::GridFft.
  using Modes = std::vector<std::complex<double>>;

  /// @p n points per direction, at least 4; @p viscosity at least 0. @throws core::Error (usage).
  VorticitySolver(int n, double viscosity, TimeScheme scheme);

  /// f at the points (x fastest); 0 until set. Its mean and what is not resolved are left out.
  void set_forcing(const std::vector<double>& f);
  /// Sets w. What is not resolved and the mean are left out.
  void set_modes(const Modes& w);
  void set_values(const std::vector<double>& w);
  /// @p steps steps of length @p step. @throws core::Error (not_converged) where w becomes
  /// infinite: the step is too long.
  void advance(std::int64_t steps, double step);

  [[nodiscard]] const Modes& modes() const { return w_; }
  /// w at the points.
  [[nodiscard]] std::vector<double> values();
  /// The modes of f - u . grad w.
  void rate(const Modes& w, Modes& rate);

private:
  void keep_resolved(Modes& modes) const;
  /// The resolved modes of @p values.
  void to_modes(const std::vector<double>& values, Modes& modes);
  void euler_step(double step);
  void rk4_step(double step);
  /// Values of the modes of(m).
  template <class Of>
  void to_values(std::vector<double>& values, Of of);

  linalg::GridFft fft_;
  double viscosity_;
  TimeScheme scheme_;
  std::vector<double> kx_, ky_; ///< 2 pi times the wave numbers of each mode
  std::vector<double> inverse_; ///< 1 / |k|^2; 0 for the modes that are left out
  Modes w_, forcing_, rate_;
  IntegratingFactorRk4<std::complex<double>> stepper_;
  std::vector<double> u_, v_, wx_;
  std::vector<double> decay_; ///< of half a step, see decay_step_
  double decay_step_ = 0.0;
};

} // namespace linnet::problems
