// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Signals that ask a run to save its state and end.
#pragma once

namespace linnet::core {

/// While it lives, SIGTERM, SIGINT and SIGUSR1 (which mpirun passes on, and batch systems can send
/// ahead of their limit) only set a flag. A second signal of the same kind kills as usual.
class StopSignals {
public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  StopSignals(StopSignals&&) = delete;
  StopSignals& operator=(StopSignals&&) = delete;

  /// The signal that came to this rank, 0 when none.
  static int received();
};

/// "SIGTERM" and the like.
const char* signal_name(int signal);

} // namespace linnet::core
