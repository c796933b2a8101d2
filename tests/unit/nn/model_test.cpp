// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Models through their file: the same parameters and graph on every rank, and a network that does
// not reproduce its sample is refused.
#include "unit/io/scratch.hpp"

#include <linnet/core/error.hpp>
#include <linnet/io/model_file.hpp>
#include <linnet/nn/conjugate_direction_graph.hpp>
#include <linnet/nn/model.hpp>
#include <linnet/nn/npsdo_graph.hpp>

#include <gtest/gtest.h>

using namespace linnet;

namespace {

nn::Model random_model() {
  nn::Model model;
  model.graph =
      nn::resolve(nn::conjugate_direction_graph(nn::ConjugateDirectionNet::dcdm64), "test");
  model.parameters = nn::parameter_buffer<float>(model.graph.parameters);
  nn::initialise(model.graph.parameters, 5, model.parameters);
  model.provenance["seed"] = "5";
  return model;
}

io::ModelFile read(const std::string& path) {
  return io::read_model(
      PETSC_COMM_WORLD, path,
      [&](const std::string& graph) {
        std::map<std::string, io::Shape> shapes;
        const nn::ResolvedGraph resolved = nn::resolve(nn::graph_from_json(graph, path));
        for (const auto& block : resolved.parameters.blocks()) shapes[block.name] = block.shape;
        return shapes;
      },
      1 << 30);
}

} // namespace

TEST(Model, FileAndBack) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  const nn::Model model = random_model();
  nn::save_model(PETSC_COMM_WORLD, path, model);
  const nn::Model back = nn::load_model(PETSC_COMM_WORLD, path);
  EXPECT_EQ(back.graph.graph, model.graph.graph);
  EXPECT_EQ(back.provenance, model.provenance);
  for (std::size_t i = 0; i < model.graph.parameters.size(); ++i)
    ASSERT_EQ(back.parameters(i), model.parameters(i)) << i;
}

TEST(Model, AnotherOutputIsRefused) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  nn::save_model(PETSC_COMM_WORLD, path, random_model());
  io::ModelFile file = read(path);
  ASSERT_TRUE(file.check);
  // What another convention (flipped kernels, say) would come to.
  for (double& v : file.check->output.values) v *= 1.001;
  io::write_model(PETSC_COMM_WORLD, path, file);
  try {
    static_cast<void>(nn::load_model(PETSC_COMM_WORLD, path));
    FAIL() << "accepted";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::data);
    EXPECT_EQ(std::string(error.what()).find(path + ": the network does not give"), 0u);
  }
}

// From three levels to four: the blocks of all stencils and factors of the finest three, and the
// one of the coarsest grid, which keeps its name.
TEST(Model, MatchingBlocks) {
  nn::Model small;
  small.graph = nn::resolve(nn::npsdo_graph(3));
  small.parameters = nn::parameter_buffer<float>(small.graph.parameters);
  nn::initialise(small.graph.parameters, 1, small.parameters);
  const nn::ParameterLayout large = nn::resolve(nn::npsdo_graph(4)).parameters;
  const auto values = nn::parameter_buffer<float>(large);
  EXPECT_EQ(nn::copy_matching_blocks(small, large, values), small.graph.parameters.blocks().size());
  for (const nn::ParameterBlock& to : large.blocks()) {
    float wanted = 0.0F;
    for (const nn::ParameterBlock& from : small.graph.parameters.blocks())
      if (from.name == to.name) wanted = small.parameters(from.offset + from.size() - 1);
    EXPECT_EQ(values(to.offset + to.size() - 1), wanted) << to.name;
  }
  EXPECT_EQ(nn::copy_matching_blocks(random_model(), large, values), 0u);
}

TEST(Model, ByteLimit) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  nn::save_model(PETSC_COMM_WORLD, path, random_model());
  EXPECT_THROW(static_cast<void>(nn::load_model(PETSC_COMM_WORLD, path, 100000)), core::Error);
}
