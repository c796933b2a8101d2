// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// DeepONets of other programs: their graph from the tensors that they have.
#pragma once

#include <linnet/nn/deeponet/deeponet_graph.hpp>
#include <linnet/nn/interchange/weight_map.hpp>

#include <string>

namespace linnet::nn {

/// How n fields share one DeepONet (Lu et al., CMAME 393 (2022) 114778, section 3.1.6): the branch
/// has n times the outputs of the trunk, which all fields read; both have groups of outputs, one
/// for each field; or the trunk has n times the outputs of the branch.
enum class OutputSplit { branch, both, trunk };

/// What no file of weights says. Widths come from the tensors.
struct MappedDeepONetOptions {
  kernels::Activation branch_activation = kernels::Activation::relu;
  kernels::Activation trunk_activation = kernels::Activation::relu;
  bool linear_trunk = false; ///< its last layer has no activation; it has a bias if the file has
  OutputSplit split = OutputSplit::branch;
  int outputs = 1;  ///< fields; of OutputSplit::branch the widths say it
  int periodic = 0; ///< so many coordinates, the first ones, have period 1
  int harmonics = 1;
  /// Sides of the unit box on which the result is 0, as DeepONetOptions has them. Where both ends
  /// of a coordinate s are among them the network that was trained has the factor s (1 - s), and
  /// Linnet's 4 s (1 - s): the branch is divided by 4. The factor covers the bias, too.
  int zero_sides = 0;
  bool homogeneous = false; ///< G(a u) = a G(u) for a > 0
};

/// The graph of the DeepONet in @p file by the rules of @p map for `branch.*/weight` (or, for a
/// branch of its own for every basis function, `branch#.*/weight`), `trunk.*/weight` and
/// `result/bias`. @p file is changed to what mapped_parameters() takes for this graph: the last
/// layer of the branch gets zeros where fields read only a part of the basis, and with zero_sides
/// the bias becomes the coefficient of a basis function that is constant. Not collective. @throws
/// core::Error (data) naming tensor and remedy where they are no such DeepONet.
Graph mapped_deeponet(const MappedDeepONetOptions& options, const WeightMap& map,
                      io::Safetensors& file, const std::string& path);

} // namespace linnet::nn
