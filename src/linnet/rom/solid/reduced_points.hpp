// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The points that a reduced model looks at: those of its quadrature, and those that tell the
/// modes of the plastic strain apart.
#pragma once

#include <linnet/rom/empirical_cubature.hpp>
#include <linnet/rom/solid/reduced_basis.hpp>

#include <cstdint>
#include <vector>

namespace linnet::rom {

/// On all ranks alike.
struct ReducedPoints {
  CubatureRule rule;                ///< where the next one may start
  std::vector<std::int64_t> points; ///< numbers, ascending
  std::vector<double> weights;      ///< 0 for points that only serve the reconstruction
};

/// Integrands: stress rows times strains of modes. To the points of the empirical cubature come
/// those of Q-DEIM of Phi with weight 0, and further ones of Q-DEIM of Phi without the rows there
/// are until there are twice as many points as modes of Phi, without which the misfit of the
/// reconstruction says nothing. @p start: the rule before the last append. Its points stay where
/// they fit, so that few looks at all points are needed: each reads all strains and stress rows
/// of this rank's points and costs 12 n n_rows operations a point. Collective. @throws core::Error
/// on all ranks: (not_converged) where the tolerance of the cubature cannot be reached, (data)
/// where the mesh has too few points.
ReducedPoints choose_points(const SolidBasis& basis, const SolidNumbering& numbering,
                            const CubatureOptions& options, const CubatureRule* start = nullptr);

/// All points of the mesh with their own weights: no hyper-reduction, on all ranks. For checks on
/// small meshes. Collective.
ReducedPoints all_points(const SolidBasis& basis, const SolidNumbering& numbering);

} // namespace linnet::rom
