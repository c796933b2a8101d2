// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/line_share.hpp>

#include <linnet/fractional/message_count.hpp>
#include <linnet/kernels/staging.hpp>

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
  const auto own = static_cast<std::size_t>(count());
  if (counts_.size() == 1) {
    kernels::copy_values(mine, whole, own);
    return;
  }
  const kernels::HostRead<double> from(mine, own);
  const kernels::HostWrite<double> to(whole,
                                      static_cast<std::size_t>(starts_.back() + counts_.back()));
  MPI_Allgatherv(from.data(), static_cast<int>(count()), MPI_DOUBLE, to.data(), counts_.data(),
                 starts_.data(), MPI_DOUBLE, comm_);
  to.finish();
}

} // namespace linnet::fractional
