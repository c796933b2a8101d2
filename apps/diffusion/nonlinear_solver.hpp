// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The nonlinear solver of the app: PETSc's SNES on the equations of -diffusion_nonlinear.
#pragma once

#include "output.hpp"

#include <linnet/nonlinear/diffusion_newton.hpp>

namespace app {

/// Refuses what goes only with linear problems, and sets the options of SNES, KSP and PC that hold
/// unless the user gives others. Call it before set_default_options().
void prepare_nonlinear(const linnet::core::Options& options);

class NonlinearSolver {
public:
  /// Borrows both. Collective. @throws core::Error (usage) where nothing fixes u, unless the
  /// problem steps in time by @p has_mass.
  NonlinearSolver(const AppContext& context, const Problem& problem,
                  linnet::problems::DiffusionSystem& system, bool has_mass);

  /// From now on solves for the step of backward Euler of length capacity / @p mass to @p time from
  /// @p old (borrowed), or with the mass 0 for the steady state at that time.
  void set_step(double time, double mass, Vec old) { equations_.set_step(time, mass, old); }
  /// Fills @p u with what -diffusion_nonlinear_start says. Collective.
  void start(Vec u);
  /// From the guess in @p u; leaves the system assembled for the solution. Collective. @throws
  /// core::Error (not_converged).
  Solve solve(Vec u);
  /// Norms of the residual in the last solve, from the start on.
  [[nodiscard]] const std::vector<double>& residuals() const { return residuals_; }
  /// Adds what the law takes up to a report of fluxes. Collective.
  void add_reaction(Vec u, linnet::problems::FluxReport& fluxes) const;
  [[nodiscard]] std::string description() const;
  /// What networks did in all solves, one line for each; none without networks.
  [[nodiscard]] std::vector<std::string> network_notes() const;

private:
  [[nodiscard]] std::string guess_note() const;
  [[nodiscard]] std::string step_note() const;

  const linnet::core::Options& options_;
  const Problem& problem_;
  linnet::problems::NonlinearDiffusion equations_;
  linnet::nonlinear::DiffusionNewton newton_;
  std::vector<double> residuals_;
};

} // namespace app
