// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Elastoviscoplastic solids in small strains under loads and temperatures over time.
#include "options.hpp"
#include "runs.hpp"

#include <linnet/core/app_runtime.hpp>
#include <linnet/registry/register.hpp>

int main(int argc, char** argv) {
  const linnet::core::AppDescription description{
      .name = "solid",
      .summary = "solves the quasi-static equilibrium of elastoviscoplastic solids under forces "
                 "and temperatures over time",
      .examples = {"mpirun -n 2 build/apps/solid -options_file inputs/solid/blade.yaml"},
      .options = app::solid_options(),
      .initialize = LinnetInitialize};
  return linnet::core::run_app(argc, argv, description, [](linnet::core::AppContext& context) {
    PetscFunctionBeginUser;
    app::run_full(context);
    PetscFunctionReturn(PETSC_SUCCESS);
  });
}
