// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How well a network interpolates on one patch, and the derivative by its weights: what the
/// network of interpolation_weights.hpp is trained on. No solution is needed.
///
/// On the patch the two-grid cycle with exact coarse solver has the error propagator E = M K M,
/// M = I - S A with the smoother S = G^T G and K = I - P (P^T A P)^-1 P^T A. The loss is
///   log (|K M z|_A^2 / |z|_A^2)
/// for z = E^n z_0 with a random z_0, held fixed; |K M|_A^2 is the convergence factor of E. With y
/// = K M z and the coarse correction e its derivative by an entry P(i,c) is -2 (A y)(i) e(c) /
/// |y|_A^2.
#pragma once

#include <linnet/kernels/stencil/factored_inverse.hpp>
#include <linnet/multigrid/direct_solver.hpp>
#include <linnet/multigrid/interpolation_weights.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace linnet::multigrid {

/// A patch on one rank, between walls: nothing here is collective.
class InterpolationLoss {
public:
  /// Copies @p a, of a patch with at least 3 points per direction; ghosts are not needed.
  explicit InterpolationLoss(const kernels::StencilOperator<double>& a);

  /// The loss with @p weights (kernels::InterpolationNetwork::count of them, or none for black-box
  /// interpolation), z_0 drawn by @p seed, n = @p steps. Adds the derivative by the weights to @p
  /// gradient, if that is not empty.
  double evaluate(std::span<const double> weights, std::uint64_t seed, int steps,
                  std::span<double> gradient = {});

  /// P^T A P with @p weights: a patch of the next level.
  kernels::StencilOperator<double> coarse_operator(std::span<const double> weights);

private:
  using Field = kernels::Field<double>;
  /// A point between two coarse points.
  struct Edge {
    std::size_t place;                 ///< in the layout of A
    std::array<std::size_t, 2> coarse; ///< places of the two in that of e
    std::array<double, 2> coupling;    ///< to them
    double sum = 0.0;                  ///< of its weights
    std::array<double, kernels::InterpolationNetwork::features> inputs; ///< from the lower one
  };
  void set_up_smoother();
  void find_edges();
  void interpolate_with(std::span<const double> weights);
  void multiply(const Field& u, Field& au);
  void smooth(const Field& au, Field& u);
  void correct(const Field& au, Field& u);
  void add_gradient(std::span<const double> weights, double scale, std::span<double> gradient);
  std::vector<double> collect_at_edges() const;

  kernels::StencilOperator<double> a_, coarse_;
  kernels::FactoredInverse<double> g_;
  kernels::Interpolation<double> p_;
  Field zero_, z_, au_, t_, odds_, e_;
  std::vector<Edge> edges_;
  DirectSolver direct_;
};

} // namespace linnet::multigrid
