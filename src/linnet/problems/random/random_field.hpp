// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Gaussian random fields with covariance (-Laplace + tau^2)^-alpha and natural (Neumann)
/// conditions.
///
/// On the box with sides L_d and volume V the field is the Karhunen-Loeve sum
///   g(x) = sum_{k != 0} tau^(alpha - dim/2) (pi^2 sum_d (k_d/L_d)^2 + tau^2)^(-alpha/2)
///          xi_k phi_k(x) / sqrt(V),    phi_k = prod_d c_{k_d} cos(pi k_d x_d / L_d),
/// c_0 = 1, c_k = sqrt(2), xi_k independent standard normal, over all modes 0 <= k_d < n_d that a
/// grid of n_d cells holds. xi_k depends on seed, sample and k alone: a finer grid keeps every mode
/// of the coarser one. The mean is zero. On the unit square this is the normalisation of the Darcy
/// data sets of the Fourier neural operator. The points are the centres of n_d cells, or n_d nodes
/// of which the first and the last lie on the boundary.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/core/types.hpp>

#include <cstdint>

namespace linnet::problems {

/// Where on the box the points of the grid lie.
enum class FieldPoints { cell_centers, nodes };

struct RandomFieldOptions {
  double alpha = 2.0;       ///< exponent of the covariance, positive; smoothness
  double tau = 3.0;         ///< inverse length, positive
  std::uint64_t seed = 0;   ///< of the generator
  std::uint64_t sample = 0; ///< number of the draw; draws of one seed are independent
  FieldPoints points = FieldPoints::cell_centers;
};

/// Fills @p field, a global vector of the DMDA @p cells (2-D or 3-D, dof 1, any layout), with the
/// values at the points of a box with the sides @p lengths. Collective. The same bits on
/// every number of ranks. Refuses alpha and tau that are not positive.
PetscErrorCode fill_random_field(DM cells, const core::Real3& lengths,
                                 const RandomFieldOptions& options, Vec field);

/// Root of the variance of g averaged over the box, all modes up to infinity included (independent
/// of any grid). @throws core::Error (usage) unless alpha > dim/2, where the variance is finite.
double random_field_deviation(int dim, const core::Real3& lengths,
                              const RandomFieldOptions& options);

} // namespace linnet::problems
