// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A network as a list of operations: what a model file holds as JSON, and what follows from it.
#pragma once

#include <linnet/nn/network/domain.hpp>
#include <linnet/nn/network/parameters.hpp>

#include <map>
#include <string>
#include <vector>

namespace linnet::nn {

/// One operation. Its inputs come before it in the list.
struct Node {
  std::string id;
  std::string op;                        ///< a name of operations()
  std::vector<std::string> in;           ///< ids
  std::map<std::string, int> attributes; ///< those left out have their default
  bool operator==(const Node&) const = default;
};

/// A static graph. It has no value types and no grid: the same graph runs in single and double
/// precision, and on every grid whose extents its levels divide.
struct Graph {
  int dimension = 3; ///< 1, 2 or 3: kernels reach so far
  Padding padding = Padding::zero;
  Coarsening coarsening = Coarsening::even;
  std::vector<Node> nodes;
  std::string output; ///< id of the node whose value is the result
  bool operator==(const Graph&) const = default;
};

/// {"dimension":3,"padding":"zero","coarsening":"even",
///  "nodes":[{"id":"c1","op":"conv","in":["r"],"channels":16},...],"output":"d"}
std::string to_json(const Graph& graph);
/// Reads what to_json() writes; unknown keys are errors. @p name heads the messages. The text may
/// come from anywhere: limits are checked first. @throws core::Error (data).
Graph graph_from_json(const std::string& text, const std::string& name);

/// What a node's value looks like: @p channels fields on grid @p level.
struct Signature {
  int level = 0;
  int channels = 1;
  bool operator==(const Signature&) const = default;
};

class Operation;

/// A node with everything that follows from the graph.
struct ResolvedNode {
  std::string id;
  const Operation* operation = nullptr;
  int dimension = 3;
  Padding padding = Padding::zero;
  Coarsening coarsening = Coarsening::even;
  std::vector<int> in; ///< numbers of nodes
  std::vector<Signature> in_signatures;
  std::map<std::string, int> attributes; ///< all of them
  Signature signature;
  std::vector<std::size_t> parameters; ///< offsets in the flat buffer

  [[nodiscard]] int attribute(const std::string& name) const { return attributes.at(name); }
};

/// A graph that has been checked.
struct ResolvedGraph {
  Graph graph;
  std::vector<ResolvedNode> nodes;
  ParameterLayout parameters;
  int output = 0;              ///< number of the node
  std::vector<int> inputs;     ///< numbers of the nodes of op "input"
  int levels = 1;              ///< grids that it needs
  bool needs_children = false; ///< all points of its grids must be children of coarser ones
};

/// Checks everything that does not depend on a grid. @throws core::Error (data) naming the node.
ResolvedGraph resolve(const Graph& graph, const std::string& name = "network");

/// The cut over @p ranks that @p graph works on for a grid of @p points: of exactly these points
/// or, where points are pooled or repeated, rounded up as Domain::cut() does. @throws core::Error
/// where the grid has too few.
grid::Partition working_cut(const ResolvedGraph& graph, const core::Index3& points, int ranks);

} // namespace linnet::nn
