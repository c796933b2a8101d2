// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// When a training run saves its state.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Every -train_checkpoint_every rounds (epochs, or evaluations of a cycle), but not within
/// -train_checkpoint_pause seconds of the start or of the last checkpoint: a round of a small
/// network takes less time than a checkpoint. When one is written has no part in what it holds.
class CheckpointPace {
public:
  explicit CheckpointPace(const linnet::core::AppContext& context);

  /// After @p round rounds; by the clock of the first rank, the same on all. Collective.
  [[nodiscard]] bool is_due(std::int64_t round) const;
  /// A checkpoint has been written.
  void saved() { last_ = context_.seconds(); }

private:
  const linnet::core::AppContext& context_;
  std::int64_t every_;
  double pause_, last_;
};

} // namespace app
