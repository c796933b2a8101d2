// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Networks of other programs as model files.
#include "conversion.hpp"
#include "options.hpp"

#include <linnet/core/app_runtime.hpp>
#include <linnet/registry/register.hpp>

int main(int argc, char** argv) {
  const linnet::core::AppDescription description{
      .name = "convert",
      .summary = "makes a model file of a network that was trained in PyTorch, JAX or Keras",
      .examples = {"build/apps/convert -convert_weights FILE.safetensors -convert_map "
                   "models/maps/deepxde.json -convert_network deeponet -convert_activation tanh",
                   "build/apps/convert -convert_weights FILE.safetensors -convert_map "
                   "models/maps/mgno.json -convert_network mgno",
                   "build/apps/convert -convert_weights FILE.safetensors -convert_map "
                   "models/maps/torch_sequential.json -convert_network GRAPH.json"},
      .options = app::convert_options(),
      .initialize = LinnetInitialize};
  return linnet::core::run_app(argc, argv, description, [](linnet::core::AppContext& context) {
    PetscFunctionBeginUser;
    app::run_conversion(context);
    PetscFunctionReturn(PETSC_SUCCESS);
  });
}
