// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which unknowns of a matrix are coupled: the fluid of a domain with solid or held cells.
#pragma once

#include <linnet/core/owned.hpp>

#include <cstdint>

namespace linnet::linalg {

/// One value per row, 1 or 0, in Vecs with the layout of the matrix.
struct FluidRows {
  core::Owned<Vec> fluid; ///< the row has a nonzero off the diagonal
  /// A fluid row whose diagonal exceeds the sum of its other entries' absolute values by more than
  /// rounding: it has a neighbour that holds a value, or a reaction.
  core::Owned<Vec> excess;
  std::int64_t masked = 0; ///< rows of all ranks that are not fluid
};

/// Reads the rows of @p matrix. Collective. @throws core::Error (usage) on all ranks for a matrix
/// type that does not give its rows.
FluidRows read_fluid_rows(Mat matrix);

} // namespace linnet::linalg
