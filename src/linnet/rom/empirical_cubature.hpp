// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Reduced quadrature: few points with weights above 0 that integrate given functions as all points
/// do.
///
/// With b = J w (rom/integrands.hpp) a set S and x > 0 are sought such that |b - J_S x| <= tol |b|:
/// nonnegative least squares by Lawson and Hanson's method (Solving Least Squares Problems, 1974,
/// chapter 23), stopped early, as in the nonnegative orthogonal matching pursuit of Yaghoobi, Wu
/// and Davies (IEEE Signal Process. Lett. 22 (2015) 1229) and the empirical cubature of Hernandez,
/// Caicedo and Ferrer (Comput. Methods Appl. Mech. Engrg. 313 (2017) 687). QR factors of J_S are
/// updated (linalg/updated_qr.hpp), and a former rule may be where it starts.
///
/// A row of ones, scaled to a tenth of the length of a reference integrand, keeps the volume close;
/// the weights are scaled to the exact volume at the end, and the tolerance holds for what they
/// then are. Of points whose correlation with the residual is largest up to 1e-8 of it the one of
/// the smallest number is taken, so that the set is the same on any number of ranks. Columns stay
/// on their ranks: a look at all of them is one product J^T r on each; a step is such a product
/// with the candidates, a maximum and a sum over the ranks that brings one column to all of them.
/// The QR factors are on all ranks.
#pragma once

#include <linnet/rom/integrands.hpp>

#include <mpi.h>

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace linnet::rom {

/// What is chosen: single points, or cells with all of their points and one factor for each (energy
/// conserving sampling and weighting: Farhat, Avery, Chapman and Cortial, Int. J. Numer. Methods
/// Engrg. 98 (2014) 625). In the order of the choices of `-ecm_unit point|cell`.
enum class CubatureUnit { point, cell };

struct CubatureOptions {
  double tolerance = 1e-5; ///< `-ecm_tol`: of |b - J_S x| / |b|
  CubatureUnit unit = CubatureUnit::point;
  int points_per_cell = 1; ///< for cells: neighbours in the order of this rank's points
  /// `-ecm_candidates`: the next points (or cells) are sought among so many for each integrand,
  /// those whose columns fit the residual best, before all are looked at again; 0: among all.
  double candidates = 2.0;
  std::int64_t most_points = std::numeric_limits<std::int64_t>::max();
};

/// On all ranks alike.
struct CubatureRule {
  std::vector<std::int64_t> points; ///< numbers, ascending
  std::vector<double> weights;      ///< above 0
  double residual = 0.0;            ///< |b - J_S x| / |b|
  int iterations = 0;               ///< points or cells taken in
  int removed = 0;                  ///< and taken out again
};

/// The rule for the quadrature weights @p weights (above 0) at this rank's points with the numbers
/// @p numbers, which do not depend on the number of ranks; in cells the number of a cell is that of
/// its first point. @p start: a former rule whose points are all here. Collective. @throws
/// core::Error on all ranks: (not_converged) where the tolerance cannot be reached, with the
/// residual that was; (usage) for wrong options or sizes, (data) for values that are not finite.
CubatureRule empirical_cubature(MPI_Comm comm, const Integrands& integrands,
                                std::span<const double> weights,
                                std::span<const std::int64_t> numbers,
                                const CubatureOptions& options,
                                const CubatureRule* start = nullptr);

} // namespace linnet::rom
