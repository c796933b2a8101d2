// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "checkpoint_pace.hpp"

namespace app {

CheckpointPace::CheckpointPace(const linnet::core::AppContext& context)
    : context_(context), every_(context.options().integer64("-train_checkpoint_every")),
      pause_(context.options().real("-train_checkpoint_pause")), last_(context.seconds()) {}

bool CheckpointPace::is_due(std::int64_t round) const {
  if (every_ == 0 || round % every_ != 0) return false;
  int due = context_.seconds() - last_ >= pause_ ? 1 : 0;
  MPI_Bcast(&due, 1, MPI_INT, 0, context_.comm());
  return due != 0;
}

} // namespace app
