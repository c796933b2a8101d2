// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The multigrid neural operator (He, Liu, Xu, "MgNO: efficient parameterization of linear
/// operators via multigrid", ICLR 2024, arXiv 2310.19809), as published and as in its authors'
/// program.
#pragma once

#include <linnet/nn/network/graph.hpp>

#include <array>
#include <vector>

namespace linnet::nn {

/// Where fields are normalised over all channels and points: nowhere; after each correction from a
/// coarser grid; or after each cycle.
enum class MgnoNorm { none, correction, cycle };

/// A network of layers u <- GELU(W u + B u + b), W a multigrid cycle of convolutions that is linear
/// in u unless fields are normalised in it, B a matrix over the channels and b a bias function
/// (constant over the grid):
///
///     u = S f                                      on the finest grid, from zero
///     u <- u + S (f - A u)                         smoothing, each step with its own S and A
///     f_coarse = R f,  u_coarse = Pi u             or, with restrict_residual,
///     f_coarse = R (f - A u),  u_coarse = 0
///     u <- u + P u_coarse                          then the post-smoothing steps
///
/// S, A, R, Pi are convolutions of 3 points per direction, R and Pi with stride 2, P is a
/// transposed one.
struct MgnoOptions {
  int dimension = 2;
  Padding padding = Padding::zero;
  Coarsening coarsening = Coarsening::even;
  /// Points of the finest grid: they decide between 3 and 4 points per direction in P (4 where the
  /// finer grid has an even extent), and the size of normalised fields. The network runs on other
  /// grids, too, if it normalises none.
  core::Index3 points{64, 64, 1};
  int in = 1, out = 1;
  int layers = 4;
  std::vector<int> channels{24, 24, 24, 24}; ///< of u by grid, from the finest
  /// Pre- and post-smoothing steps by grid; no post-smoothing on the coarsest.
  std::vector<std::array<int, 2>> steps{{1, 0}, {1, 0}, {1, 0}, {2, 0}};
  bool restrict_residual = false;
  bool crop =
      false; ///< P reads zeros beyond the border and where the grid wraps, as PyTorch's does
  bool bias = false;           ///< in S and A
  bool skip = true;            ///< B and b
  bool first_operator = false; ///< an A for the first step, too, which nothing depends on
  MgnoNorm norm = MgnoNorm::none;
  bool cycle_head = false; ///< the result is a cycle of u, not a matrix over its channels
  bool increment = false;  ///< the input is added to the result
};

/// Input "coefficient" of in channels, output of out channels; all on the finest grid. All
/// parameters start as PyTorch's layers do. @throws core::Error (usage) naming the option.
Graph mgno_graph(const MgnoOptions& options);

} // namespace linnet::nn
