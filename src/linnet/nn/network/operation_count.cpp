// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/operation_count.hpp>

#include <linnet/nn/network/operation.hpp>

#include <algorithm>

namespace linnet::nn {

std::vector<double> forward_flops(const ResolvedGraph& graph, const core::Index3& points) {
  std::vector<double> flops(graph.nodes.size(), 0.0);
  for (std::size_t i = 0; i < flops.size(); ++i) {
    const ResolvedNode& node = graph.nodes[i];
    if (node.parameters.empty()) continue;
    // A weight meets each value of the coarser of the two grids once, in most operations.
    const int level = std::max(node.signature.level, node.in_signatures.at(0).level);
    const auto met = static_cast<double>(core::volume(
        Domain::coarse_points(points, level, graph.graph.padding, graph.graph.coarsening)));
    for (const ParameterBlock& block : graph.parameters.blocks())
      if (block.offset == node.parameters[0] && block.role == ParameterRole::weight)
        flops[i] =
            2.0 * met * node.operation->uses_per_point(node) * static_cast<double>(block.size());
  }
  return flops;
}

double training_flops(const ResolvedGraph& graph, const core::Index3& points) {
  const std::vector<double> forward = forward_flops(graph, points);
  double sum = 0.0;
  for (std::size_t i = 0; i < forward.size(); ++i) {
    if (forward[i] == 0.0) continue;
    const bool is_first = std::find(graph.inputs.begin(), graph.inputs.end(),
                                    graph.nodes[i].in[0]) != graph.inputs.end();
    sum += (is_first ? 2.0 : 3.0) * forward[i];
  }
  return sum;
}

} // namespace linnet::nn
