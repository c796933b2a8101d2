// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Signals that ask a run to save its state and end.
#pragma once

#include <string>

namespace linnet::core {

/// SIGTERM, SIGINT and SIGUSR1 (which mpirun passes on, and batch systems can send ahead of their
/// limit) while it lives. Until defer() the process ends at once with ExitCode::stopped: there is
/// nothing that could be saved, and files only get their names when they are complete. From then on
/// a signal only sets a flag, and a second one of the same kind kills as usual.
class StopSignals {
public:
  /// @p app heads the line that the process writes to stderr when it ends at once; empty: none.
  /// @p silent_term: not for SIGTERM, which is mpirun's way to end the other ranks once one has
  /// failed; the reason is then told already.
  StopSignals(const std::string& app, bool silent_term);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  StopSignals(StopSignals&&) = delete;
  StopSignals& operator=(StopSignals&&) = delete;

  /// The run has now states that can be saved, and asks received() between them.
  static void defer();
  /// The signal that came to this rank since defer(), 0 when none.
  static int received();
};

/// "SIGTERM" and the like.
const char* signal_name(int signal);

} // namespace linnet::core
