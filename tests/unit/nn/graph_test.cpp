// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Graphs: their JSON, what is refused and how, and the sizes of the published networks.
#include <linnet/core/error.hpp>
#include <linnet/nn/directions/conjugate_direction_graph.hpp>
#include <linnet/nn/network/arena.hpp>
#include <linnet/nn/network/graph.hpp>

#include <gtest/gtest.h>

using namespace linnet;
using nn::Graph;
using nn::Node;

namespace {

Graph small_graph() {
  Graph graph;
  graph.dimension = 2;
  graph.padding = nn::Padding::periodic;
  graph.nodes = {{"x", "input", {}, {{"channels", 2}}},
                 {"c", "conv", {"x"}, {{"channels", 3}, {"stride", 2}}},
                 {"y", "relu", {"c"}, {}}};
  graph.output = "y";
  return graph;
}

/// The text of the error that @p change of the small graph leads to.
template <class Change>
std::string refusal(const Change& change) {
  Graph graph = small_graph();
  change(graph);
  try {
    static_cast<void>(nn::resolve(graph, "model.h5"));
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::data);
    return error.what();
  }
  return "";
}

std::string json_refusal(const std::string& text) {
  try {
    static_cast<void>(nn::graph_from_json(text, "model.h5"));
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::data);
    return error.what();
  }
  return "";
}

} // namespace

TEST(Graph, JsonAndBack) {
  EXPECT_EQ(nn::graph_from_json(nn::to_json(small_graph()), "text"), small_graph());
  const Graph dcdm = nn::conjugate_direction_graph(nn::ConjugateDirectionNet::dcdm64);
  EXPECT_EQ(nn::graph_from_json(nn::to_json(dcdm), "text"), dcdm);
}

TEST(Graph, PublishedSizes) {
  const auto size = [](nn::ConjugateDirectionNet net) {
    return nn::resolve(nn::conjugate_direction_graph(net)).parameters.count();
  };
  EXPECT_EQ(size(nn::ConjugateDirectionNet::dcdm64), 97457u);
  EXPECT_EQ(size(nn::ConjugateDirectionNet::dcdm128), 152881u);
}

TEST(Graph, SignaturesAndParameters) {
  const nn::ResolvedGraph r = nn::resolve(small_graph());
  EXPECT_EQ(r.levels, 2);
  EXPECT_EQ(r.nodes[2].signature, (nn::Signature{1, 3}));
  ASSERT_EQ(r.parameters.blocks().size(), 2u);
  EXPECT_EQ(r.parameters.blocks()[0].name, "c/weight");
  EXPECT_EQ(r.parameters.blocks()[0].shape, (std::vector<std::int64_t>{3, 2, 3, 3}));
  EXPECT_EQ(r.parameters.count(), 57u);
}

TEST(Graph, Refusals) {
  EXPECT_EQ(refusal([](Graph&) {}), "");
  EXPECT_EQ(refusal([](Graph& g) {
              g.nodes[2].op = "sigmoid";
            }).find("model.h5: node 'y' (sigmoid): no such operation; there are input, "),
            0u);
  EXPECT_EQ(refusal([](Graph& g) { g.nodes[1].in = {"y"}; }),
            "model.h5: node 'c' (conv): input 'y' is no node before it");
  EXPECT_EQ(refusal([](Graph& g) { g.nodes[1].in = {}; }),
            "model.h5: node 'c' (conv): takes 1 inputs, not 0");
  EXPECT_EQ(refusal([](Graph& g) { g.nodes[1].attributes["dilation"] = 2; }),
            "model.h5: node 'c' (conv): unknown key 'dilation'");
  EXPECT_EQ(refusal([](Graph& g) { g.nodes[1].attributes.erase("channels"); }),
            "model.h5: node 'c' (conv): needs 'channels'");
  EXPECT_EQ(refusal([](Graph& g) { g.nodes[1].attributes["kernel"] = 4; }), "");
  EXPECT_EQ(refusal([](Graph& g) {
              g.nodes[1].attributes = {{"channels", 3}, {"kernel", 4}, {"stride", 1}};
            }),
            "model.h5: node 'c' (conv): 'kernel' must be 1, 3 or 5 with stride 1");
  EXPECT_EQ(refusal([](Graph& g) { g.nodes[1].attributes["channels"] = 5000; }),
            "model.h5: node 'c' (conv): 'channels' is 5000, must be 1 to 4096");
  EXPECT_EQ(refusal([](Graph& g) { g.nodes[2].id = "c"; }),
            "model.h5: node 'c' (relu): the id is taken");
  EXPECT_EQ(refusal([](Graph& g) { g.nodes[2].id = "../y"; }).find("model.h5: node id '../y'"), 0u);
  EXPECT_EQ(refusal([](Graph& g) { g.output = "z"; }), "model.h5: the output 'z' is no node");
  EXPECT_EQ(refusal([](Graph& g) { g.dimension = 4; }), "model.h5: dimension must be 1, 2 or 3");
  EXPECT_EQ(refusal([](Graph& g) { g.nodes.clear(); }),
            "model.h5: has 0 nodes; 1 to 4096 are allowed");
  // Upsampling above the finest grid.
  EXPECT_EQ(refusal([](Graph& g) {
              g.nodes[1] = {"c", "upsample_nearest", {"x"}, {}};
            }),
            "model.h5: node 'c' (upsample_nearest): lies on grid level -1; 0 to 11 are allowed");
  EXPECT_EQ(refusal([](Graph& g) {
              g.nodes[2] = {"y", "add", {"c", "x"}, {}};
            }),
            "model.h5: node 'y' (add): its inputs differ in grid or number of channels");
}

TEST(Graph, JsonRefusals) {
  EXPECT_EQ(json_refusal("[]"), "model.h5: the graph must be an object");
  EXPECT_EQ(json_refusal(R"({"size":3})"), "model.h5: the graph has the unknown key 'size'");
  EXPECT_EQ(json_refusal(R"({"dimension":2.5})"),
            "model.h5: the graph needs an integer for 'dimension'");
  EXPECT_EQ(json_refusal(R"({"dimension":99999999999})"),
            "model.h5: the graph has a number out of range for 'dimension'");
  EXPECT_EQ(json_refusal(R"({"nodes":3})"), "model.h5: the graph needs a list for 'nodes'");
  EXPECT_EQ(json_refusal(R"({"nodes":[{"id":3}]})"), "model.h5: the graph needs a text for 'id'");
  EXPECT_NE(json_refusal("{"), "");
}

TEST(Arena, TensorsOfOneTimeNeverOverlap) {
  const std::vector<nn::Lifetime> tensors{{100, 0, 2}, {50, 1, 4}, {100, 3, 5},
                                          {30, 2, 3},  {7, 0, 9},  {64, 5, 6}};
  const nn::ArenaPlan plan = nn::plan_arena(tensors);
  for (std::size_t a = 0; a < tensors.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      const bool meet =
          tensors[a].birth <= tensors[b].death && tensors[b].birth <= tensors[a].death;
      const bool apart = plan.offsets[a] + tensors[a].size <= plan.offsets[b] ||
                         plan.offsets[b] + tensors[b].size <= plan.offsets[a];
      EXPECT_TRUE(!meet || apart) << a << " and " << b;
    }
  EXPECT_EQ(plan.least, 187u); // at step 2 or 3
  EXPECT_GE(plan.size, plan.least);
}
