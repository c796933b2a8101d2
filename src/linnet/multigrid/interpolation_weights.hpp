// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The numbers of the network that shifts the interpolation of black-box multigrid
/// (kernels/stencil/interpolation_network.hpp).
///
/// Whatever they are, as long as they are finite, the interpolation keeps its row sums and stays
/// between 0 and 1, so that the cycle is symmetric positive definite.
#pragma once

#include <linnet/kernels/stencil/interpolation_network.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace linnet::multigrid {

struct InterpolationWeights {
  int dimension = 0;          ///< of the grids it was trained on: 2 or 3; 0: no network
  std::vector<double> values; ///< kernels::InterpolationNetwork::count of them, or none

  [[nodiscard]] bool empty() const { return values.empty(); }
  bool operator==(const InterpolationWeights&) const = default;
};

/// How the network is used.
struct LearnedInterpolation {
  InterpolationWeights weights;
  /// Every set-up compares the cycle with the one without it, and takes the better one.
  bool fallback = true;
  bool operator==(const LearnedInterpolation&) const = default;
};

/// A matrix or a vector of the network.
struct InterpolationBlock {
  std::string name; ///< its path in a model file
  std::vector<std::int64_t> shape;
  std::size_t offset = 0; ///< of its first value in InterpolationWeights::values
  [[nodiscard]] std::size_t size() const {
    std::size_t count = 1;
    for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
    return count;
  }
};

/// All of them, one behind the other.
const std::vector<InterpolationBlock>& interpolation_blocks();

} // namespace linnet::multigrid
