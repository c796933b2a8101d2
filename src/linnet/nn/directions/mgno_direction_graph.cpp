// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/directions/mgno_direction_graph.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/directions/direction_graph.hpp>

namespace linnet::nn {

Graph mgno_direction_graph(MgnoOptions options) {
  if (options.increment)
    core::throw_usage("mgno: a direction network adds nothing to its inputs; leave increment out");
  const int rows = channels_of(MatrixView::rows);
  options.in = 1 + rows;
  options.out = 1;
  Graph graph = mgno_graph(options);
  // The input of the operator becomes residual and rows behind each other.
  Node& input = graph.nodes.front();
  input = {input.id, "concat", {"residual", "rows"}, {}};
  graph.nodes.insert(graph.nodes.begin(),
                     {{"residual", "input", {}, {}},
                      {"rows", "input", {}, {{"channels", rows}, {"constant", 1}}}});
  return graph;
}

} // namespace linnet::nn
