// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/rank_groups.hpp>

#include <linnet/core/error.hpp>

#include <string>

namespace linnet::nn {

RankGroups::RankGroups(MPI_Comm comm, int size) : comm_(comm), size_(size) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  if (size < 1 || ranks % size != 0)
    core::throw_usage("must divide the number of ranks, " + std::to_string(ranks) + ", got " +
                      std::to_string(size));
  count_ = ranks / size;
  number_ = rank / size;
  leads_ = rank % size == 0;
}

core::OwnedComm RankGroups::split() const {
  MPI_Comm group = MPI_COMM_NULL;
  MPI_Comm_split(comm_, number_, 0, &group);
  return core::OwnedComm(group);
}

} // namespace linnet::nn
