// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "balance.hpp"

#include <cmath>

namespace app {

using namespace linnet::problems;

void integrate_steady(const Problem& problem, const DiffusionSystem& system,
                      const LinearSolver& solver, const FloatingPieces& pieces, Vec u,
                      Summary& summary) {
  summary.components = pieces.components();
  summary.floating = pieces.floating();
  summary.floating_cells = pieces.floating_cells();
  const double removed = pieces.removed();
  summary.fluxes = integrate_fluxes(system, u);
  summary.removed = removed;
  summary.zero = removed == 0.0 && is_zero(u);
  const FluxReport& flux = summary.fluxes;
  const double defect = flux.imbalance - removed;
  if (flux.turnover > 0.0) summary.balance_error = std::abs(defect) / flux.turnover;
  if (flux.magnitude > 0.0)
    summary.assembly_balance_error = std::abs(defect - solver.residual_sum()) / flux.magnitude;
  if (problem.manufactured)
    summary.error =
        solution_error(problem.model.grid, problem.cells.get(), u, problem.mask.get(),
                       problem.manufactured->solution, system.time(), summary.floating > 0);
}

} // namespace app
