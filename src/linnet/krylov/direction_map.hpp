// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What makes a search direction of a residual: some network, however it sees the matrix.
#pragma once

#include <petscmat.h>
#include <petscviewer.h>

namespace linnet::krylov {

/// A positively homogeneous map from residuals to directions that are exactly 0 in rows without
/// couplings. All functions are collective on the matrix.
class DirectionMap {
public:
  DirectionMap() = default;
  DirectionMap(const DirectionMap&) = delete;
  DirectionMap& operator=(const DirectionMap&) = delete;
  virtual ~DirectionMap() = default;

  /// New values of the matrix: which points are fluid, and what the network sees of it.
  virtual void update(Mat matrix) = 0;
  /// @p norm is |r|; where it is not finite, so is @p d. With @p odd the network is made odd,
  /// (f(r) - f(-r)) / 2, for twice the work. Allocates nothing.
  virtual void apply(Vec r, double norm, bool odd, Vec d) = 0;
  /// A few lines: the network, the grid, what is masked.
  virtual void view(PetscViewer viewer) const = 0;
};

} // namespace linnet::krylov
