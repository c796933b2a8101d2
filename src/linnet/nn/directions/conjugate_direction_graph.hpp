// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The networks of the deep conjugate direction method (Kaneda et al., ICML 2023, arXiv
/// 2205.10763), layer by layer as in its authors' program.
#pragma once

#include <linnet/nn/network/graph.hpp>

namespace linnet::nn {

/// The architecture that was published for boxes of 64^3 or 128^3 cells.
enum class ConjugateDirectionNet {
  dcdm64,  ///< 97,457 parameters
  dcdm128, ///< 152,881 parameters
};

/// Unit residual (one channel) to direction (one channel) on any grid of even extents. All
/// convolutions have 3^3 taps, 16 channels, a bias and zero padding; a relu comes before the
/// addition of a skip connection; one level of average pooling.
Graph conjugate_direction_graph(ConjugateDirectionNet net);

} // namespace linnet::nn
