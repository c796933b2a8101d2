// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/interpolation_weights.hpp>

namespace linnet::multigrid {

const std::vector<InterpolationBlock>& interpolation_blocks() {
  using N = kernels::InterpolationNetwork;
  static const std::vector<InterpolationBlock> blocks{
      {"first/weight", {N::width, N::features}, N::first},
      {"first/bias", {N::width}, N::first_bias},
      {"second/weight", {N::width, N::width}, N::second},
      {"second/bias", {N::width}, N::second_bias},
      {"output/weight", {N::width}, N::output}};
  return blocks;
}

} // namespace linnet::multigrid
