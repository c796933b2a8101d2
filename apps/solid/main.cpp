// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Solids that creep, yield and harden.
#include "options.hpp"
#include "point.hpp"
#include "runs.hpp"

#include <linnet/core/app_runtime.hpp>
#include <linnet/registry/register.hpp>

int main(int argc, char** argv) {
  const linnet::core::AppDescription description{
      .name = "solid",
      .summary = "solves the quasi-static equilibrium of an elastoviscoplastic solid under loads "
                 "and temperatures over time, or takes one material point through a history",
      .examples =
          {"mpirun -n 2 build/apps/solid -options_file inputs/solid/blade.yaml",
           "mpirun -n 2 build/apps/solid -options_file inputs/solid/blade_adaptive.yaml",
           "build/apps/solid -options_file inputs/solid/point_cyclic.yaml",
           "build/apps/solid -solid_point inputs/solid/point_creep.json -solid_output creep"},
      .options = app::solid_options(),
      .initialize = LinnetInitialize};
  return linnet::core::run_app(argc, argv, description, [](linnet::core::AppContext& context) {
    PetscFunctionBeginUser;
    app::check_options(context.options());
    const std::string solver = context.options().choice("-solid_solver");
    if (context.options().is_set("-solid_point"))
      app::run_point(context);
    else if (solver == "train")
      app::run_train(context);
    else if (solver == "reduced")
      app::run_reduced(context);
    else if (solver == "adaptive")
      app::run_adaptive(context);
    else
      app::run_full(context);
    PetscFunctionReturn(PETSC_SUCCESS);
  });
}
