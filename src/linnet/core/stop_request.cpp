// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/stop_request.hpp>

#include <linnet/core/error.hpp>

#include <csignal>
#include <cstddef>
#include <unistd.h>

namespace linnet::core {
namespace {

volatile std::sig_atomic_t caught = 0, deferred = 0;
constexpr int watched[] = {SIGTERM, SIGINT, SIGUSR1};
struct sigaction former[3];
std::string last_words[3]; // of each signal, made beforehand: a handler may not allocate

// Neither MPI nor stdio may be called here. mpirun ends the other ranks, which it signals in turn.
[[noreturn]] void end_at_once(int number) {
  for (int i = 0; i < 3; ++i)
    if (watched[i] == number) {
      const std::string& line = last_words[i];
      for (std::size_t done = 0; done < line.size();) {
        const ssize_t written = write(STDERR_FILENO, line.data() + done, line.size() - done);
        if (written <= 0) break;
        done += static_cast<std::size_t>(written);
      }
    }
  _exit(static_cast<int>(ExitCode::stopped));
}

void take(int number) {
  if (deferred == 0) end_at_once(number);
  caught = number;
}

} // namespace

StopSignals::StopSignals(const std::string& app, bool silent_term) {
  caught = 0;
  deferred = 0;
  for (int i = 0; i < 3; ++i) {
    const bool silent = app.empty() || (silent_term && watched[i] == SIGTERM);
    last_words[i] =
        silent ? "" : app + ": stopped by " + signal_name(watched[i]) + "; nothing was saved\n";
  }
  struct sigaction action {};
  action.sa_handler = take;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < 3; ++i) sigaction(watched[i], &action, &former[i]);
}

StopSignals::~StopSignals() {
  for (int i = 0; i < 3; ++i) sigaction(watched[i], &former[i], nullptr);
}

void StopSignals::defer() { deferred = 1; }

int StopSignals::received() { return caught; }

const char* signal_name(int signal) {
  switch (signal) {
  case SIGTERM: return "SIGTERM";
  case SIGINT: return "SIGINT";
  case SIGUSR1: return "SIGUSR1";
  default: return "a signal";
  }
}

} // namespace linnet::core
