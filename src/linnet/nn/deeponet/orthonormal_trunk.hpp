// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The trunk of a DeepONet as an orthonormal basis, with the same values of the operator: after Lee
/// and Shin (arXiv 2309.01020), who do so by the Gram-Schmidt process.
///
/// With trunk values T at points with weights W, T' = T M with T'^T W T' = I and T = T' N. M
/// becomes part of the trunk's last layer where that is dense, and else a dense layer without bias
/// behind the trunk; N goes into the last layer of the branch, so that T c = T' (N c). M comes of
/// the eigenvectors of T^T W T, of decreasing size, and a second pass as in CholeskyQR2 (Fukaya et
/// al., ScalA 2014).
#pragma once

#include <linnet/nn/deeponet/deeponet.hpp>

#include <span>
#include <vector>

namespace linnet::nn {

/// Directions of the trunk that are smaller than this part of the largest one are left out by
/// default: what single precision cannot tell from zero.
inline constexpr double dependent_trunk = 1e-6;

struct OrthonormalTrunk {
  ResolvedGraph graph;
  kernels::Array<double> parameters;
  int functions = 0; ///< of the trunk
  int dropped = 0;   ///< directions that the trunk did not have
};

/// Of @p graph with @p parameters at @p points, the coordinates of a point behind each other, with
/// a positive weight each. Not collective. @throws core::Error (usage) for a branch whose last
/// layer is not dense, as that of a stacked one, or a trunk that is zero at all points.
OrthonormalTrunk orthonormal_trunk(const ResolvedGraph& graph,
                                   const kernels::Array<double>& parameters,
                                   std::span<const double> points, std::span<const double> weights,
                                   double drop = dependent_trunk);

/// Largest entry of T^T W T - I in the precision of @p parameters.
template <class T>
double departure_from_orthonormal(const ResolvedGraph& graph, const kernels::Array<T>& parameters,
                                  std::span<const double> points, std::span<const double> weights);

/// Weights of the trapezoidal rule for the points of a tensor-product grid, in any order: those of
/// the coordinates with numbers below @p periodic have the period 1. Their sum is the volume that
/// the grid spans; in a coordinate with a single value they are 1.
std::vector<double> trapezoidal_weights(std::span<const double> points, int dimension,
                                        int periodic = 0);

} // namespace linnet::nn
