// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The matrix that directions are for.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/core/owned.hpp>

#include <petscdmda.h>

namespace app {

/// A symmetric matrix on the points of a grid.
struct GridOperator {
  linnet::core::Owned<DM> grid; ///< one unknown per point
  linnet::core::Owned<Mat> matrix;
};

/// The matrix of the options, cut over the ranks of @p comm. On one rank the numbering is natural.
/// Collective; @throws core::Error for a file that does not hold a symmetric matrix of the grid.
GridOperator make_operator(const linnet::core::AppContext& context, MPI_Comm comm);

/// Tells one matrix from another: rows, entries and Frobenius norm. Collective.
std::string fingerprint(const GridOperator& a);

} // namespace app
