// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Implicit time steps of a solid by Newton's method, with sub-steps where it fails.
///
/// Newton: SNES newtonls with full steps. It ends when
///   |R_free| <= max(tolerance |F|, floor A),   R = internal force - F,   floor = 1e-4 tolerance,
/// where A is the norm of the cells' forces before they cancel (SolidModel::force_scale()): without
/// load, as in free heating, |F| says nothing, and a residual below 1e-14 A is rounding.
///
/// Linear systems: conjugate gradients with GAMG on the rigid-body modes (threshold 0.01) to 1e-6,
/// GMRES for the full tangent and where conjugate gradients fail; all of `-snes_*`, `-ksp_*`,
/// `-pc_*` apply, without prefix, such as
/// `-pc_type hypre` or `-ksp_type preonly -pc_type cholesky -pc_factor_mat_solver_type mumps`.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/fem/loading/loading.hpp>
#include <linnet/fem/solid_model.hpp>

#include <petscsnes.h>

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace linnet::fem {

struct SolidSolverOptions {
  double tolerance = 1e-8;           ///< `-solid_tolerance`
  double smallest_step = 1.0 / 64.0; ///< `-solid_smallest_step`, as a part of the step
};

/// What a step took. Seconds are this rank's.
struct StepOutcome {
  int newton = 0;               ///< Newton iterations, those of failed sub-steps included
  int linear = 0;               ///< iterations of the linear solver
  int halvings = 0;             ///< failed attempts
  int gmres = 0;                ///< attempts that GMRES took over from conjugate gradients
  int substeps = 0;             ///< 1 without failure
  double residual = 0.0;        ///< |R_free| at the end
  double reference = 0.0;       ///< what it was compared with: converged when residual <= reference
  double force_seconds = 0.0;   ///< law and internal force
  double tangent_seconds = 0.0; ///< law and tangent, and its assembly
  double linear_seconds = 0.0;  ///< linear solver with its preconditioner's set-up
};

class SolidSolver {
public:
  /// Holds the unknowns that @p loading holds: step() takes loadings with the same ones only. Keeps
  /// a reference to @p model. Reads PETSc's options. Collective.
  SolidSolver(SolidModel& model, const Loading& loading, const SolidSolverOptions& options = {});
  ~SolidSolver() = default;
  SolidSolver(const SolidSolver&) = delete;
  SolidSolver& operator=(const SolidSolver&) = delete;

  /// From @p t_old to @p t_new > t_old. @p u: displacements at t_old, also the first guess; at the
  /// end those at t_new, and the model's state is committed. Where Newton's method fails (it does
  /// not converge, the law has no solution at a point, values are not finite) the step is halved.
  /// @throws core::Error not_converged naming time, step and remedy when the smallest step fails:
  /// u, the model's state and time() are then those of the last sub-step that converged.
  /// Collective.
  StepOutcome step(const Loading& loading, double t_old, double t_new, Vec u);
  /// The same, with @p guess as the first guess of the displacements at t_new.
  StepOutcome step(const Loading& loading, double t_old, double t_new, Vec u, Vec guess);

  /// The time that the last step() reached, also when it threw.
  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] const SolidSolverOptions& options() const { return options_; }
  /// Internal less external force at the end of the last step, in the held rows too: the reactions
  /// of the supports, and the residual elsewhere. Owned by this object.
  [[nodiscard]] Vec reactions() const { return reactions_.get(); }
  [[nodiscard]] SolidModel& model() const { return *model_; }
  [[nodiscard]] SNES snes() const { return snes_.get(); }
  [[nodiscard]] Mat stiffness() const { return stiffness_.get(); }

private:
  struct SnesDeleter {
    void operator()(SNES snes) const { static_cast<void>(SNESDestroy(&snes)); }
  };

  static PetscErrorCode form_residual(SNES snes, Vec u, Vec residual, void* self);
  static PetscErrorCode form_tangent(SNES snes, Vec u, Mat stiffness, Mat preconditioner,
                                     void* self);
  static PetscErrorCode test_convergence(SNES snes, PetscInt iteration, PetscReal, PetscReal,
                                         PetscReal residual, SNESConvergedReason* reason,
                                         void* self);
  static PetscErrorCode keep_held(SNESLineSearch search, Vec u, Vec direction, PetscBool* changed,
                                  void* self);
  void create_snes();
  void set_linear_defaults() const;
  PC renewed_multigrid();
  void check_owned_dofs() const;
  [[nodiscard]] double threshold() const;
  void residual_at(Vec u, Vec residual);
  void tangent_at(Vec u);
  bool attempt(const Loading& loading, double t_new, Vec u);
  bool move_held(const Loading& loading, double t_new, Vec u);
  bool newton(Vec u);
  SNESConvergedReason solve_nonlinear(Vec u);
  SNESConvergedReason solve_by_gmres(Vec u);
  bool solve_linear(Vec load, Vec u);
  [[noreturn]] void give_up(double t_target) const;

  SolidModel* model_;
  SolidSolverOptions options_;
  core::Owned<Mat> stiffness_;
  core::Owned<Vec> force_, reactions_, residual_, trial_, increment_;
  std::unique_ptr<std::remove_pointer_t<SNES>, SnesDeleter> snes_;
  StepOutcome outcome_;
  std::vector<PetscInt> held_dofs_;
  double dt_ = 0.0, time_ = 0.0, force_norm_ = 0.0, first_residual_ = 0.0;
  std::string failure_; ///< why the last attempt failed
};

} // namespace linnet::fem
