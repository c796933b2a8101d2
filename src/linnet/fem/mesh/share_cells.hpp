// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Shares of a mesh that one rank has read.
#pragma once

#include <linnet/fem/mesh/cell_list.hpp>

#include <petscsys.h>

namespace linnet::fem {

/// Splits the whole mesh that rank 0 holds in @p list into contiguous shares of cells and nodes of
/// about equal size; names and groups go to all ranks. The other ranks pass an empty list.
/// Collective.
CellList shared_out(MPI_Comm comm, CellList list);

} // namespace linnet::fem
