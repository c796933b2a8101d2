// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Evolution equations in one periodic direction, as combinations of a library of terms.
#pragma once

#include <linnet/linalg/grid_fft.hpp>
#include <linnet/problems/operators/integrating_factor.hpp>

#include <array>
#include <span>
#include <vector>

namespace linnet::problems {

/// Coefficients of the terms of an equation whose sum is zero. The list of them is the equation's
/// code, which a network may read.
struct EvolutionTerms {
  double u_tt = 0.0, u_t = 0.0, u_x = 0.0, u_xx = 0.0, u_xxx = 0.0;
  double u = 0.0, u2 = 0.0, u3 = 0.0; ///< powers of u
  double u_u_x = 0.0, u2_u_x = 0.0, sin_u = 0.0, cos_u_u_x = 0.0;

  static constexpr int count = 12;
  /// In the order of the declaration.
  [[nodiscard]] std::array<double, count> list() const {
    return {u_tt, u_t, u_x, u_xx, u_xxx, u, u2, u3, u_u_x, u2_u_x, sin_u, cos_u_u_x};
  }
  [[nodiscard]] bool linear() const {
    return u2 == 0.0 && u3 == 0.0 && u_u_x == 0.0 && u2_u_x == 0.0 && sin_u == 0.0 &&
           cos_u_u_x == 0.0;
  }
};

/// Solves one by a Fourier series, exact in time where the equation is linear. Products are taken
/// on the grid and flux terms are derivatives of fluxes; of the modes those with |k| < points/3 are
/// kept. In time, with the linear terms exact: Runge and Kutta's method of order 4
/// (integrating_factor.hpp); for equations with u_tt, which then may have u_x, u_t or u_xxx in no
/// term, Yoshida's composition of order 4 (Phys. Lett. A 150 (1990) 262) of the rotation of each
/// mode with kicks of the nonlinear terms. These start at rest.
class PeriodicEvolution {
public:
  using Modes = std::vector<std::complex<double>>;

  /// @p points at least 4. @throws core::Error (usage) for a problem that is not well posed.
  PeriodicEvolution(const EvolutionTerms& terms, int points, double length);

  /// u(x) = c_0 + 2 Re sum over k > 0 of c_k exp(2 pi i k x / length). Those that are not resolved
  /// are left out. Sets the time back to rest.
  void set_modes(std::span<const std::complex<double>> modes);
  /// By @p steps steps, at least 1. False where the solution becomes infinite.
  bool advance(double time, int steps);
  /// The c_k, k from 0 to resolved() - 1.
  [[nodiscard]] const Modes& modes() const { return modes_; }
  [[nodiscard]] int resolved() const { return static_cast<int>(modes_.size()); }

private:
  void advance_first_order(double step, int steps);
  void advance_second_order(double step, int steps);
  /// The nonlinear terms, on the other side and divided by the coefficient of the time derivative.
  void nonlinear(const Modes& modes, Modes& rate);
  void rotate(double step);

  EvolutionTerms terms_;
  linalg::GridFft fft_;
  std::vector<double> waves_;
  Modes modes_, speeds_, kick_; ///< of u, of u_t and of its rate
  Modes linear_, half_;         ///< rates of the modes; their exponentials, of half a step
  std::vector<double> frequencies_;
  double half_step_ = 0.0; ///< of half_
  std::vector<double> source_;
  IntegratingFactorRk4<std::complex<double>> stepper_;
};

/// The series at @p x, in units of the period.
double series_value(std::span<const std::complex<double>> modes, double x);

} // namespace linnet::problems
