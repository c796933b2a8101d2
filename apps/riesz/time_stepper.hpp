// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// M c' + A c = s through time, by PETSc's TS.
#pragma once

#include "discretisation.hpp"
#include "solver.hpp"

#include <petscts.h>

#include <string>
#include <vector>

namespace app {

/// All calls are collective.
class TimeStepper {
public:
  TimeStepper(AppContext& context, const Discretisation& discretisation);
  ~TimeStepper();
  TimeStepper(const TimeStepper&) = delete;
  TimeStepper& operator=(const TimeStepper&) = delete;

  /// The state of a checkpoint, or the initial one.
  void start();
  /// Whether a run with this method can be taken up from its checkpoints with the same bits.
  [[nodiscard]] bool can_restart() const;
  /// One step. Throws where it fails.
  void step();
  void save(const std::string& path) const;

  [[nodiscard]] bool finished() const;
  [[nodiscard]] PetscInt done() const;
  [[nodiscard]] double time() const;
  /// If the steps keep their length.
  [[nodiscard]] PetscInt expected_steps() const;
  [[nodiscard]] Vec coefficients() const { return coefficients_.get(); }
  /// Every linear solve so far, since the start or restart.
  [[nodiscard]] const std::vector<Solve>& solves() const { return solves_; }
  [[nodiscard]] std::string description() const;

private:
  static PetscErrorCode residual(TS ts, PetscReal t, Vec u, Vec rate, Vec f, void* self);
  static PetscErrorCode jacobian(TS ts, PetscReal t, Vec u, Vec rate, PetscReal shift, Mat J, Mat P,
                                 void* self);
  static PetscErrorCode before_solve(KSP ksp, Vec b, Vec x, void* self);
  static PetscErrorCode before_stage(TS ts, PetscReal t);
  static PetscErrorCode after_solve(KSP ksp, Vec b, Vec x, void* self);
  void set_up_ts();
  void read_options();
  void initial_state();
  void load();
  void require_same_run(const std::string& path);
  [[nodiscard]] KSP ksp() const;

  AppContext& context_;
  const Discretisation& discretisation_;
  double end_, first_step_;
  Owned<Mat> mass_, step_matrix_;
  Owned<Vec> coefficients_, source_;
  TS ts_ = nullptr;
  double shift_ = 0.0; ///< of the step matrix, shift M + A
  std::optional<ResidualJudge> judge_;
  std::vector<Solve> solves_;
  double setup_seconds_ = 0.0, solve_begin_ = 0.0; ///< of the solve in progress
};

} // namespace app
