// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Implicit steps of a reduced solid by Newton's method.
///
/// Unknowns are the coefficients gamma of u = lift + Psi gamma. With E_z the strains of the modes
/// at point z, w_z its weight and D_z the consistent tangent of the law,
///   r = sum_z w_z E_z^T sigma_z - Psi^T F,   K = sum_z w_z E_z^T D_z E_z,   gamma -= K^-1 r
/// until |r| <= max(tolerance |Psi^T F|, floor |a|), a = sum_z w_z |E_z|^T (|sigma_z| + thermal
/// stress at z), floor = 1e-4 tolerance: without load |Psi^T F| says nothing, as in
/// fem/solid_solver.hpp. K is solved by LU factors of LAPACK; it is unsymmetric where recovery
/// turns the flow.
///
/// With the quadrature `ecm` every rank computes everything, from the same numbers in the same
/// order: nothing is communicated, and all ranks have the same bits whatever their number.
#pragma once

#include <linnet/rom/solid/law_at_points.hpp>
#include <linnet/rom/solid/reduced_loading.hpp>
#include <linnet/rom/solid/reduced_quadrature.hpp>

#include <span>
#include <vector>

namespace linnet::rom {

struct ReducedNewtonOptions {
  double tolerance = 1e-8;           ///< `-rom_tolerance`
  int most_iterations = 25;          ///< `-rom_max_it`, of a step or part of it
  double smallest_step = 1.0 / 64.0; ///< `-rom_smallest_step`, as a part of the step
};

/// What a step took.
struct ReducedOutcome {
  int iterations = 0;                     ///< failed attempts included
  int halvings = 0;                       ///< failed attempts
  int substeps = 0;                       ///< 1 without failure
  double residual = 0.0, reference = 0.0; ///< |r|, and what it was compared with
};

/// Coefficients and the state at the points. The accepted state is that of the last accept() or
/// set(); a step leads from it to a trial state and leaves it as it is, so that a step can be
/// thrown away, or replaced by set().
class ReducedSolid {
public:
  /// At zero state and gamma. References what @p quadrature refers to. Not collective.
  explicit ReducedSolid(ReducedQuadrature quadrature, const ReducedNewtonOptions& options = {});

  [[nodiscard]] std::size_t modes() const { return quadrature_.modes; }
  [[nodiscard]] std::size_t points() const { return quadrature_.points(); }
  /// Numbers of state at a point, as in fem::SolidModel.
  [[nodiscard]] int state_size() const { return law_.state_size(); }

  /// From the accepted state over step @p step of @p loading. @throws core::Error (not_converged)
  /// naming time and remedy where the smallest part of a step fails. Collective on the
  /// quadrature's ranks, all of which end alike.
  ReducedOutcome step(const ReducedLoading& loading, int step);
  /// The trial state becomes the accepted one. Not collective.
  void accept();
  /// Replaces the accepted state: @p coefficients (modes), @p state (points x state_size). For a
  /// step that was solved without reduction, and for points that changed.
  void set(std::span<const double> coefficients, std::span<const double> state);

  /// Of the accepted state.
  [[nodiscard]] const std::vector<double>& coefficients() const { return accepted_.gamma; }
  [[nodiscard]] const std::vector<double>& state() const { return accepted_.state; }
  /// Of the trial state: the end of the last step(), or the accepted one after accept() and set().
  [[nodiscard]] const std::vector<double>& trial_coefficients() const { return trial_.gamma; }
  [[nodiscard]] const std::vector<double>& trial_state() const { return trial_.state; }
  /// points x 6; after set() that of the last step().
  [[nodiscard]] const std::vector<double>& trial_stress() const { return stress_; }
  /// p at the points, of the trial state.
  [[nodiscard]] std::vector<double> trial_plastic_strain() const;

private:
  struct State {
    std::vector<double> gamma, state;
  };
  bool attempt(const ReducedLoading& loading, int step, double from, double to,
               ReducedOutcome& outcome);
  [[noreturn]] void give_up(const ReducedLoading& loading, int step, double done);

  ReducedQuadrature quadrature_;
  ReducedNewtonOptions options_;
  LawAtPoints law_;
  State accepted_, trial_;
  double trial_dt_ = 0.0;
  std::vector<double> stress_;
  ReducedLoad load_;
};

} // namespace linnet::rom
