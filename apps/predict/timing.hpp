// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Wall-clock time of work that all ranks share.
#pragma once

#include <mpi.h>

namespace app {

/// Seconds of @p work, from when the last rank begins to when the last one is done. Collective.
template <class Work>
double seconds_of(MPI_Comm comm, const Work& work) {
  MPI_Barrier(comm);
  const double begin = MPI_Wtime();
  work();
  MPI_Barrier(comm);
  return MPI_Wtime() - begin;
}

} // namespace app
