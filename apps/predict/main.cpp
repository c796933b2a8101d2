// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Predictions of trained networks, from field to field or from functions to values at points,
/// beside what they are to predict.
#include "options.hpp"
#include "prediction.hpp"

#include <linnet/core/app_runtime.hpp>
#include <linnet/registry/register.hpp>

int main(int argc, char** argv) {
  const linnet::core::AppDescription description{
      .name = "predict",
      .summary = "applies a trained network to fields, or a DeepONet to functions, and writes and "
                 "measures what it predicts",
      .examples =
          {"mpirun -n 2 build/apps/predict -options_file inputs/predict/darcy_rough_64.yaml",
           "build/apps/predict -predict_model FILE.model.h5 -predict_input FILE.samples.h5 "
           "-predict_samples 3,17",
           "build/apps/predict -predict_model FILE.model.h5 -predict_data navier_stokes "
           "-predict_steps 10",
           "build/apps/predict -predict_model DEEPONET.model.h5 -predict_data antiderivative "
           "-predict_seed 1 -predict_samples 0:100"},
      .options = app::predict_options(),
      .initialize = LinnetInitialize};
  return linnet::core::run_app(argc, argv, description, [](linnet::core::AppContext& context) {
    PetscFunctionBeginUser;
    app::run_prediction(context);
    PetscFunctionReturn(PETSC_SUCCESS);
  });
}
