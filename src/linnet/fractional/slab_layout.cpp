// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/slab_layout.hpp>

#include <linnet/fractional/message_count.hpp>
#include <linnet/kernels/staging.hpp>

#include <algorithm>

namespace linnet::fractional {

SlabLayout::SlabLayout(MPI_Comm comm, long planes, long begin, long end)
    : comm_(comm), planes_(planes), begin_(begin), end_(end) {
  MPI_Comm_rank(comm_, &rank_);
  MPI_Comm_size(comm_, &ranks_);
  first_plane_.resize(static_cast<std::size_t>(ranks_) + 1, planes);
  MPI_Allgather(&begin_, 1, MPI_LONG, first_plane_.data(), 1, MPI_LONG, comm_);
}

long SlabLayout::pencils(long lines) const {
  return first_line(lines, rank_ + 1) - first_line(lines, rank_);
}

void SlabLayout::count(long lines) {
  const auto n = static_cast<std::size_t>(ranks_);
  for (auto* list : {&slab_counts_, &slab_starts_, &pencil_counts_, &pencil_starts_})
    list->assign(n, 0);
  for (std::size_t r = 0; r < n; ++r) {
    const int rank = static_cast<int>(r);
    const long their_lines = first_line(lines, rank + 1) - first_line(lines, rank);
    slab_counts_[r] = message_count(their_lines * local_planes());
    slab_starts_[r] = message_count(first_line(lines, rank) * local_planes());
    const long their_planes = first_plane_[r + 1] - first_plane_[r];
    pencil_counts_[r] = message_count(pencils(lines) * their_planes);
    pencil_starts_[r] = message_count(pencils(lines) * first_plane_[r]);
  }
}

// Pencils arrive in place: the planes of a rank are contiguous there.
void SlabLayout::to_pencils(long lines, const double* slab, double* pencils) {
  if (ranks_ == 1) {
    kernels::copy_values(slab, pencils, static_cast<std::size_t>(lines * planes_));
    return;
  }
  count(lines);
  const kernels::HostRead<double> from(slab, static_cast<std::size_t>(lines * local_planes()));
  const kernels::HostWrite<double> received(
      pencils, static_cast<std::size_t>(this->pencils(lines) * planes_));
  buffer_.resize(static_cast<std::size_t>(lines * local_planes()));
  double* to = buffer_.data();
  for (int r = 0; r < ranks_; ++r)
    for (long plane = 0; plane < local_planes(); ++plane) {
      const long line = first_line(lines, r), many = first_line(lines, r + 1) - line;
      to = std::copy_n(from.data() + plane * lines + line, many, to);
    }
  MPI_Alltoallv(buffer_.data(), slab_counts_.data(), slab_starts_.data(), MPI_DOUBLE,
                received.data(), pencil_counts_.data(), pencil_starts_.data(), MPI_DOUBLE, comm_);
  received.finish();
}

void SlabLayout::to_slabs(long lines, const double* pencils, double* slab) {
  if (ranks_ == 1) {
    kernels::copy_values(pencils, slab, static_cast<std::size_t>(lines * planes_));
    return;
  }
  count(lines);
  const kernels::HostRead<double> sent(pencils,
                                       static_cast<std::size_t>(this->pencils(lines) * planes_));
  const kernels::HostWrite<double> to(slab, static_cast<std::size_t>(lines * local_planes()));
  buffer_.resize(static_cast<std::size_t>(lines * local_planes()));
  MPI_Alltoallv(sent.data(), pencil_counts_.data(), pencil_starts_.data(), MPI_DOUBLE,
                buffer_.data(), slab_counts_.data(), slab_starts_.data(), MPI_DOUBLE, comm_);
  const double* from = buffer_.data();
  for (int r = 0; r < ranks_; ++r)
    for (long plane = 0; plane < local_planes(); ++plane) {
      const long line = first_line(lines, r), many = first_line(lines, r + 1) - line;
      std::copy_n(from, many, to.data() + plane * lines + line);
      from += many;
    }
  to.finish();
}

} // namespace linnet::fractional
