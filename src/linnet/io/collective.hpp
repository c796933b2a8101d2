// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// One verdict for all ranks: an error on one of them is thrown on every one, so that nobody waits.
#pragma once

#include <linnet/core/error.hpp>

#include <mpi.h>

#include <exception>
#include <optional>

namespace linnet::io {

/// Throws the error of the lowest failing rank on all ranks; returns if no rank has one.
/// Collective on @p comm.
void agree(MPI_Comm comm, const std::optional<core::Error>& error);

/// Runs @p work on every rank and agrees on its outcome. @p work may contain collective calls only
/// where every rank reaches them whatever happens on the others. Collective on @p comm.
template <class Work>
void collectively(MPI_Comm comm, Work&& work) {
  std::optional<core::Error> error;
  try {
    work();
  } catch (const core::Error& caught) {
    error = caught;
  } catch (const std::exception& caught) {
    error = core::Error(core::ExitCode::internal, caught.what());
  }
  agree(comm, error);
}

/// Runs @p work on rank 0 only and agrees on its outcome. Collective on @p comm.
template <class Work>
void on_first_rank(MPI_Comm comm, Work&& work) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  collectively(comm, [&] {
    if (rank == 0) work();
  });
}

} // namespace linnet::io
