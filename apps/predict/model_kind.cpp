// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "model_kind.hpp"

#include <linnet/nn/deeponet/deeponet.hpp>

namespace app {

using namespace linnet::nn;

namespace {

std::string counted(int count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

int channels_of(const ResolvedGraph& graph, int node) {
  return graph.nodes[static_cast<std::size_t>(node)].signature.channels;
}

std::string kind_of_deeponet(const ResolvedGraph& graph) {
  const DeepONetParts parts = split_deeponet(graph, "model");
  if (const int points = table_points(parts.trunk); points > 0)
    return "is a POD-DeepONet with " + counted(parts.sensors, "sensor") + ", the " +
           counted(points, "point") + " of its grid and " + counted(parts.outputs, "output");
  return "is a DeepONet with " + counted(parts.sensors, "sensor") + ", points of " +
         counted(parts.coordinates, "coordinate") + " and " + counted(parts.outputs, "output");
}

} // namespace

int table_points(const ResolvedGraph& trunk) {
  for (const Node& node : trunk.graph.nodes)
    if (node.op == "table") return node.attributes.at("rows");
  return 0;
}

std::string kind_of(const Model& model) {
  const ResolvedGraph& graph = model.graph;
  if (is_deeponet(graph) && graph.inputs.size() == 2) return kind_of_deeponet(graph);
  if (graph.inputs.size() == 1)
    return "is a network from a field of " +
           counted(channels_of(graph, graph.inputs[0]), "channel") + " to one of " +
           std::to_string(channels_of(graph, graph.output)) + ", in " +
           counted(graph.graph.dimension, "dimension");
  return "is a network of " + counted(static_cast<int>(graph.inputs.size()), "input") + ", in " +
         counted(graph.graph.dimension, "dimension");
}

} // namespace app
