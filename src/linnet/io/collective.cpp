// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/collective.hpp>

#include <string>

namespace linnet::io {

void agree(MPI_Comm comm, const std::optional<core::Error>& error) {
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  int first = error ? rank : size;
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm);
  if (first == size) return;

  std::string text = error ? error->what() : "";
  int header[2] = {error ? static_cast<int>(error->code()) : 0, static_cast<int>(text.size())};
  MPI_Bcast(header, 2, MPI_INT, first, comm);
  text.resize(header[1]);
  MPI_Bcast(text.data(), header[1], MPI_CHAR, first, comm);
  throw core::Error(static_cast<core::ExitCode>(header[0]), text);
}

} // namespace linnet::io
