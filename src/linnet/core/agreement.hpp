// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// One verdict for all ranks when some of them met an error.
#pragma once

#include <linnet/core/error.hpp>

#include <mpi.h>

#include <exception>
#include <string>

namespace linnet::core {

/// How one rank, or all of them, ended a piece of work. Exit codes above 5 are PETSc's.
struct Outcome {
  int exit_code = 0;
  std::string message; ///< one line; empty when exit_code is 0
};

/// The outcome that the exception being handled stands for. Call inside a catch block.
Outcome outcome_of_current_exception();

/// The outcome of the lowest rank that failed, on all ranks. Collective.
Outcome agree(MPI_Comm comm, const Outcome& mine);

/// agree() that does not wait for ever: a rank that failed gives the others @p seconds to come here
/// too; when they hang elsewhere it prints its line (after @p prefix) and ends all of them with
/// MPI_Abort and its exit code. A rank that did not fail waits as long as it takes.
Outcome agree_or_abort(MPI_Comm comm, const Outcome& mine, const std::string& prefix,
                       double seconds);

/// Runs @p work on every rank; when it throws on any, throws the error of the lowest such rank on
/// all of them. @p work may communicate only where every rank gets to, whatever happens on the
/// others. Collective.
template <class Work>
void together(MPI_Comm comm, Work&& work) {
  Outcome mine;
  try {
    work();
  } catch (...) {
    mine = outcome_of_current_exception();
  }
  const Outcome all = agree(comm, mine);
  if (all.exit_code != 0) throw Error(static_cast<ExitCode>(all.exit_code), all.message);
}

/// Runs @p work on rank 0 only, and agrees on its outcome. Collective.
template <class Work>
void on_first_rank(MPI_Comm comm, Work&& work) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  together(comm, [&] {
    if (rank == 0) work();
  });
}

} // namespace linnet::core
