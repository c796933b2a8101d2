// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which vectors span the coarse space, as a user chooses them, and how they are cut into blocks. A
/// new source of vectors is one more BasisType and one more case of make_vectors().
#pragma once

#include <linnet/coarse/pc_basis.hpp>
#include <linnet/grid/declared_grid.hpp>

#include <string>
#include <vector>

namespace linnet::coarse {

/// Vectors times blocks: the coarse matrix and its factors take 16 bytes times the square of that,
/// 67 MB here, on every rank, and a third of its cube in operations per set-up.
inline constexpr PetscInt most_coarse_vectors = 2048;

struct VectorChoice {
  BasisType type = BasisType::pod;
  std::string file;
  PetscInt size = PETSC_DECIDE; ///< most vectors; PETSC_DECIDE: all there are, 64 sines
  GridPoints points = GridPoints::cell_centers;
  grid::DeclaredGrid grid;
  core::Index3 blocks{1, 1, 1};
};

/// The vectors for @p A, with rows without couplings set to zero, @p masked of them: copies of
/// @p given where that is not null. @p da: the grid of A, or null. Collective. @throws core::Error
/// on all ranks, (usage) for more than most_coarse_vectors in all blocks.
core::Owned<Mat> make_vectors(Mat A, DM da, Mat given, const VectorChoice& choice,
                              PetscInt* masked);

/// The block of every row of this rank, and their number; empty for one block. Collective. @throws
/// core::Error (usage) on all ranks for more blocks than points.
std::vector<PetscInt> make_blocks(Mat A, DM da, const VectorChoice& choice, PetscInt* blocks);

/// New vectors, which the caller destroys: an orthonormal basis of the first @p count columns.
/// Collective.
std::vector<Vec> first_orthonormal(Mat vectors, PetscInt count);

} // namespace linnet::coarse
