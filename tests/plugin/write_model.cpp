// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Writes a direction network of two grids in two dimensions: the residual, and something of what
// random weights make of it. usage: write_model FILE.h5
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/random.hpp>
#include <linnet/nn/network/model.hpp>

using namespace linnet;

namespace {

nn::Graph graph() {
  nn::Graph g;
  g.dimension = 2;
  const std::map<std::string, int> eight{{"channels", 8}};
  g.nodes = {{"residual", "input", {}, {}},
             {"fine", "conv", {"residual"}, eight},
             {"relu1", "relu", {"fine"}, {}},
             {"pooled", "avg_pool", {"relu1"}, {}},
             {"coarse", "conv", {"pooled"}, eight},
             {"relu2", "relu", {"coarse"}, {}},
             {"back", "upsample_nearest", {"relu2"}, {}},
             {"sum", "add", {"back", "relu1"}, {}},
             {"correction", "conv", {"sum"}, {{"channels", 1}}},
             {"direction", "add", {"correction", "residual"}, {}}};
  g.output = "direction";
  return g;
}

PetscErrorCode write(const char* path) {
  PetscFunctionBeginUser;
  PetscCall(core::ensure_kokkos());
  LINNET_PETSC_GUARD({
    nn::Model model;
    model.graph = nn::resolve(graph());
    model.parameters = nn::parameter_buffer<float>(model.graph.parameters);
    const auto host = Kokkos::create_mirror_view(model.parameters);
    for (const nn::ParameterBlock& block : model.graph.parameters.blocks()) {
      if (block.role == nn::ParameterRole::bias) continue;
      const double size = block.name == "correction/weight" ? 0.03 : 0.3;
      for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
        host(i) = static_cast<float>(size * (2.0 * core::RandomStream(1, 0).uniform(i) - 1.0));
    }
    Kokkos::deep_copy(model.parameters, host);
    nn::save_model(PETSC_COMM_WORLD, path, model);
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

int main(int argc, char** argv) {
  PetscCall(PetscInitialize(&argc, &argv, nullptr, nullptr));
  PetscCheck(argc == 2, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT, "usage: write_model FILE.h5");
  PetscCall(write(argv[1]));
  PetscCall(PetscFinalize());
  return 0;
}
