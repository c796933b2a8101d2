// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Steady and transient diffusion on a box of cells.
#include "options.hpp"
#include "runs.hpp"

#include <linnet/core/app_runtime.hpp>
#include <linnet/registry/register.hpp>

int main(int argc, char** argv) {
  const linnet::core::AppDescription description{
      .name = "diffusion",
      .summary = "solves -div(K grad u) + r u = f, or its time-dependent or a nonlinear form, on a "
                 "box of cells",
      .examples =
          {"mpirun -n 2 build/apps/diffusion -options_file inputs/diffusion/obstacles_3d.yaml",
           "mpirun -n 2 build/apps/diffusion -diffusion_grid 64,64,64 -diffusion_medium "
           "two_phase -diffusion_contrast 1e6 -ksp_monitor"},
      .options = app::diffusion_options(),
      .initialize = LinnetInitialize};
  return linnet::core::run_app(argc, argv, description, [](linnet::core::AppContext& context) {
    PetscFunctionBeginUser;
    if (context.options().integer("-diffusion_time_steps") > 0)
      app::run_steps(context);
    else if (context.options().is_set("-diffusion_restart"))
      context.options().fail(
          "-diffusion_restart",
          "goes with the options of the stopped run; -diffusion_time_steps is 0");
    else if (context.options().choice("-diffusion_nonlinear") != "none")
      app::run_nonlinear(context);
    else
      app::run_steady(context);
    PetscFunctionReturn(PETSC_SUCCESS);
  });
}
