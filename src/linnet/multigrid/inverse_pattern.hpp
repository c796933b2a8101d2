// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The pattern of a factored approximate inverse that suits an operator.
#pragma once

#include <linnet/grid/index_box.hpp>
#include <linnet/kernels/stencil/adapted_inverse.hpp>

#include <mpi.h>

#include <optional>

namespace linnet::multigrid {

/// Offsets that bring G^T G nearest to the inverse of A, chosen one after the other among those
/// that reach at most @p reach layers: each step takes the one that lowers Kaporin's condition
/// number of G A G^T most, on a sample of the points (Janna, Ferronato, Gambolati, SIAM J. Sci.
/// Comput. 37, 2015, do that row by row). None where the pattern of the stencil is about as good:
/// without anisotropy, and where the strong couplings follow the grid in all directions alike.
///
/// Couplings of @p a must be valid reach + 1 layers out, @p diagonal (of A) reach. The same on any
/// number of ranks. @p box is this rank's part of a grid of @p points. Collective on @p comm.
template <class T>
std::optional<kernels::AdaptedPattern>
choose_inverse_pattern(MPI_Comm comm, const grid::IndexBox& box, const core::Index3& points,
                       int reach, const kernels::StencilOperator<T>& a,
                       const kernels::Field<double>& diagonal);

} // namespace linnet::multigrid
