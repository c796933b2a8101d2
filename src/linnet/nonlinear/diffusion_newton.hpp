// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Newton's method for nonlinear diffusion: PETSc's SNES with the residual, the derivative and the
/// preconditioning matrix of problems/diffusion/nonlinear_diffusion.hpp.
///
/// The matrix of Newton's method is exact (the p-Laplacian's: differences of the residual, without
/// entries); the preconditioner gets the symmetric matrix with the conductivity held fixed.
///
/// For networks (nonlinear/state_network.hpp) the DMDA of the SNES, a clone of the equations' one,
/// carries the Vecs "coefficient" (kappa), "source" (at the time of the solve) and, where there are
/// solid or held cells, "mask".
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/problems/diffusion/nonlinear_diffusion.hpp>

#include <petscsnes.h>

#include <vector>

namespace linnet::nonlinear {

class DiffusionNewton {
public:
  struct Outcome {
    SNESConvergedReason reason = SNES_CONVERGED_ITERATING;
    PetscInt iterations = 0, linear_iterations = 0;
    std::vector<double> residuals; ///< norms of F, from the initial guess on
    double scale = 0.0;            ///< what the last of them is relative to
    [[nodiscard]] bool converged() const { return reason > 0; }
  };

  /// Borrows @p equations. @p rows: preconditioning matrix of type AIJ, else of the DMDA's type.
  /// Reads the options of SNES, KSP and PC that begin with @p prefix. Collective.
  DiffusionNewton(problems::NonlinearDiffusion& equations, bool rows, const char* prefix = nullptr);
  ~DiffusionNewton();
  DiffusionNewton(const DiffusionNewton&) = delete;
  DiffusionNewton& operator=(const DiffusionNewton&) = delete;

  /// A guess: @p u = about the solution of the linear equation, k = 1 and r = 0, which must have
  /// one, as far as it is better than zero (guarded_guess.hpp). Collective.
  void start(Vec u);
  /// From the guess in @p u. A residual counts as small also if it is relative to |F(0)|, unless
  /// -snes_atol is given. Collective.
  Outcome solve(Vec u);
  [[nodiscard]] SNES snes() const { return snes_; }

private:
  static PetscErrorCode form_function(SNES snes, Vec u, Vec f, void* self);
  static PetscErrorCode form_jacobian(SNES snes, Vec u, Mat J, Mat P, void* self);
  void set_fields();
  void set_matrices(bool rows);
  double set_absolute_tolerance(Vec like);

  problems::NonlinearDiffusion& equations_;
  SNES snes_ = nullptr;
  core::Owned<DM> fields_; ///< carries what networks look at
  core::Owned<Vec> residual_, source_;
  core::Owned<Mat> jacobian_, picard_;
};

} // namespace linnet::nonlinear
