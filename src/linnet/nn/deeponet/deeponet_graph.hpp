// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Deep operator networks of Lu, Jin, Pang, Zhang and Karniadakis (Nature Machine Intelligence 3,
/// 218, 2021; arXiv 1910.03193): from the values u of a function at sensors, and a point y,
///
///     G(u)(y)_o = sum_k branch_{o,k}(u) trunk_k(y) + bias_o
#pragma once

#include <linnet/kernels/network/activation_kind.hpp>
#include <linnet/nn/network/graph.hpp>

#include <vector>

namespace linnet::nn {

struct DeepONetOptions {
  int sensors = 100;           ///< values of u, inputs of the branch
  int coordinates = 1;         ///< of y
  int outputs = 1;             ///< fields that share the trunk ("split branch")
  std::vector<int> branch{40}; ///< widths of its hidden layers
  /// Channels of convolutions before them, each activated, of a branch whose sensors are fields on
  /// the points of @p sensor_grid, one behind the other, x fastest.
  std::vector<int> branch_convolutions = {};
  int branch_kernel = 5, branch_stride = 2;
  bool branch_pad = false; ///< zeros around the grid, half a kernel; else windows lie within it
  core::Index3 sensor_grid{0, 0, 0};
  std::vector<int> trunk{40, 40}; ///< widths of its layers; the last one is the size of the basis
  kernels::Activation branch_activation = kernels::Activation::relu;
  kernels::Activation trunk_activation = kernels::Activation::relu;
  /// Modes of a POD in place of the trunk, and the points where they are known; then y is one
  /// number, that of a point. 0: a trunk.
  int modes = 0, points = 0;
  bool stacked = false; ///< a branch of its own for every basis function
  bool bias = true;
  bool linear_trunk = false; ///< its last layer is linear and has no bias
  int periodic = 0;          ///< so many coordinates, the first ones, have period 1
  int harmonics = 1;         ///< of these coordinates
  /// Sides of the unit box on which the result is 0, see kernels/network/point_features.hpp;
  /// without bias.
  int zero_sides = 0;
  bool homogeneous = false; ///< G(a u) = a G(u) for a > 0; without bias
};

/// The node that holds the modes of a POD.
inline constexpr const char* pod_node = "modes";

/// Inputs are the nodes "u" and "y", in this order; the output is of op inner_product. @throws
/// core::Error (usage) for options that do not go together.
Graph deeponet_graph(const DeepONetOptions& options);

} // namespace linnet::nn
