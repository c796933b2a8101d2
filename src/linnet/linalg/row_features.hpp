// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the rows of a matrix tell of its coefficients: two numbers a row, the same for every
/// multiple of the matrix.
#pragma once

#include <linnet/core/owned.hpp>

#include <petscmat.h>

namespace linnet::linalg {

/// Vecs with the layout of the matrix. Rows with a diagonal of zero have zeros in both.
struct RowFeatures {
  core::Owned<Vec> diagonal; ///< natural logarithm of |a_ii| over the largest of all rows
  core::Owned<Vec> sum;      ///< sum of the row's entries over a_ii: its reaction
};

/// Collective. For a matrix of any type that has a product and a diagonal.
RowFeatures read_row_features(Mat matrix);

} // namespace linnet::linalg
