// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Every operation in every padding: its adjoint against central differences in double precision, by
// parameters and by inputs; the result and the gradients on any number of ranks against one rank.
#include "network_case.hpp"

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;
using linnet::test::NetworkCase;
using nn::Graph;
using nn::Node;
using nn::Padding;

namespace {

struct Example {
  const char* name;
  int dimension;
  std::vector<Node> nodes; ///< behind the input "x" of @p channels
  int channels = 2;
};

/// All operations, each once at least, in graphs whose results depend on all of their parameters.
std::vector<Example> examples() {
  std::vector<Example> list;
  for (const int dim : {2, 3})
    for (const int kernel : {1, 3, 5})
      for (const int stride : {1, 2}) {
        list.push_back(
            {"conv",
             dim,
             {{"y", "conv", {"x"}, {{"channels", 3}, {"kernel", kernel}, {"stride", stride}}}}});
        list.push_back({"conv_transpose",
                        dim,
                        {{"c", "avg_pool", {"x"}, {}},
                         {"y",
                          "conv_transpose",
                          {"c"},
                          {{"channels", 3}, {"kernel", kernel}, {"stride", stride}}}}});
      }
  for (const char* activation : {"relu", "tanh", "gelu", "gelu_tanh", "softplus"})
    list.push_back({activation,
                    2,
                    {{"c", "conv", {"x"}, {{"channels", 3}}},
                     {"a", activation, {"c"}, {}},
                     {"y", "conv", {"a"}, {{"channels", 1}, {"bias", 0}}}}});
  list.push_back({"dense", 2, {{"y", "dense", {"x"}, {{"units", 3}}}}});
  list.push_back({"skip",
                  3,
                  {{"c", "conv", {"x"}, {{"channels", 2}}},
                   {"s", "add", {"c", "x"}, {}},
                   {"t", "tanh", {"s"}, {}},
                   {"y", "add", {"t", "s", "c", "t"}, {}}}});
  list.push_back({"pool",
                  3,
                  {{"p", "avg_pool", {"x"}, {}},
                   {"u", "upsample_nearest", {"p"}, {}},
                   {"c", "conv", {"u"}, {{"channels", 2}}},
                   {"y", "add", {"c", "u"}, {}}}});
  return list;
}

Graph graph_of(const Example& example, Padding padding) {
  Graph graph;
  graph.dimension = example.dimension;
  graph.padding = padding;
  graph.nodes.push_back({"x", "input", {}, {{"channels", example.channels}}});
  graph.nodes.insert(graph.nodes.end(), example.nodes.begin(), example.nodes.end());
  graph.output = "y";
  return graph;
}

core::Index3 points_of(const Example& example) {
  return example.dimension == 2 ? core::Index3{28, 16, 1} : core::Index3{24, 16, 16};
}

template <class Check>
void for_each_example(const Check& check) {
  for (const Example& example : examples())
    for (const Padding padding : {Padding::zero, Padding::reflect, Padding::periodic}) {
      SCOPED_TRACE(testing::Message() << example.name << " in " << example.dimension << "-D, "
                                      << nn::name_of(padding));
      check(graph_of(example, padding), points_of(example));
    }
}

} // namespace

// Central differences of a smooth function err by e^2 and by rounding / e; 1e-7 leaves two digits.
TEST(Layers, GradientsAreDerivatives) {
  for_each_example([](const Graph& graph, const core::Index3& points) {
    NetworkCase<double> net(PETSC_COMM_WORLD, graph, points);
    EXPECT_LE(net.parameter_gradient_error(), 1e-7);
    EXPECT_LE(net.input_gradient_error(), 1e-7);
  });
}

TEST(Layers, AnyCutGivesTheSameBits) {
  for_each_example([](const Graph& graph, const core::Index3& points) {
    NetworkCase<float> cut(PETSC_COMM_WORLD, graph, points), whole(PETSC_COMM_SELF, graph, points);
    cut.run();
    whole.run();
    EXPECT_EQ(cut.difference_of_outputs(whole), 0.0);
    EXPECT_EQ(cut.difference_of_input_gradients(whole), 0.0);
    // Sums over points in another order, of up to 16^3 terms.
    EXPECT_LE(cut.relative_difference_of_parameter_gradients(whole), 1e-5);
  });
}

TEST(Layers, FillIsExactlyTransposed) {
  // J and J^T of a network without activations: <J x, y> = <x, J^T y>.
  for_each_example([](const Graph& graph, const core::Index3& points) {
    for (const Node& node : graph.nodes)
      if (node.op != "input" && node.op != "conv" && node.op != "conv_transpose" &&
          node.op != "add" && node.op != "avg_pool" && node.op != "upsample_nearest" &&
          node.op != "dense")
        return;
    NetworkCase<double> net(PETSC_COMM_WORLD, graph, points);
    EXPECT_LE(net.adjoint_error(), 1e-13);
  });
}
