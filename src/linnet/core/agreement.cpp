// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/agreement.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <new>
#include <string_view>
#include <thread>

namespace linnet::core {
namespace {

// The outcome of rank `first` on all ranks; first == size when nobody failed.
Outcome spread(MPI_Comm comm, const Outcome& mine, int first, int size) {
  if (first == size) return {};
  int sizes[2] = {mine.exit_code, static_cast<int>(mine.message.size())};
  MPI_Bcast(sizes, 2, MPI_INT, first, comm);
  Outcome all{sizes[0], mine.message};
  all.message.resize(static_cast<std::size_t>(sizes[1]));
  MPI_Bcast(all.message.data(), sizes[1], MPI_CHAR, first, comm);
  return all;
}

// Waits for the request, at most `seconds`; the pause leaves the core to the ranks that work.
bool wait_for(MPI_Request& request, double seconds) {
  const double end = MPI_Wtime() + seconds;
  for (;;) {
    int done = 0;
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done != 0) return true;
    if (MPI_Wtime() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

} // namespace

Outcome outcome_of_current_exception() {
  const int internal = static_cast<int>(ExitCode::internal);
  try {
    throw;
  } catch (const Error& error) {
    const bool has_place = std::string_view(error.what()).starts_with("internal error: ");
    if (error.code() != ExitCode::internal || has_place)
      return {static_cast<int>(error.code()), error.what()};
    return {internal, std::string("internal error: ") + error.what() + " (" +
                          error.where().file_name() + ":" + std::to_string(error.where().line()) +
                          ")"};
  } catch (const std::bad_alloc&) {
    return {internal, "out of memory; use more ranks on more nodes, or a smaller grid"};
  } catch (const std::exception& error) {
    return {internal, std::string("internal error: ") + error.what()};
  } catch (...) {
    return {internal, "internal error: an exception of unknown type"};
  }
}

Outcome agree(MPI_Comm comm, const Outcome& mine) {
  int rank = 0, size = 1, first = 0;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  const int failed = mine.exit_code != 0 ? rank : size;
  MPI_Allreduce(&failed, &first, 1, MPI_INT, MPI_MIN, comm);
  return spread(comm, mine, first, size);
}

Outcome agree_or_abort(MPI_Comm comm, const Outcome& mine, const std::string& prefix,
                       double seconds) {
  int rank = 0, size = 1, first = 0;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  const int failed = mine.exit_code != 0 ? rank : size;
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Iallreduce(&failed, &first, 1, MPI_INT, MPI_MIN, comm, &request);
  if (mine.exit_code == 0) {
    MPI_Wait(&request, MPI_STATUS_IGNORE);
  } else if (!wait_for(request, seconds + 0.1 * std::min(rank, 50))) {
    // Ranks give up one after the other, so that one line is printed when several have failed.
    std::fprintf(stderr, "%s%s (on rank %d)\n", prefix.c_str(), mine.message.c_str(), rank);
    std::fflush(stderr);
    MPI_Abort(comm, mine.exit_code);
  }
  return spread(comm, mine, first, size);
}

} // namespace linnet::core
