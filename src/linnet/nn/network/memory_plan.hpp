// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which tensors a network keeps, from when to when, and which share their memory.
///
/// Step i is the forward pass of node i; of N nodes, step N is the loss and step 2N - i the
/// backward pass of node i.
#pragma once

#include <linnet/nn/network/graph.hpp>
#include <linnet/nn/network/layer.hpp>

#include <vector>

namespace linnet::nn {

/// What the memory of a network is laid out for.
enum class NetworkMode {
  inference, ///< forward() alone
  training,  ///< and backward() to the parameters
  adjoint,   ///< and to the inputs
};

/// Memory of one value or gradient, or of several in turn.
struct MemorySlot {
  Signature signature;
  int ghosts = 0;
  int birth = 0, death = 0;
};

struct MemoryPlan {
  std::vector<MemorySlot> slots;
  std::vector<int> values, gradients;  ///< slot of each node, or -1
  std::vector<bool> is_used;           ///< nodes that the output depends on
  std::vector<bool> is_constant;       ///< nodes whose value is kept from one forward to the next
  std::vector<std::vector<bool>> adds; ///< per node and input: others wrote the gradient before
};

/// Nodes that follow from constant inputs alone.
std::vector<bool> constant_nodes(const ResolvedGraph& graph);

MemoryPlan plan_memory(const ResolvedGraph& graph, const std::vector<LayerNeeds>& needs,
                       NetworkMode mode);

} // namespace linnet::nn
