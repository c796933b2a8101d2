// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a run leaves behind: field files, results JSON, the report on the screen.
#pragma once

#include "setup.hpp"
#include "solver.hpp"

#include <linnet/io/field_writer.hpp>
#include <linnet/io/results.hpp>
#include <linnet/problems/diffusion/fluxes.hpp>

#include <optional>
#include <string>
#include <vector>

namespace app {

/// Wall-clock seconds per phase.
struct Seconds {
  double setup = 0.0;    ///< grid, medium, solids
  double assemble = 0.0; ///< coefficients and right-hand side
  double output = 0.0;
};

/// All that the end of a run reports.
struct Summary {
  std::vector<Solve> solves;
  linnet::problems::FluxReport fluxes;
  double removed = 0.0; ///< what balancing took out of the data
  /// Steady: |sources - outflow - removed| / turnover, as small as the solve is good; and what is
  /// left of it beside the algebraic residual / magnitude, as small as rounding.
  std::optional<double> balance_error, assembly_balance_error;
  std::optional<double> error; ///< against the manufactured solution
  PetscInt components = 1;
  PetscInt floating = 0;
  std::int64_t floating_cells = 0;
  std::string solver;
  std::vector<std::string> networks; ///< what networks did in a nonlinear solver
  std::vector<double>
      newton; ///< norms of the residual after each of Newton's steps, from the start
  Seconds seconds;
  bool zero = false; ///< u is zero everywhere, and not because balancing made it so
  double time = 0.0; ///< of the last step
};

/// Where an earlier run is taken up.
struct Restart {
  double time;
  std::int64_t steps; ///< done before
};

/// The field files, `<stem>.h5` and `<stem>.xdmf`; with -diffusion_output none nothing happens.
class FieldOutput {
public:
  /// Starts new files, or goes on with those of an earlier run from @p restart. Collective.
  FieldOutput(const AppContext& context, const Problem& problem,
              std::optional<Restart> restart = std::nullopt);
  /// Writes u, kappa, flux and the mask. Collective.
  void write(const linnet::problems::DiffusionSystem& system, Vec u, double time,
             std::int64_t step);
  /// Writes /history/residuals, behind those of the steps before a restart, and closes. Collective.
  void close(const std::vector<Solve>& solves);
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

private:
  void keep_history(std::int64_t steps);

  const Problem& problem_;
  std::unique_ptr<linnet::io::FieldWriter> writer_;
  std::vector<std::string> files_;
  std::vector<double> earlier_; ///< rows of the history from before a restart
  std::int64_t first_solve_ = 0;
  Owned<DM> flux_cells_;
  Owned<Vec> flux_, shown_;
};

/// Refuses, before any work, files of this run that could not be written at its end. Collective.
void require_writable_outputs(const AppContext& context);

/// -diffusion_output without a suffix; empty for none.
std::string output_stem(const AppContext& context);

/// True when u is zero in every cell. Collective.
bool is_zero(Vec u);

/// Where a run of time steps saves its state: beside its fields.
std::string checkpoint_path(const AppContext& context);

/// Writes the results file if asked for and prints the report. Collective.
void finish(const AppContext& context, const Problem& problem, const Summary& summary,
            const std::vector<std::string>& files);

} // namespace app
