// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Whole networks: the gradient of the published ones, the same bits on any cut, repeated use of one
// arena, and its size.
#include "network_case.hpp"

#include <linnet/nn/directions/conjugate_direction_graph.hpp>

#include <gtest/gtest.h>

using namespace linnet;
using linnet::test::NetworkCase;
using nn::ConjugateDirectionNet;

namespace {

/// Without kinks, which central differences would step over.
nn::Graph smooth(ConjugateDirectionNet net) {
  nn::Graph graph = nn::conjugate_direction_graph(net);
  for (nn::Node& node : graph.nodes)
    if (node.op == "relu") node.op = "tanh";
  return graph;
}

} // namespace

TEST(Network, GradientOfThePublishedNetworks) {
  for (const auto net : {ConjugateDirectionNet::dcdm64, ConjugateDirectionNet::dcdm128}) {
    NetworkCase<double> c(PETSC_COMM_WORLD, smooth(net), {8, 12, 8});
    EXPECT_LE(c.parameter_gradient_error(), 1e-7);
    EXPECT_LE(c.input_gradient_error(), 1e-7);
  }
}

TEST(Network, AnyCutGivesTheSameBits) {
  const nn::Graph graph = nn::conjugate_direction_graph(ConjugateDirectionNet::dcdm64);
  NetworkCase<float> cut(PETSC_COMM_WORLD, graph, {18, 12, 10}),
      whole(PETSC_COMM_SELF, graph, {18, 12, 10});
  cut.run();
  whole.run();
  EXPECT_EQ(cut.difference_of_outputs(whole), 0.0);
  EXPECT_EQ(cut.difference_of_input_gradients(whole), 0.0);
}

TEST(Network, RepeatsItself) {
  NetworkCase<float> c(PETSC_COMM_WORLD,
                       nn::conjugate_direction_graph(ConjugateDirectionNet::dcdm64), {8, 8, 8});
  const double first = c.value();
  c.run();
  EXPECT_EQ(c.value(), first);
}

TEST(Network, ArenaIsNearlyTheSmallestPossible) {
  const nn::ResolvedGraph graph =
      nn::resolve(nn::conjugate_direction_graph(ConjugateDirectionNet::dcdm64));
  nn::Domain domain(PETSC_COMM_SELF,
                    nn::Domain::cut({32, 32, 32}, graph.levels, nn::Padding::zero, 1), graph.levels,
                    nn::Padding::zero);
  const nn::Network<float> training(graph, domain, nn::NetworkMode::training);
  const nn::Network<float> inference(graph, domain, nn::NetworkMode::inference);
  EXPECT_LE(static_cast<double>(training.arena_bytes()),
            1.3 * static_cast<double>(training.least_bytes()));
  // Values that backward reads: the outputs of 14 relus and 6 sums, most of 16 channels; without
  // them three tensors are enough.
  EXPECT_LT(4 * inference.arena_bytes(), training.arena_bytes());
}

TEST(Network, RefusesAGridThatDoesNotFit) {
  const nn::ResolvedGraph graph =
      nn::resolve(nn::conjugate_direction_graph(ConjugateDirectionNet::dcdm64));
  const auto build = [&](const core::Index3& points, int levels, nn::Padding padding) {
    nn::Domain domain(PETSC_COMM_SELF, nn::Domain::cut(points, levels, padding, 1), levels,
                      padding);
    const nn::Network<float> network(graph, domain, nn::NetworkMode::inference);
  };
  EXPECT_NO_THROW(build({8, 8, 8}, 2, nn::Padding::zero));
  EXPECT_THROW(build({8, 8, 1}, 2, nn::Padding::zero), core::Error);
  EXPECT_THROW(build({8, 8, 8}, 1, nn::Padding::zero), core::Error);
  EXPECT_THROW(build({8, 8, 8}, 2, nn::Padding::reflect), core::Error);
}

// A kernel of one point reads no neighbour, but coarse point 0 would lie on point 1.
TEST(Network, OddPointsOfAFlatDirection) {
  for (const char* op : {"conv", "conv_transpose"}) {
    nn::Graph graph;
    graph.dimension = 2;
    const bool down = std::string(op) == "conv";
    graph.nodes = {{"x", "input", {}, {{"level", down ? 0 : 1}}},
                   {"y", op, {"x"}, {{"channels", 1}, {"kernel", 1}, {"stride", 2}}}};
    graph.output = "y";
    const auto build = [&](nn::Coarsening coarsening, const core::Index3& points) {
      graph.coarsening = coarsening;
      nn::Domain domain(PETSC_COMM_SELF,
                        nn::Domain::exact_cut(points, 2, nn::Padding::zero, coarsening, 1), 2,
                        nn::Padding::zero, coarsening);
      const nn::Network<float> network(nn::resolve(graph), domain, nn::NetworkMode::inference);
    };
    EXPECT_NO_THROW(build(nn::Coarsening::even, {9, 1, 1}));
    EXPECT_NO_THROW(build(nn::Coarsening::odd, {9, 9, 1}));
    EXPECT_THROW(build(nn::Coarsening::odd, {9, 1, 1}), core::Error);
  }
}
