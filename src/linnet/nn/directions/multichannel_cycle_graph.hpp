// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A multigrid cycle with more channels on coarser grids, for directions in waves: what one channel
/// cannot carry to a grid of few points per wavelength, several can, as the rays of Brandt and
/// Livshits (Electron. Trans. Numer. Anal. 6 (1997) 162) do.
#pragma once

#include <linnet/nn/network/graph.hpp>

#include <vector>

namespace linnet::nn {

/// u <- cycle(f) on each grid, from zero:
///
///     u = S f
///     u <- u + S (f - A u)                      steps - 1 times before, steps times after
///     u <- u + P cycle(R (f - A u))             between these
///
/// All are convolutions of 3 points per direction without bias, S and A with an output scaled point
/// by point by 1 plus a matrix times features of the medium, which a network of their own makes of
/// the rows of the matrix (MatrixView::rows) on every grid. So the direction is linear in the
/// residual, and not in the matrix; what follows from the matrix is computed once.
struct MultichannelCycleOptions {
  int dimension = 2;
  Padding padding = Padding::reflect;
  std::vector<int> channels{4, 8, 16, 24, 24}; ///< of u by grid, from the finest
  int steps = 2;                               ///< of smoothing, before and after
  int features = 8;                            ///< of the medium
};

/// A direction graph. Coarse points have even numbers, so that those on the border are kept.
/// @throws core::Error (usage) naming the option.
Graph multichannel_cycle_graph(const MultichannelCycleOptions& options);

} // namespace linnet::nn
