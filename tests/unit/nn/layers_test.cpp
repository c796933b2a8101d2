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
  nn::Coarsening coarsening = nn::Coarsening::even;
  std::array<int, 2> points{28, 16}; ///< in x and y; 24 in x and 16 in z where there are three
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
  // Kernels of even extent, grids of odd extent, and both kinds of coarse grids.
  for (const int dim : {2, 3})
    for (const int kernel : {1, 2, 3, 4})
      for (const auto coarsening : {nn::Coarsening::even, nn::Coarsening::odd})
        for (const std::array<int, 2>& points : {std::array{28, 16}, std::array{27, 15}}) {
          const std::map<std::string, int> down{{"channels", 3}, {"kernel", kernel}, {"stride", 2}};
          list.push_back({"coarse conv", dim, {{"y", "conv", {"x"}, down}}, 2, coarsening, points});
          list.push_back({"coarse conv_transpose",
                          dim,
                          {{"c", "conv", {"x"}, {{"channels", 2}, {"stride", 2}}},
                           {"y", "conv_transpose", {"c"}, down}},
                          2,
                          coarsening,
                          points});
        }
  // Cropped; its input has ghosts of two kinds in turn.
  for (const int dim : {2, 3})
    for (const int kernel : {3, 4})
      list.push_back(
          {"crop",
           dim,
           {{"c", "conv", {"x"}, {{"channels", 2}, {"stride", 2}}},
            {"s",
             "conv_transpose",
             {"c"},
             {{"channels", 2}, {"kernel", kernel}, {"stride", 2}, {"crop", 1}}},
            {"t", "conv_transpose", {"c"}, {{"channels", 2}, {"kernel", kernel}, {"stride", 2}}},
            {"y", "subtract", {"s", "t"}, {}}}});
  for (const char* activation : {"relu", "tanh", "gelu", "gelu_tanh", "softplus"})
    list.push_back({activation,
                    2,
                    {{"c", "conv", {"x"}, {{"channels", 3}}},
                     {"a", activation, {"c"}, {}},
                     {"y", "conv", {"a"}, {{"channels", 1}, {"bias", 0}}}}});
  list.push_back({"dense", 2, {{"y", "dense", {"x"}, {{"units", 3}}}}});
  list.push_back({"sensor_conv",
                  2,
                  {{"c", "conv", {"x"}, {{"channels", 12}}},
                   {"s", "sensor_conv", {"c"}, {{"channels", 2}, {"nx", 3}, {"ny", 2}, {"pad", 1}}},
                   {"y", "add", {"s", "c"}, {}}}});
  list.push_back({"softmax",
                  3,
                  {{"c", "conv", {"x"}, {{"channels", 5}}},
                   {"s", "softmax", {"c"}, {}},
                   {"y", "add", {"s", "c"}, {}}}});
  list.push_back({"skip",
                  3,
                  {{"c", "conv", {"x"}, {{"channels", 2}}},
                   {"s", "add", {"c", "x"}, {}},
                   {"t", "tanh", {"s"}, {}},
                   {"y", "add", {"t", "s", "c", "t"}, {}}}});
  list.push_back({"subtract",
                  2,
                  {{"c", "conv", {"x"}, {{"channels", 2}}},
                   {"s", "subtract", {"c", "x"}, {}},
                   {"t", "tanh", {"s"}, {}},
                   {"u", "subtract", {"t", "c"}, {}},
                   {"y", "subtract", {"s", "u"}, {}}}});
  // Twice the same input, whose gradient is written there first.
  list.push_back({"subtract",
                  2,
                  {{"c", "conv", {"x"}, {{"channels", 2}}},
                   {"t", "tanh", {"c"}, {}},
                   {"s", "subtract", {"c", "c"}, {}},
                   {"y", "add", {"s", "t"}, {}}}});
  list.push_back({"pool",
                  3,
                  {{"p", "avg_pool", {"x"}, {}},
                   {"u", "upsample_nearest", {"p"}, {}},
                   {"c", "conv", {"u"}, {{"channels", 2}}},
                   {"y", "add", {"c", "u"}, {}}}});
  for (const int dim : {2, 3}) {
    list.push_back({"max_pool",
                    dim,
                    {{"c", "conv", {"x"}, {{"channels", 2}}},
                     {"p", "max_pool", {"c"}, {}},
                     {"u", "upsample_nearest", {"p"}, {}},
                     {"y", "add", {"u", "c"}, {}}}});
    list.push_back({"upsample_linear",
                    dim,
                    {{"c", "avg_pool", {"x"}, {}},
                     {"k", "conv", {"c"}, {{"channels", 2}}},
                     {"u", "upsample_linear", {"k"}, {}},
                     // k has ghosts of two kinds in turn.
                     {"s", "conv", {"k"}, {{"channels", 2}}},
                     {"v", "upsample_linear", {"k"}, {}},
                     {"w", "upsample_linear", {"s"}, {}},
                     {"y", "add", {"u", "v", "w"}, {}}}});
    list.push_back({"layer_norm",
                    dim,
                    {{"c", "conv", {"x"}, {{"channels", 5}}},
                     {"n", "layer_norm", {"c"}, {}},
                     {"y", "add", {"n", "c"}, {}}}});
    list.push_back({"field_norm",
                    dim,
                    {{"c", "conv", {"x"}, {{"channels", 5}}},
                     {"n",
                      "field_norm",
                      {"c"},
                      dim == 2 ? std::map<std::string, int>{{"nx", 28}, {"ny", 16}}
                               : std::map<std::string, int>{{"nx", 24}, {"ny", 16}, {"nz", 16}}},
                     {"y", "add", {"n", "c"}, {}}}});
    list.push_back({"stencil",
                    dim,
                    {{"i", "input", {}, {{"channels", 3}}},
                     {"k", "conv", {"i"}, {{"channels", dim == 2 ? 9 : 27}}},
                     {"d", "dense", {"x"}, {{"units", 1}}},
                     {"a", "stencil", {"d", "k"}, {}},
                     {"y", "add", {"d", "a"}, {}}}});
  }
  list.push_back({"concat",
                  2,
                  {{"c", "conv", {"x"}, {{"channels", 3}}},
                   {"s", "concat", {"c", "x", "c"}, {}},
                   {"d", "dense", {"s"}, {{"units", 2}}},
                   {"y", "concat", {"d", "c"}, {}}}});
  list.push_back({"multiply",
                  3,
                  {{"c", "conv", {"x"}, {{"channels", 2}}},
                   {"f", "dense", {"x"}, {{"units", 1}}},
                   {"p", "multiply", {"c", "x"}, {}},
                   {"q", "multiply", {"x", "f"}, {}},
                   {"r", "multiply", {"f", "f"}, {}},
                   {"s", "concat", {"p", "q"}, {}},
                   {"y", "concat", {"s", "r"}, {}}}});
  list.push_back({"global_mean",
                  2,
                  {{"c", "conv", {"x"}, {{"channels", 2}}},
                   {"m", "global_mean", {"c"}, {}},
                   {"p", "multiply", {"x", "m"}, {}},
                   {"y", "add", {"p", "m"}, {}}}});
  return list;
}

bool is_allowed(const Example& example, Padding padding) {
  const bool wraps_badly = padding == Padding::periodic && example.points[0] % 2 != 0;
  return !wraps_badly && (std::string(example.name) != "stencil" || padding != Padding::reflect);
}

Graph graph_of(const Example& example, Padding padding) {
  Graph graph;
  graph.dimension = example.dimension;
  graph.padding = padding;
  graph.coarsening = example.coarsening;
  graph.nodes.push_back({"x", "input", {}, {{"channels", example.channels}}});
  graph.nodes.insert(graph.nodes.end(), example.nodes.begin(), example.nodes.end());
  graph.output = "y";
  return graph;
}

core::Index3 points_of(const Example& example) {
  const auto [nx, ny] = example.points;
  return example.dimension == 2 ? core::Index3{nx, ny, 1} : core::Index3{nx - 4, ny, ny};
}

template <class Check>
void for_each_example(const Check& check) {
  for (const Example& example : examples())
    for (const Padding padding : {Padding::zero, Padding::reflect, Padding::periodic}) {
      if (!is_allowed(example, padding)) continue;
      SCOPED_TRACE(testing::Message()
                   << example.name << " in " << example.dimension << "-D, " << nn::name_of(padding)
                   << ", " << nn::name_of(example.coarsening) << ", " << example.points[0]
                   << " points: " << nn::to_json(graph_of(example, padding)));
      check(graph_of(example, padding), points_of(example));
    }
}

} // namespace

// Central differences of a smooth function err by e^2 and by rounding / e; 1e-7 leaves two digits.
// Differences take thousands of runs, and ranks that share a core wait in each for their turn: what
// more than two have is compared with one by the next test.
TEST(Layers, GradientsAreDerivatives) {
  int ranks = 1;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  if (ranks > 2) GTEST_SKIP();
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
  // J and J^T of a network that is affine, or bilinear in two inputs: <J x, y> = <x, J^T y>.
  for_each_example([](const Graph& graph, const core::Index3& points) {
    for (const Node& node : graph.nodes)
      for (const char* other : {"relu", "tanh", "gelu", "gelu_tanh", "softplus", "max_pool",
                                "layer_norm", "field_norm", "softmax"})
        if (node.op == other) return;
    NetworkCase<double> net(PETSC_COMM_WORLD, graph, points);
    EXPECT_LE(net.adjoint_error(), 1e-13);
  });
}
