// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The ranks of a communicator in groups that share samples.
#pragma once

#include <linnet/core/owned.hpp>

namespace linnet::nn {

/// Groups of ranks that follow each other. Samples are dealt to groups.
class RankGroups {
public:
  /// Groups of @p size ranks of @p comm. Not collective; @throws core::Error (usage) unless they
  /// are all full.
  RankGroups(MPI_Comm comm, int size);

  [[nodiscard]] int size() const { return size_; }     ///< ranks of a group
  [[nodiscard]] int count() const { return count_; }   ///< groups
  [[nodiscard]] int number() const { return number_; } ///< of this rank's group, from 0 on
  /// This rank is the first one of its group, which speaks for it.
  [[nodiscard]] bool leads() const { return leads_; }
  /// A communicator of this rank's group. Collective on that of all ranks.
  [[nodiscard]] core::OwnedComm split() const;

private:
  MPI_Comm comm_;
  int size_, count_ = 1, number_ = 0;
  bool leads_ = true;
};

} // namespace linnet::nn
