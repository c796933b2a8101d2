// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Right-hand sides for the training of solvers, mixed from the Ritz vectors of a symmetric
/// positive (semi)definite matrix with more weight on the lower ones (deep conjugate direction
/// method, Kaneda et al., ICML 2023, arXiv 2205.10763: set "90_10" of the authors' program
/// datasetcreate.py).
///
/// Of m Ritz pairs (theta_j, q_j), ascending, the first Z with theta_j <= drop theta_m are left
/// out: they stand for the null space. Sample number s is
///   b = sum over j > Z of d_j q_j,   d_j = c_j / |c|,
/// c_j normal with variance 1, times low_weight for the first low_part m of the pairs that are kept
/// (the paper's m/2 + theta with theta = m/20).
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/linalg/lanczos.hpp>

#include <petscdmda.h>

#include <cstdint>
#include <vector>

namespace linnet::problems {

/// @p start = A w / |A w|, which lies in the range of @p A, with w normal of variance 1 by the
/// natural index of the cell: the same on every number of ranks, up to the rounding of A. w is 0 in
/// the cells where @p mask (NULL: none) is at least 1/2, so that rows of the unit matrix in solid
/// cells stay out of the Krylov space. Global vectors of the DMDA @p cells (dof 1), @p A on it.
/// Collective. @throws core::Error (usage) where A w is zero or not finite.
void ritz_start_vector(DM cells, Mat A, Vec mask, std::uint64_t seed, Vec start);

struct RitzSampleOptions {
  double drop = 1e-8;      ///< in [0,1): part of the largest Ritz value
  double low_part = 0.55;  ///< in [0,1]: part of all m pairs that has the larger weight
  double low_weight = 9.0; ///< positive
  std::uint64_t seed = 0;
};

/// Samples by number; each depends on (seed, number) alone, so that any rank and any order will do.
class RitzSamples {
public:
  /// Borrows @p pairs. Not collective. @throws core::Error (usage) for options out of their range
  /// and where no pair is left.
  RitzSamples(const linalg::Lanczos& pairs, const RitzSampleOptions& options);

  /// Pairs left out, Z.
  [[nodiscard]] PetscInt dropped() const { return dropped_; }
  /// The pairs from dropped() to low_end() - 1 have the larger weight.
  [[nodiscard]] PetscInt low_end() const { return low_end_; }
  /// d_j of sample @p number for all m pairs, 0 for those left out; 2-norm 1.
  [[nodiscard]] std::vector<double> coefficients(std::uint64_t number) const;

  /// b of sample @p number: 2-norm 1 as far as the basis is orthonormal, that is to rounding.
  void right_hand_side(std::uint64_t number, Vec b) const;
  /// e = sum of d_j / theta_j q_j: W^T (A e - b) = 0, the Galerkin solution of A e = b in the
  /// Krylov space, and the solution itself where that is invariant.
  void solution(std::uint64_t number, Vec e) const;

  /// The same for the @p count samples from @p first on, as products of dense matrices; @p values
  /// takes pairs.rows() numbers for each. Not collective.
  void right_hand_sides(std::uint64_t first, PetscInt count, double* values) const;
  void solutions(std::uint64_t first, PetscInt count, double* values) const;

private:
  [[nodiscard]] std::vector<double> solution_coefficients(std::uint64_t number) const;
  template <class Coefficients>
  void mix(std::uint64_t first, PetscInt count, double* values, Coefficients of) const;

  const linalg::Lanczos& pairs_;
  RitzSampleOptions options_;
  PetscInt dropped_ = 0, low_end_ = 0;
};

} // namespace linnet::problems
