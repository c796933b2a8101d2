// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The codes of a star operator, the same on all ranks.
#pragma once

#include <linnet/kernels/star/star_codes.hpp>

#include <mpi.h>

namespace linnet::multigrid {

/// The union of the ranks' @p keys, ascending, with 0 in front; empty if there are more than fit
/// into a byte. Collective.
std::vector<kernels::StarKey> unite_keys(MPI_Comm comm, std::vector<kernels::StarKey> keys);

} // namespace linnet::multigrid
