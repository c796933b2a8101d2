// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Whether a star operator seems to have constant couplings, from a sample of its points.
#pragma once

#include <linnet/grid/partition.hpp>
#include <linnet/kernels/stencil/stencil.hpp>

namespace linnet::multigrid {

struct ConstantCouplings {
  /// No sampled coupling differs from `value`, and those along two directions differ by a factor
  /// of at most two.
  bool holds = false;
  bool gaps = false;   ///< a sampled coupling inside of the grid is zero
  core::Real3 value{}; ///< along x, y, z; 0 along directions of one point
};

/// Samples @p a, which is cut like @p cut, on every fourth row of each direction: the same on any
/// number of ranks. Ghosts are not needed. Collective on @p comm, whose rank r owns box r.
ConstantCouplings sample_constant(MPI_Comm comm, const grid::Partition& cut,
                                  const kernels::StencilOperator<double>& a);

} // namespace linnet::multigrid
