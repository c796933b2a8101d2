// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The vectors that span a coarse space, from where they come: functions on the grid of the matrix
/// (tabulated in a model file, or sines), or values for every row in a file.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/grid/relative_points.hpp>
#include <linnet/linalg/tabulated_basis.hpp>

#include <string>
#include <vector>

namespace linnet::coarse {

using grid::GridPoints;

/// The first @p size functions of @p basis (all if there are fewer) at the rows of @p matrix, by
/// columns. @p where names its file. Collective. @throws core::Error (data) for a basis of another
/// dimension.
core::Owned<Mat> tabulated_vectors(Mat matrix, const grid::GridMap& map, GridPoints points,
                                   const linalg::TabulatedBasis& basis, PetscInt size,
                                   const std::string& where);

/// The @p size products of sines prod_d sin(k_d pi x_d) with the lowest sum_d (k_d / n_d)^2, n_d
/// the points of the grid: the lowest eigenvectors of the Laplacian with u = 0 on the border where
/// spacings are equal. Collective. @throws core::Error (usage) for a grid that wraps.
core::Owned<Mat> sine_vectors(Mat matrix, const grid::GridMap& map, GridPoints points,
                              PetscInt size);

/// The first @p size vectors of the dataset @p file, "FILE.h5" or "FILE.h5:/dataset" (/basis/phi),
/// of shape (p, n) with n the rows of @p matrix: in the natural order of the grid @p map, or, where
/// it is null, as the matrix numbers them. Each rank reads its own values. Collective. @throws
/// core::Error (data) on all ranks, also for a file of another size or values that are not finite.
core::Owned<Mat> file_vectors(Mat matrix, const grid::GridMap* map, const std::string& file,
                              PetscInt size);

/// Sets the values of rows without couplings (held values, solid cells) to zero: no correction from
/// afar is any good there. Does nothing for matrices without sparse rows. Returns how many
/// there are on all ranks. Collective.
PetscInt mask_uncoupled_rows(Mat matrix, Mat vectors);

} // namespace linnet::coarse
