// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The solver that a network of directions is made for, with the network as it is now: the
/// residuals it comes to are those that the network must learn from.
#pragma once

#include <linnet/nn/directions/direction_geometry.hpp>
#include <linnet/nn/directions/direction_loss.hpp>
#include <linnet/nn/network/network.hpp>

#include <petscksp.h>

namespace linnet::nn {

/// Flexible conjugate gradients that keep two directions, whose iterates are those of the deep
/// conjugate direction method (Kaneda et al., arXiv 2205.10763); for directions of the loss
/// minimal_residual generalised conjugate residuals. On one rank.
class DirectionSolver {
public:
  /// @p domain must outlive the solver. What follows from the matrix alone is computed once a run.
  DirectionSolver(const ResolvedGraph& graph, Domain& domain, DirectionLossType loss);
  DirectionSolver(const DirectionSolver&) = delete;
  DirectionSolver& operator=(const DirectionSolver&) = delete;

  /// @p x after @p steps steps from zero on A x = @p b, or fewer if |b - A x| <=
  /// linalg::met_tolerance |b| by then. Where directions break the method down, x = 0.
  void run(const DirectionGeometry& geometry, const kernels::Array<float>& parameters, Vec b,
           PetscInt steps, Vec x);

  [[nodiscard]] std::size_t arena_bytes() const { return network_.arena_bytes(); }
  [[nodiscard]] std::size_t least_bytes() const { return network_.least_bytes(); }

private:
  static PetscErrorCode apply(PC pc, Vec r, Vec d);
  void direction(Vec r, Vec d);

  Network<float> network_;
  core::Owned<KSP> method_;
  const DirectionGeometry* geometry_ = nullptr; ///< of this run
  const kernels::Array<float>* parameters_ = nullptr;
  bool is_first_ = true; ///< application of this run
};

} // namespace linnet::nn
