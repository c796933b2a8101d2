// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Training of networks that make search directions for a linear system on a grid, of operators
/// from field to field, of the weights of a multigrid cycle and of its interpolation, and of the
/// vectors of a coarse space.
#include "basis_run.hpp"
#include "cycle_run.hpp"
#include "deeponet_options.hpp"
#include "deeponet_run.hpp"
#include "field_run.hpp"
#include "field_samples.hpp"
#include "interpolation_run.hpp"
#include "options.hpp"
#include "run.hpp"

#include <linnet/core/app_runtime.hpp>
#include <linnet/core/default_option.hpp>
#include <linnet/registry/register.hpp>

namespace {

// The list of options is printed by then, and training takes long.
bool asks_for_help() {
  PetscBool help = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsHasHelp(nullptr, &help));
  return help == PETSC_TRUE;
}

// The defaults make a network of an hour's work, which a misspelt option should not start.
void require_work(const linnet::core::Options& options) {
  for (const char* name : {"-train_network", "-train_data", "-train_matrix"})
    if (options.is_set(name)) return;
  if (options.sources().deck_text().empty())
    linnet::core::throw_usage(
        "nothing says what to train: give -train_network or -train_data, or a deck, as "
        "-options_file inputs/train/dcdm_box_32.yaml");
}

} // namespace

int main(int argc, char** argv) {
  const linnet::core::AppDescription description{
      .name = "train",
      .summary = "trains a network that makes search directions for A x = b on a grid, or one that "
                 "maps the data of a PDE to its solution, and writes it to a model file",
      .examples = {"mpirun -n 2 build/apps/train -options_file inputs/train/dcdm_box_32.yaml",
                   "mpirun -n 2 build/apps/train -options_file inputs/train/darcy_rough_64.yaml",
                   "build/apps/diffusion -options_file deck.yaml -dm_mat_type aij -ksp_view_mat "
                   "binary:A.dat",
                   "mpirun -n 2 build/apps/train -train_matrix A.dat -train_grid 32,32,32"},
      .options = app::train_options(),
      .initialize = LinnetInitialize};
  return linnet::core::run_app(argc, argv, description, [](linnet::core::AppContext& context) {
    PetscFunctionBeginUser;
    if (asks_for_help()) PetscFunctionReturn(PETSC_SUCCESS);
    require_work(context.options());
    // Of its own for each run, so that two of them do not replace each other's samples.
    linnet::core::set_default_option(
        "-train_samples_file", (context.options().string("-train_output") + ".samples.h5").c_str());
    const bool no_epochs = context.options().integer64("-train_epochs") == 0;
    const std::string network = context.options().string("-train_network");
    if (network == "cycle")
      app::run_cycle_training(context);
    else if (network == "basis")
      app::run_basis_training(context);
    else if (network == "interpolation")
      app::run_interpolation_training(context);
    else if (no_epochs &&
             (app::is_field_data(context.options()) || app::is_operator_data(context.options())))
      app::run_field_samples(context);
    else if (network == "deeponet" || app::is_operator_data(context.options()))
      app::run_deeponet_training(context);
    else if (app::is_field_data(context.options()))
      app::run_field_training(context);
    else if (no_epochs)
      context.options().fail("-train_epochs", "0 makes samples of fields alone, and -train_data " +
                                                  context.options().text("-train_data") +
                                                  " makes others");
    else
      app::run_training(context);
    PetscFunctionReturn(PETSC_SUCCESS);
  });
}
