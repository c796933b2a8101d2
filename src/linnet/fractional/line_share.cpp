// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/line_share.hpp>

#include <linnet/fractional/message_count.hpp>

namespace linnet::fractional {

LineShare::LineShare(MPI_Comm comm, long begin, long end, bool replicated)
    : comm_(comm), begin_(begin), end_(end), replicated_(replicated) {
  int ranks = 1;
  MPI_Comm_size(comm_, &ranks);
  counts_.resize(static_cast<std::size_t>(ranks));
  starts_.resize(counts_.size());
  const int mine = message_count(end - begin), start = message_count(begin);
  MPI_Allgather(&mine, 1, MPI_INT, counts_.data(), 1, MPI_INT, comm_);
  MPI_Allgather(&start, 1, MPI_INT, starts_.data(), 1, MPI_INT, comm_);
}

void LineShare::gather(const double* mine, double* whole) const {
  MPI_Allgatherv(mine, static_cast<int>(count()), MPI_DOUBLE, whole, counts_.data(), starts_.data(),
                 MPI_DOUBLE, comm_);
}

} // namespace linnet::fractional
