// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The fingerprint of a mesh.
#pragma once

#include <linnet/fem/mesh/cell_list.hpp>

#include <petscsys.h>

#include <string>

namespace linnet::fem {

/// 32 hexadecimal digits from all nodes, cells, regions and groups, however they are shared out:
/// sums of hashes of the single items, so no order of ranks enters. Collective.
std::string list_fingerprint(MPI_Comm comm, const CellList& list);

} // namespace linnet::fem
