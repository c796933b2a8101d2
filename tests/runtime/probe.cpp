// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A small app that ends in every way an app can end; the tests of this folder run it.
#include <linnet/core/agreement.hpp>
#include <linnet/core/app_runtime.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/registry/register.hpp>

#include <chrono>
#include <new>
#include <thread>

namespace {

using linnet::core::AppContext;
using linnet::core::AppDescription;
using linnet::core::OptionKind;

enum class Mode {
  values,
  usage,
  data_on_one,
  together,
  not_converged,
  petsc_bug,
  petsc_on_one,
  checked_call,
  memory,
  ksp,
  kokkos,
  steps,
  steady
};

AppDescription describe() {
  AppDescription app{.name = "probe",
                     .summary = "ends in the way that -probe_mode says",
                     .examples = {"mpirun -n 2 probe -options_file deck.yaml"},
                     .initialize = LinnetInitialize};
  app.options.group("Probe");
  app.options.add(
      {.name = "-probe_mode",
       .kind = OptionKind::choice,
       .default_text = "values",
       .help = "how to end",
       .choices = {"values", "usage", "data_on_one", "together", "not_converged", "petsc_bug",
                   "petsc_on_one", "checked_call", "memory", "ksp", "kokkos", "steps", "steady"}});
  app.options.add({.name = "-probe_rank",
                   .kind = OptionKind::integer,
                   .default_text = "0",
                   .help = "rank that fails",
                   .range = linnet::core::at_least(0)});
  app.options.add({.name = "-probe_contrast",
                   .kind = OptionKind::real,
                   .default_text = "10",
                   .help = "a number",
                   .unit = "furlongs",
                   .range = linnet::core::between(1, 1e8)});
  app.options.add({.name = "-probe_grid",
                   .kind = OptionKind::integers,
                   .default_text = "4,4",
                   .help = "a list",
                   .range = linnet::core::at_least(1),
                   .least_items = 2,
                   .most_items = 3});
  app.options.add(
      {.name = "-probe_bc_*", .help = "a family", .members = {"xmin", "xmax", "ymin", "ymax"}});
  app.options.own_stem({"pc_probe_", {"levels", "coarse_*"}});
  return app;
}

PetscErrorCode print_values(const AppContext& app) {
  PetscFunctionBeginUser;
  const auto& options = app.options();
  std::string grid;
  for (const int n : options.integers("-probe_grid")) grid += " " + std::to_string(n);
  app.print("contrast %g grid%s rtol", options.real("-probe_contrast"), grid.c_str());
  PetscReal rtol = -1;
  PetscCall(PetscOptionsGetReal(nullptr, nullptr, "-ksp_rtol", &rtol, nullptr));
  app.print(" %g\n", rtol);
  for (const auto& name : options.given("-probe_bc_*"))
    app.print("%s = %s\n", name.c_str(), options.string(name).c_str());
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode use_ksp() {
  PetscFunctionBeginUser;
  KSP ksp = nullptr;
  PetscCall(KSPCreate(PETSC_COMM_WORLD, &ksp));
  PetscCall(KSPSetFromOptions(ksp));
  PetscCall(KSPDestroy(&ksp));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode walk(AppContext& app) {
  PetscFunctionBeginUser;
  constexpr int steps = 400;
  MPI_Barrier(app.comm()); // a signal that follows the first line finds all ranks ready for it
  auto progress = app.progress("step", steps);
  AppContext::defer_stops();
  for (int i = 0; i < steps; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
    progress.step(i + 1, "working");
    if (app.stop_requested()) app.stop("saved probe.h5; continue with -probe_restart probe.h5");
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

// A solve that does not ask for signals.
void work_long(const AppContext& app) {
  MPI_Barrier(app.comm()); // as above
  app.print("step none\n");
  std::this_thread::sleep_for(std::chrono::seconds(25));
}

PetscErrorCode body(AppContext& app) {
  using namespace linnet::core;
  PetscFunctionBeginUser;
  const bool chosen = app.rank() == app.options().integer("-probe_rank");
  switch (app.options().choice_as<Mode>("-probe_mode")) {
  case Mode::values: PetscCall(print_values(app)); break;
  case Mode::usage: app.options().fail("-probe_grid", "must be even");
  case Mode::data_on_one:
    if (chosen) throw_data("mask.h5: dataset 'mask' is missing");
    MPI_Barrier(app.comm()); // the others wait here for ever
    break;
  case Mode::together:
    together(app.comm(), [&] {
      if (chosen) throw_data("mask.h5: dataset 'mask' is missing");
    });
    break;
  case Mode::not_converged: throw Error(ExitCode::not_converged, "CG did not converge");
  case Mode::petsc_bug: SETERRQ(app.comm(), PETSC_ERR_PLIB, "a bug on purpose");
  case Mode::petsc_on_one:
    if (chosen) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_USER_INPUT, "wrong input on one rank");
    MPI_Barrier(app.comm());
    break;
  case Mode::checked_call: LINNET_CHECK(use_ksp()); break;
  case Mode::memory: throw std::bad_alloc();
  case Mode::ksp: PetscCall(use_ksp()); break;
  case Mode::kokkos: PetscCall(ensure_kokkos()); break;
  case Mode::steps: PetscCall(walk(app)); break;
  case Mode::steady: work_long(app); break;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

int main(int argc, char** argv) { return linnet::core::run_app(argc, argv, describe(), body); }
