// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The network of the neural preconditioned steepest descent with orthogonalisation (Lan et al.,
/// "A neural-preconditioned Poisson solver for mixed Dirichlet and Neumann boundary conditions",
/// ICML 2024, arXiv 2310.00177), layer by layer as in its authors' program.
#pragma once

#include <linnet/nn/network/graph.hpp>

namespace linnet::nn {

/// A U-net of stencils on levels+1 grids, each half as fine as the one before, with 4,592
/// parameters per level and 2,214 more: 20,582 for the 4 levels and 25,174 for the 5 that were
/// published. Grids are of multiples of 2^levels points.
///
/// Inputs: "residual" (one channel) and "images" (three channels: indicators of air, of fluid and
/// of what is not solid; constant). The output (one channel) is a linear function of the residual,
/// neither symmetric nor definite. Stencils and factors are made of the images:
///
///     stencil  y(p) = sum over o of K_o(p) x(p + o),   K = a convolution of the images
///     factor   g    = the mean over the grid of a convolution of the images
///
/// All parameters start as uniform deviates in +-1/sqrt(81), where the authors start those of
/// factors with means of 27 such numbers. @throws core::Error (usage) unless 1 <= levels <= 8.
Graph npsdo_graph(int levels);

} // namespace linnet::nn
