// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Riesz fractional equations in an interval, rectangle or box, steady or in time.
#include "options.hpp"
#include "runs.hpp"

#include <linnet/core/app_runtime.hpp>
#include <linnet/registry/register.hpp>

int main(int argc, char** argv) {
  const linnet::core::AppDescription description{
      .name = "riesz",
      .summary = "solves D sum_d kappa_d (-d2/dx_d2)^(alpha_d/2) u + r u = s, or u_t + ... = s, in "
                 "a box, u = 0 outside of it, by B-spline collocation",
      .examples =
          {"mpirun -n 2 build/apps/riesz -options_file inputs/riesz/levy_flights_2d.yaml",
           "build/apps/riesz -riesz_n 1024 -riesz_degree 5 -riesz_alpha 1.2",
           "mpirun -n 2 build/apps/riesz -riesz_dim 2 -riesz_n 256,128 -riesz_alpha 1.3,1.7",
           "build/apps/riesz -riesz_study -riesz_degree 4"},
      .options = app::riesz_options(),
      .initialize = LinnetInitialize};
  return linnet::core::run_app(argc, argv, description, [](linnet::core::AppContext& context) {
    PetscFunctionBeginUser;
    const auto& options = context.options();
    app::check_options(options);
    if (options.boolean("-riesz_study"))
      app::run_study(context);
    else if (options.boolean("-riesz_spectrum"))
      app::run_spectrum(context);
    else if (options.real("-riesz_time_end") > 0.0)
      app::run_steps(context);
    else
      app::run_steady(context);
    PetscFunctionReturn(PETSC_SUCCESS);
  });
}
