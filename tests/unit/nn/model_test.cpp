// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Models through their file: the same parameters and graph on every rank, and a network that does
// not reproduce its sample is refused.
#include "unit/io/scratch.hpp"

#include <linnet/core/error.hpp>
#include <linnet/io/model_file.hpp>
#include <linnet/nn/directions/conjugate_direction_graph.hpp>
#include <linnet/nn/directions/npsdo_graph.hpp>
#include <linnet/nn/network/model.hpp>

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

namespace {

nn::Model model_of(const nn::Graph& graph) {
  nn::Model model;
  model.graph = nn::resolve(graph);
  model.parameters = nn::parameter_buffer<float>(model.graph.parameters);
  nn::initialise(model.graph.parameters, 5, model.parameters);
  return model;
}

/// Two grids, down and up by convolutions; a field_norm on @p level of nx and ny points.
nn::Graph normed_graph(int level, int nx, int ny, nn::Coarsening coarsening) {
  nn::Graph graph;
  graph.dimension = 2;
  graph.coarsening = coarsening;
  const std::map<std::string, int> extents{{"nx", nx}, {"ny", ny}};
  graph.nodes = {{"x", "input", {}, {}},
                 {"f", "conv", {"x"}, {{"channels", 2}}},
                 {"c", "conv", {"f"}, {{"channels", 2}, {"stride", 2}}},
                 {"n", "field_norm", {level == 0 ? "f" : "c"}, extents},
                 {"k", "conv", {level == 0 ? "c" : "n"}, {{"channels", 2}}},
                 {"u", "conv_transpose", {"k"}, {{"channels", 2}, {"stride", 2}}},
                 {"y", "add", {"u", level == 0 ? "n" : "f"}, {}}};
  graph.output = "y";
  return graph;
}

std::string data_refusal(const std::string& path) {
  try {
    static_cast<void>(nn::load_model(PETSC_COMM_WORLD, path));
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::data);
    return error.what();
  }
  return "";
}

} // namespace

TEST(Model, OtherKindsOfModelsAreNamed) {
  const test::Scratch scratch;
  io::ModelFile file;
  file.parameters["a"] = {{1}, {1.0}, "weight"};
  for (const auto& [graph, option] :
       {std::pair(R"({"cycle":"obstacle","version":1})", "-pc_mgno_model"),
        std::pair(R"({"basis":"pod"})", "-pc_basis_file")}) {
    file.graph = graph;
    io::write_model(PETSC_COMM_WORLD, scratch / "other.h5", file);
    const std::string message = data_refusal(scratch / "other.h5");
    EXPECT_EQ(message.find((scratch / "other.h5") + ": holds "), 0u) << message;
    EXPECT_NE(message.find(std::string(option) + " takes; a network is needed here"),
              std::string::npos)
        << message;
  }
}

TEST(Model, SampleOnTheGridOfTheParameters) {
  struct Case {
    int level, nx, ny;
    nn::Coarsening coarsening;
    io::Shape wanted;
  };
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  for (const Case& c : {Case{0, 13, 8, nn::Coarsening::even, {1, 8, 13}},
                        Case{1, 13, 8, nn::Coarsening::even, {1, 16, 26}},
                        Case{0, 13, 8, nn::Coarsening::odd, {1, 8, 13}},
                        Case{1, 13, 8, nn::Coarsening::odd, {1, 18, 28}}}) {
    const nn::Graph graph = normed_graph(c.level, c.nx, c.ny, c.coarsening);
    nn::save_model(PETSC_COMM_WORLD, path, model_of(graph));
    EXPECT_EQ(nn::load_model(PETSC_COMM_WORLD, path).graph.graph, graph);
    io::ModelFile file = read(path);
    ASSERT_TRUE(file.check);
    EXPECT_EQ(file.check->input.shape, c.wanted);
    // A file whose sample lies on another grid.
    file.check->input = {{1, 6, 6}, std::vector<double>(36, 0.5), ""};
    io::write_model(PETSC_COMM_WORLD, path, file);
    EXPECT_NE(data_refusal(path).find("does not work on the grid of /check/input: node 'n'"),
              std::string::npos);
  }
}

TEST(Model, ParametersOfGridsThatNeverMeet) {
  const linnet::test::Scratch scratch;
  nn::Graph graph = normed_graph(0, 13, 8, nn::Coarsening::even);
  graph.nodes.push_back({"m", "field_norm", {"c"}, {{"nx", 4}, {"ny", 4}}});
  nn::save_model(PETSC_COMM_WORLD, scratch / "model.h5", model_of(graph));
  EXPECT_FALSE(read(scratch / "model.h5").check);
}

TEST(Model, NoSampleThatTakesTooMuchMemory) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  nn::Graph deep;
  deep.nodes = {{"l0", "input", {}, {}}};
  for (int l = 1; l < 12; ++l)
    deep.nodes.push_back({"l" + std::to_string(l),
                          "conv",
                          {"l" + std::to_string(l - 1)},
                          {{"channels", 1}, {"stride", 2}}});
  deep.output = "l11";
  nn::save_model(PETSC_COMM_WORLD, path, model_of(deep));
  EXPECT_FALSE(read(path).check);

  nn::Graph wide;
  wide.dimension = 2;
  wide.nodes = {{"x", "input", {}, {}}, {"y", "dense", {"x"}, {{"units", 300}}}};
  wide.output = "y";
  nn::save_model(PETSC_COMM_WORLD, path, model_of(wide));
  io::ModelFile file = read(path);
  file.check->input = {{1, 1000, 1000}, std::vector<double>(1000000, 0.5), ""};
  io::write_model(PETSC_COMM_WORLD, path, file);
  EXPECT_NE(data_refusal(path).find("needs more than 2^28 values"), std::string::npos);
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

TEST(Model, NormalisationThereAndBack) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  nn::Model model = model_of(normed_graph(0, 3, 2, nn::Coarsening::even));
  EXPECT_EQ(model.normalisation.input.kind(), nn::NormaliserKind::none);
  model.normalisation.input = {
      nn::NormaliserKind::point, 1, {3, 2, 1}, {1, 2, 3, 4, 5, 6}, {0, 1, 2, 3, 4, 5}};
  model.normalisation.output = {nn::NormaliserKind::channel, 2, {3, 2, 1}, {0.5, -1}, {2, 4}};
  nn::save_model(PETSC_COMM_WORLD, path, model);
  const nn::Normalisation back = nn::load_model(PETSC_COMM_WORLD, path).normalisation;
  for (const auto& [got, wanted] : {std::pair(back.input, model.normalisation.input),
                                    std::pair(back.output, model.normalisation.output)}) {
    EXPECT_EQ(got.kind(), wanted.kind());
    EXPECT_EQ(got.channels(), wanted.channels());
    EXPECT_EQ(got.points(), wanted.points());
    EXPECT_EQ(got.means(), wanted.means());
    EXPECT_EQ(got.deviations(), wanted.deviations());
  }
}

TEST(Model, UnsoundNormalisationIsRefused) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  nn::Model model = model_of(normed_graph(0, 3, 2, nn::Coarsening::even));
  model.normalisation.output = {nn::NormaliserKind::channel, 2, {3, 2, 1}, {0.5, -1}, {2, 4}};
  nn::save_model(PETSC_COMM_WORLD, path, model);
  const io::ModelFile sound = read(path);
  const auto refusal = [&](const auto& change) {
    io::ModelFile file = sound;
    change(file.normalisation);
    io::write_model(PETSC_COMM_WORLD, path, file);
    return data_refusal(path);
  };
  using Arrays = std::map<std::string, io::ModelArray>;
  const auto expect = [&](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  expect(refusal([](Arrays& a) {
           a["mean"] = {{1}, {0.0}, ""};
         }),
         "/norm/mean: is no normalisation of a network; remove it");
  expect(refusal([](Arrays& a) { a.erase("output/mean"); }),
         "/norm/output: must hold 'mean' and 'deviation'");
  expect(refusal([](Arrays& a) {
           a["output/mean"] = {{1}, {0.0}, ""};
         }),
         "/norm/output: means have the shape (1) and deviations the shape (2)");
  expect(refusal([](Arrays& a) { a["output/deviation"].values[0] = -1.0; }),
         "/norm/output: normaliser: means must be finite, and deviations 0 or more");
  expect(refusal([](Arrays& a) {
           for (const char* name : {"output/mean", "output/deviation"})
             a[name] = {{2, 2}, {1, 1, 1, 1}, ""};
         }),
         "alone or with all extents of a grid");
}

TEST(Model, ByteLimit) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  nn::save_model(PETSC_COMM_WORLD, path, random_model());
  EXPECT_THROW(static_cast<void>(nn::load_model(PETSC_COMM_WORLD, path, 100000)), core::Error);
}
